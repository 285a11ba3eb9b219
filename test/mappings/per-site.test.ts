import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readMessage } from '../../src/core/hl7v2/read.ts';
import { messageTree } from '../../src/core/hl7v2/tree.ts';
import { compileMapping } from '../../src/core/mapping/compile.ts';
import { parseMapping } from '../../src/core/mapping/parse.ts';
import { type Dossier, ofType } from '../../src/core/referral.ts';
import { model, PROJECT, shippedMapping, terminology } from './shipped-library.ts';

const page = readFileSync(join(PROJECT, 'mappings/hl7v2/README.md'), 'utf8');
const [, example = ''] = /```yaml\n(mapping: elm-tree\/ref-i12[\s\S]*?)```/.exec(page) ?? [];
/** Every variable of the table, and the expression that stands beside its meaning. */
const rows = [...page.matchAll(/^\| `(\w+)`(?:, `(\w+)`)? \|.*$/gm)];
const recipes = rows.flatMap(([row = '', name = '']) => {
  const [, expression] = /(?:`|: )`(RF1[^`]*|iif[^`]*)` \|$/.exec(row) ?? /(RF1\.[^`]*|iif\([^`]*)`/.exec(row) ?? [];
  return expression === undefined ? [] : [[name, expression] as const];
});

function beside(path: string) {
  try {
    return { file: `mappings/${path}`, text: readFileSync(join(PROJECT, 'mappings', path), 'utf8') };
  } catch {
    return undefined;
  }
}

function compiled(text: string) {
  const { source, findings } = parseMapping(text, 'mappings/elm-tree/ref-i12.map.yaml', beside);
  if (source === undefined) throw new Error(JSON.stringify(findings));
  return compileMapping(source, { terminology, elements: model });
}

function dossierOf(text: string, message: string): Dossier {
  const { mapping, findings } = compiled(text);
  const read = readMessage(Buffer.from(message.split('\n').join('\r')), 'UNICODE UTF-8').message;
  if (mapping === undefined || read === undefined) throw new Error(JSON.stringify(findings));
  const tree = messageTree(read);
  const { result } = mapping.run(tree, { partner: 'elm-tree', receivedAt: '2026-07-21T12:30:00.000Z', message: 'm' });
  const entry = Object(result).entry;
  return { resourceType: 'Bundle', type: 'collection', entry };
}

const MESSAGE = `MSH|^~\\&|A|B|C|D|20260721132959||REF^I12|M-1|P|2.4
RF1|P|U^Urgent^99SITE|||||20260721130000|20260901|||EXT-5
PID|1||9990000018^^^NHS^NH||Testwell^Ada
`;

describe('what differs per site (mappings/hl7v2/README.md)', () => {
  it('the example is a mapping, and reads what it says', () => {
    const made = dossierOf(example, MESSAGE);
    const [request] = ofType(made, 'ServiceRequest');
    expect(request?.identifier?.[0]?.value).toBe('EXT-5');
    expect(request?.occurrencePeriod).toEqual({ end: '2026-09-01' });
    expect(ofType(made, 'Task')[0]?.restriction).toBeUndefined();
  });

  it('the table names variables of the shipped mapping', () => {
    const known = shippedMapping('hl7v2/ref-i12').source.variables.map(({ name }) => name);
    const named = rows.flatMap(([, one, other]) => [one ?? '', ...(other === undefined ? [] : [other])]);
    expect(named.length).toBeGreaterThan(6);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it.each(recipes)('%s: %s can be written', (name, expression) => {
    const text = `mapping: elm-tree/ref-i12\nversion: 1\nbase: hl7v2/ref-i12\nlet:\n  ${name}: "{{ ${expression} }}"\n`;
    const errors = compiled(text).findings.filter(({ severity }) => severity === 'error');
    expect(errors).toEqual([]);
    if (name === 'urgency') expect(ofType(dossierOf(text, MESSAGE), 'ServiceRequest')[0]?.priority).toBe('stat');
    if (name === 'expires') {
      expect(ofType(dossierOf(text, MESSAGE), 'Task')[0]?.restriction?.period?.end).toBe('2026-09-01');
    }
  });
});
