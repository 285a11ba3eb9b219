import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SaxesParser } from 'saxes';
import { readContent } from '../../src/core/content/read-content.ts';
import { controlIdOf, withControlId } from '../../src/core/hl7v2/control-id.ts';
import { withDocuments } from '../../src/core/hl7v2/encapsulated.ts';
import { HL7V2_TYPE } from '../../src/core/hl7v2/media-type.ts';
import { readMessage } from '../../src/core/hl7v2/read.ts';
import { withSetIds } from '../../src/core/hl7v2/set-ids.ts';
import { messageTree } from '../../src/core/hl7v2/tree.ts';
import { readReport } from '../../src/core/loop/report/read-report.ts';
import { runCases } from '../../src/core/mapping/cases.ts';
import { makesFhir } from '../../src/core/mapping/direction.ts';
import { isObject } from '../../src/core/mapping/plain-value.ts';
import { writeResult } from '../../src/core/mapping/result/write-result.ts';
import { writeXml } from '../../src/core/mapping/result/xml-tree.ts';
import { writeForLeg } from '../../src/flow/translation/write-for-leg.ts';
import { findings, model, PROJECT, type Shipped, shipped, terminology } from './shipped-library.ts';

const all = shipped.map((one) => [one.name, one] as const);
const outward = all.filter(([, { source }]) => source.from === 'fhir/referral');
const HOSTILE = /\{\{|\{%|\{\[|\$\{|"role"/;

function expected({ cases }: Shipped): unknown[] {
  return cases.flatMap((one) => (one.expect === undefined ? [] : [one.expect]));
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

describe('the shipped mappings', () => {
  it('and their terminology have nothing wrong with them', () => {
    expect(findings.filter(({ severity }) => severity !== 'information')).toEqual([]);
    expect([...new Set(shipped.map(({ name }) => name.split('/')[0]))]).toEqual([
      'bars',
      'care-navigator',
      'casework',
      'gravity',
      'hl7v2',
      'piecemeal',
      'springboard',
    ]);
  });

  it.each(all)('%s does what its cases say', (_name, { mapping, cases }) => {
    expect(runCases(mapping, cases, model).filter(({ differences }) => differences.length > 0)).toEqual([]);
  });

  it.each(all)('%s is explained in the README of its folder, which says that it imitates a shape', (name) => {
    const file = join(PROJECT, 'mappings', name.split('/')[0] ?? '', 'README.md');
    expect(existsSync(file)).toBe(true);
    const text = readFileSync(file, 'utf8');
    expect(text).toContain(`\`${name}\``);
    expect(text.replace(/\s+/g, ' ')).toMatch(/imitates .*private interface|private interface.*imitates/i);
  });

  it.each(all)('%s has a case that is full, one that is sparse, and one of a wrong shape', (_name, one) => {
    const sizes = expected(one).map((result) => JSON.stringify(result).length);
    expect(Math.max(...sizes)).toBeGreaterThan(Math.min(...sizes));
    expect(one.cases.some(({ file }) => /\.(full|assessed|got-help)\.case/.test(file))).toBe(true);
    expect(one.cases.some(({ file }) => /\.(sparse|no-time|own-number)\.case/.test(file))).toBe(true);
    const wrong = one.cases.filter(({ findings: rules }) => rules.length > 0);
    expect(wrong.length).toBeGreaterThan(0);
  });

  it.each(all)('%s shows what happens to a code that no map knows', (_name, { source, cases }) => {
    const holding = source.maps.filter(({ onNoMatch }) => onNoMatch === 'hold').map(({ map }) => map);
    const held = cases.flatMap(({ unmapped }) => unmapped.map(({ map }) => map));
    if (holding.length > 0) expect(holding.some((map) => held.includes(map))).toBe(true);
    else expect(held).toEqual([]);
  });

  it.each(all)('%s carries free text that looks like code as it is', (_name, { mapping, cases }) => {
    const hostile = cases.filter(({ input, expect: made }) =>
      [input, made].every((value) => JSON.stringify(value ?? null).includes('{{ 1+1 }}')),
    );
    expect(hostile.length).toBeGreaterThan(0);
    for (const { input, variables } of hostile) {
      // The longest first: a short one may stand in a long one.
      const sent = textsIn(input)
        .flatMap((text) => [text, ...text.split(/\r\n|\r|\n/)])
        .filter((text) => HOSTILE.test(text))
        .sort((one, other) => other.length - one.length);
      for (const text of textsIn(mapping.run(input, variables).result)) {
        const rest = sent.reduce((left, one) => left.replaceAll(one, ''), text);
        expect(rest).not.toMatch(HOSTILE);
      }
    }
  });

  it.each(all)('%s makes what can be sent', (_name, one) => {
    for (const result of expected(one)) {
      const written = writeResult(one.source.to, result);
      expect(written.length).toBeGreaterThan(0);
      for (const { contentType, text } of written) {
        if (contentType === 'application/xml') new SaxesParser().write(text).close();
        else if (contentType === HL7V2_TYPE) continue;
        else expect(JSON.parse(text)).toEqual(one.source.to === 'messages' ? expect.anything() : result);
      }
    }
  });

  it.each(outward)('%s says what it discloses, and what its receiver can be sent', (_name, { source }) => {
    expect(source.discloses).toBeDefined();
    expect(source.require.length).toBeGreaterThan(0);
    expect(makesFhir(source.to) || source.to === 'hl7v2' || source.schema !== undefined).toBe(true);
  });

  it('cover the starter list of needs: every listed need is mapped or written down as unmatched', () => {
    const file = readFileSync(join(PROJECT, 'terminology/value-set-social-prescribing-needs.json'), 'utf8');
    const set: { compose: { include: { system: string; concept?: { code: string }[] }[] } } = JSON.parse(file);
    const codes = set.compose.include.flatMap(({ system, concept = [] }) =>
      concept.map(({ code }) => ({ system, code })),
    );
    expect(codes.length).toBeGreaterThan(30);
    for (const map of ['needs-to-casework', 'needs-to-springboard', 'needs-to-care-navigator', 'needs-to-piecemeal']) {
      const unknown = codes.filter(({ system, code }) => terminology.translate(map, system, code).kind === 'unknown');
      expect({ map, unknown }).toEqual({ map, unknown: [] });
    }
  });

  it.each(all.filter(([, { source }]) => source.to === 'fhir/report'))(
    '%s makes reports that can be read',
    (_name, one) => {
      const given = { receivedAt: '2026-11-21T10:00:05.000Z', partner: 'bromley-well' };
      const reports = one.cases.filter((each) => each.expect !== undefined);
      expect(reports.length).toBeGreaterThan(3);
      for (const { expect: report, name } of reports) {
        const errors = readReport(report, given).findings.filter(({ severity }) => severity === 'error');
        expect({ name, errors }).toEqual({ name, errors: [] });
      }
    },
  );
});

describe('the shipped mappings that make HL7 v2', () => {
  const leg = '0199f000-0000-7000-8000-000000000000';
  const made = shipped.flatMap((one) =>
    one.source.to === 'hl7v2' ? expected(one).map((result, at) => [`${one.name} ${at}`, result] as const) : [],
  );

  it('have cases', () => expect(made.length).toBeGreaterThan(20));

  it.each(made)('%s: whoever reads it reads what was meant, segment by segment', (_name, result) => {
    const [written] = writeForLeg({ to: 'hl7v2' }, result, {
      leg,
      makePdf: (letter) => asBytes(JSON.stringify(letter)),
    });
    const { message, findings: flaws } = readMessage(asBytes(written?.text ?? ''), undefined);
    expect(flaws).toEqual([]);
    const read = message === undefined ? [] : textsBySegment(messageTree(message));
    const numbered = withSetIds(withControlId(result, controlIdOf(leg, 'L')));
    const meant = textsBySegment(withDocuments(numbered, (letter) => asBytes(JSON.stringify(letter))));
    expect(read).toEqual(meant);
  });
});

function asBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Each segment as `name`, then `f5[1].c2=text` for each text in it: whether a field is a list or one, a text or components. */
function textsBySegment(tree: unknown): string[][] {
  const segments = isObject(tree) && Array.isArray(tree['segments']) ? tree['segments'] : [];
  return segments.filter(isObject).map((segment) => {
    const fields = Object.entries(segment).filter(
      ([key]) => /^f\d+$/.test(key) && !(segment['name'] === 'MSH' && ['f1', 'f2'].includes(key)),
    );
    const texts = fields.flatMap(([key, value]) =>
      (Array.isArray(value) ? value : [value]).flatMap((one: unknown, at) =>
        Object.entries(isObject(one) ? one : { c1: one }).map(
          ([part, text]) => `${key}[${at}].${part}=${String(text).replaceAll('\r\n', '\n')}`,
        ),
      ),
    );
    return [String(segment['name']), ...texts.filter((text) => !text.endsWith('=')).sort()];
  });
}

describe('the shipped mappings that read XML', () => {
  const cases = shipped.flatMap(({ name, source, cases: own }) =>
    source.from === 'xml' ? own.map((one) => [`${name}: ${one.name}`, one.input] as const) : [],
  );

  it('have cases', () => expect(cases.length).toBeGreaterThan(3));

  it.each(cases)('%s: the input is what the document of it is read as', (_name, input) => {
    const body = new TextEncoder().encode(writeXml(input));
    expect(readContent(body, 'application/xml', 'xml')).toEqual({ value: input, findings: [] });
  });
});
