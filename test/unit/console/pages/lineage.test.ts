import { describe, expect, it } from '@jest/globals';
import type { LineageRun } from '../../../../src/console/engine-desk.ts';
import { canonicalSegments, rowsOfSegments } from '../../../../src/console/pages/message/tree-rows.ts';
import { MOST_ROWS, type ShownSide, viewLineage } from '../../../../src/console/pages/message/view-lineage.ts';
import { readMessage } from '../../../../src/core/hl7v2/read.ts';
import { messageTree } from '../../../../src/core/hl7v2/tree.ts';
import { compiled, inward, outward } from '../../core/mapping/small-mapping.ts';

const OPEN = { unmasked: true, roles: ['engineer'] } as const;
const MASKED = { unmasked: false, roles: ['engineer'] } as const;

function runOf(text: string, input: unknown): LineageRun {
  const mapping = compiled(text);
  const { result, receipt, unmapped } = mapping.runWithReceipt(input, { partner: 'p', message: 'm', referral: 'r' });
  const { name, version, digest, from, to } = mapping;
  return { mapping: { name, version, digest }, from, to, input, result, receipt, unmapped: unmapped.length };
}

/** `group/label value fate -> labels` of every row. */
function rows({ groups }: ShownSide): string[] {
  return groups.flatMap(({ name, rows: own }) =>
    own.map(({ label, value, fate, links }) => {
      const to = links.map((link) => link.label).join(' ');
      return `${name}/${label} ${value.text} ${fate}${to === '' ? '' : ` -> ${to}`}`;
    }),
  );
}

describe('the two sides of a message', () => {
  it('show for each element of the input where it went, and for each of the result where it comes from and by which line', () => {
    const run = runOf(inward('result: { a: "{{ x.a }}", fixed: yes }'), { x: { a: 'A', b: 'B' } });
    const { input, result } = viewLineage(run, OPEN);
    expect(rows(input)).toEqual(['x/x.a A kept -> a', 'x/x.b B dropped']);
    expect(rows(result)).toEqual(['/a A made -> x.a', '/fixed yes invented']);
    const [first] = result.groups[0]?.rows ?? [];
    expect(first?.rules).toEqual([expect.stringMatching(/map\.yaml:\d+:\d+ {2}\{\{ x\.a \}\}$/)]);
    expect(first?.links[0]?.id).toBe(input.groups[0]?.rows[0]?.id);
  });

  it('names what stands in a FHIR tree by its resource, and links it across', () => {
    const patient = { resourceType: 'Patient', id: 'p1', name: [{ family: 'Examplar', given: ['Mary'] }] };
    const bundle = { resourceType: 'Bundle', type: 'collection', entry: [{ resource: patient }] };
    const run = runOf(outward('result: { who: "{{ Bundle.entry.resource.ofType(Patient).name.family }}" }'), bundle);
    const { input, result } = viewLineage(run, OPEN);
    expect(rows(input)).toContain('Patient (entry 1)/name[0].family Examplar renamed -> who');
    expect(rows(result)).toEqual(['/who Examplar made -> name[0].family']);
  });

  it('names fields of HL7 v2 as the standard does, each once, whichever way the mapping came to them', () => {
    const text =
      'MSH|^~\\&|A|B|C|D|20261126080000||SIU^S12|1|P|2.5.1\rPID|1||9990000018^^^NHS||EXAMPLAR^MARY\rNTE|1||one\rNTE|2||two\r';
    const { message } = readMessage(new TextEncoder().encode(text));
    if (message === undefined) throw new Error('not read');
    const tree = messageTree(message);
    const body = 'result: { family: "{{ PID.f5.c1 }}", notes: "{[ NTE.f3.c1 ]}" }';
    const run = runOf(inward(body).replace('from: json', 'from: hl7v2'), tree);
    const { input, result } = viewLineage(run, OPEN);
    const shown = rows(input);
    expect(shown).toContain('PID/PID-5.1 Patient Name EXAMPLAR renamed -> family');
    expect(shown).toContainEqual(expect.stringMatching(/^NTE \(2\)\/NTE-3\.1 .*two renamed -> notes\[1\]$/));
    expect(shown.filter((row) => row.includes('EXAMPLAR'))).toHaveLength(1);
    expect(rows(result)).toContain('/family EXAMPLAR made -> PID-5.1 Patient Name');
  });

  it('comes to one name for every place of a segment', () => {
    const tree = { segments: [{ name: 'PID', f5: [{ c1: 'X' }] }] };
    const both = { ...tree, PID: [tree.segments[0]] };
    expect(canonicalSegments(both)('/PID/0/f5/0/c1')).toBe('/segments/0/f5/0/c1');
    expect(canonicalSegments(both)('/segments/0/f5/0/c1')).toBe('/segments/0/f5/0/c1');
    expect(rowsOfSegments(both).map(({ key }) => key)).toEqual(['/segments/0/f5/0/c1']);
  });

  it('hide every value before it was asked for, and the names that only the sender knows', () => {
    const input = { known: 'Mary', 'Mary Examplar': { age: '76' } };
    const run = runOf(inward('result: { a: "{{ known }}" }'), input);
    const shown = viewLineage(run, MASKED);
    expect(JSON.stringify(shown)).not.toMatch(/Mary|76/);
    expect(rows(shown.input)).toEqual(['/known hidden, 4 characters renamed -> a']);
    expect(shown.input.unnamed).toBe(1);
  });

  it('cut off what is too long to be looked at, and say how much', () => {
    const input = Object.fromEntries(Array.from({ length: MOST_ROWS + 7 }, (_, number) => [`k${number}`, 'v']));
    const shown = viewLineage(runOf(inward('result: { a: "{{ k1 }}", last: "{{ k606 }}" }'), input), OPEN);
    expect(shown.input.cut).toBe(7);
    expect(rows(shown.input)).toHaveLength(MOST_ROWS);
    expect(shown.input.groups.every(({ isOpen }) => !isOpen)).toBe(true);
    // What is cut off cannot be linked to.
    expect(rows(shown.result)).toEqual(['/a v made -> k1', '/last v made']);
  });
});
