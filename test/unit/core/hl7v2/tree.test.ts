import { describe, expect, it } from '@jest/globals';
import { readMessage } from '../../../../src/core/hl7v2/read.ts';
import { messageTree } from '../../../../src/core/hl7v2/tree.ts';
import { treeFlaws, writeTree } from '../../../../src/core/hl7v2/write-tree.ts';
import { EXAMPLES } from './example-messages.ts';

function treeOf(text: string) {
  const { message } = readMessage(new TextEncoder().encode(text));
  if (message === undefined) throw new Error('not read');
  return messageTree(message);
}

const example = (kind: string, ...more: readonly string[]) => treeOf([EXAMPLES[kind] ?? '', ...more].join('\r'));

/** Names of segments with the names in their groups: `OBR(ORC NTE OBX(NTE) OBX)`. */
function outline(nodes: unknown): string {
  if (!Array.isArray(nodes)) return '';
  return nodes
    .map((node: { name: string; group?: Record<string, unknown> }) => {
      const inner = Object.values(node.group ?? {})
        .map(outline)
        .join(' ');
      return inner === '' ? node.name : `${node.name}(${inner})`;
    })
    .join(' ');
}

describe('the tree of a message', () => {
  it('has segments by name and in order, fields, repetitions, components and sub-components', () => {
    const tree = treeOf('MSH|^~\\&|A|B\rPID|1||x^^^NHS&y&ISO~z||a\\T\\b^|""|^""||01\rZU1|k\rPID|2');
    expect(tree).toEqual({
      segments: [tree['MSH']?.[0], tree['PID']?.[0], tree['ZU1']?.[0], tree['PID']?.[1]],
      MSH: [{ name: 'MSH', f1: [{ c1: '|' }], f2: [{ c1: '^~\\&' }], f3: [{ c1: 'A' }], f4: [{ c1: 'B' }] }],
      PID: [
        {
          name: 'PID',
          f1: [{ c1: '1' }],
          f3: [{ c1: 'x', c4: 'NHS', c4s2: 'y', c4s3: 'ISO' }, { c1: 'z' }],
          f5: [{ c1: 'a&b' }],
          f6: [{ nulls: ['c1'] }],
          f7: [{ nulls: ['c2'] }],
          f9: [{ c1: '01' }],
          group: { ZU1: [{ name: 'ZU1', f1: [{ c1: 'k' }] }] },
        },
        { name: 'PID', f1: [{ c1: '2' }] },
      ],
      ZU1: [{ name: 'ZU1', f1: [{ c1: 'k' }] }],
    });
  });

  it('keeps the place of an empty repetition between others', () => {
    expect(treeOf('MSH|^~\\&|\rPID|||~b~').PID?.[0]).toEqual({ name: 'PID', f3: [{}, { c1: 'b' }, {}] });
  });

  it('groups the observations, notes and order of each request', () => {
    const tree = example('ORU', 'OBR|2', 'OBX|1|ST|Q||x', 'NTE|1', 'NTE|2', 'ZBX|1', 'SPM|1');
    expect(outline(tree['OBR'])).toBe('OBR(ORC NTE OBX(NTE) OBX) OBR(OBX(NTE NTE ZBX) SPM)');
    expect(outline(tree['OBX'])).toBe('OBX(NTE) OBX OBX(NTE NTE ZBX)');
    expect(tree['OBR']?.[0]).toMatchObject({ group: { OBX: [{ f5: [{ c1: '7.0' }] }, { f5: [{ nulls: ['c1'] }] }] } });
  });

  it('groups what belongs to a patient, a provider and an appointment', () => {
    expect(outline(example('REF', 'PV1|1', 'NTE|1')['PID'])).toBe('PID(NK1 OBR(OBX(NTE)) PV1)');
    expect(outline(treeOf('MSH|^~\\&|\rPRD|RP\rCTD|PR\rPRD|RT\rPID|1')['PRD'])).toBe('PRD(CTD) PRD');
    expect(outline(example('SIU', 'AIP|1', 'RGS|2', 'AIL|1')['RGS'])).toBe('RGS(AIS(NTE) AIP) RGS(AIL)');
    expect(outline(treeOf('MSH|^~\\&|\rPID|1\rMRG|a\rPID|2\rMRG|b')['PID'])).toBe('PID(MRG) PID(MRG)');
  });

  it('gives the document its own observations, whatever was ordered before it', () => {
    expect(outline(treeOf('MSH|^~\\&|\rPID|1\rOBR|1\rTXA|1\rOBX|1\rNTE|1')['TXA'])).toBe('TXA(OBX(NTE))');
  });
});

describe('writing a tree', () => {
  const MSH = { name: 'MSH', f9: { c1: 'ORU', c2: 'R01', c3: 'ORU_R01' }, f10: 'M-1' };
  const written = (...segments: readonly unknown[]) => writeTree({ segments: [MSH, ...segments] });

  it('takes texts, components and repetitions, and leaves out what is not there', () => {
    expect(
      written({ name: 'PID', f3: [{ c1: '9990000018', c4: 'NHS', c4s3: 'ISO' }, { c2: 'x' }], f5: 'O\'Neil & "Sons"' }),
    ).toBe('MSH|^~\\&|||||||ORU^R01^ORU_R01|M-1\rPID|||9990000018^^^NHS&&ISO~^x||O\'Neil \\T\\ "Sons"\r');
  });

  it('writes "" only where it is asked for', () => {
    expect(written({ name: 'PID', f5: { nulls: ['c1'] }, f6: '""', f7: { c1: 'a', nulls: ['c2', 'c3s2'] } })).toContain(
      '\rPID|||||""|\\X2222\\|a^""^&""\r',
    );
  });

  it('uses the delimiters of MSH', () => {
    const tree = {
      segments: [
        { name: 'MSH', f1: '#', f2: '*!@%+' },
        { name: 'NTE', f3: 'a#b*c!d@e%f+g|h' },
      ],
    };
    expect(treeFlaws(tree)).toEqual([]);
    expect(writeTree(tree)).toBe('MSH#*!@%+\rNTE###a@F@b@S@c@R@d@E@e@T@f@P@g|h\r');
  });

  it.each([
    [undefined, ''],
    [{ segments: [] }, ''],
    [{ segments: [MSH], PID: [{}] }, 'PID'],
    [{ segments: [{ name: 'PID' }] }, 'segments'],
    [{ segments: [MSH, MSH] }, 'segments'],
    [{ segments: [{ ...MSH, f2: '^^' }] }, 'segments'],
    [{ segments: [{ ...MSH, f2: '^~' }] }, 'segments'],
    [{ segments: [MSH, 'PID'] }, 'segments'],
    [{ segments: [MSH, { name: 'PID\rMSH' }] }, 'segments.name'],
    [{ segments: [MSH, { name: 'PID', f0: 'x' }] }, 'segments.f0'],
    [{ segments: [MSH, { name: 'PID', f201: 'x' }] }, 'segments.f201'],
    [{ segments: [MSH, { name: 'PID', group: {} }] }, 'segments.group'],
    [{ segments: [MSH, { name: 'PID', f3: { s1: 'x' } }] }, 'segments.f3.s1'],
    [{ segments: [MSH, { name: 'PID', f3: { c1: { s1: 'x' } } }] }, 'segments.f3.c1'],
    [{ segments: [MSH, { name: 'PID', f3: { nulls: ['x'] } }] }, 'segments.f3.nulls'],
  ])('refuses %j', (tree, path) => {
    expect(treeFlaws(tree).map((flaw) => flaw.path)).toEqual([path]);
  });
});
