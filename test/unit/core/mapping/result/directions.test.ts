import { describe, expect, it } from '@jest/globals';
import { writeResult } from '../../../../../src/core/mapping/result/write-result.ts';
import { compiled, findingsOf, inward, outward } from '../small-mapping.ts';

const to = (kind: string, result: string) => outward(`result:\n${result}`).replace('to: json', `to: ${kind}`);
const from = (kind: string, result: string) => inward(`result:\n${result}`).replace('from: json', `from: ${kind}`);
const wrong = (text: string) => findingsOf(text).map(({ rule, place }) => `${rule} ${place.line}:${place.column}`);
const patient = { resourceType: 'Patient', name: [{ given: ['Ada', 'Mary'] }], birthDate: '1941-05-09' };
const dossier = { resourceType: 'Bundle', entry: [{ resource: patient }] };
const GIVEN = 'Bundle.entry.resource.ofType(Patient).name.given';

describe('an inward mapping', () => {
  it('reads an HL7 v2 message as a tree of segments, fields and components', () => {
    const PID = {
      f3: [
        { c1: '123', c5: 'MR' },
        { c1: '9990000018', c5: 'NHS' },
      ],
      f5: [{ c1: 'Testwell', c2: 'Ada' }],
    };
    const mapping = compiled(
      from('hl7v2', '  nhs: "{{ PID.f3.where(c5 = \'NHS\').c1 }}"\n  name: "{{ PID.f5.c1 }}"\n'),
    );
    expect(mapping.run({ PID }, {}).result).toEqual({ nhs: '9990000018', name: 'Testwell' });
  });

  it('reads and writes the times of HL7 v2', () => {
    const body =
      '  at: "{{ OBX.f14.c1.hl7Time(\'Europe/London\') }}"\n  born: "{{ PID.f7.c1.hl7Date() }}"\n  back: "{{ \'2026-07-21T13:30:00Z\'.toHl7Time() }}"\n';
    const input = { OBX: [{ f14: [{ c1: '20260721143000' }] }], PID: [{ f7: [{ c1: '194105090000' }] }] };
    expect(compiled(from('hl7v2', body)).run(input, {}).result).toEqual({
      at: '2026-07-21T14:30:00+01:00',
      born: '1941-05-09',
      back: '20260721133000+0000',
    });
    expect(wrong(from('hl7v2', '  at: "{{ OBX.f14.c1.hl7Time(\'here\') }}"\n'))).toEqual(['mapping/argument 7:22']);
  });

  it('reads a form and a row as texts, whatever they look like', () => {
    for (const kind of ['form', 'csv']) {
      const mapping = compiled(from(kind, '  a: "{{ amount }}"\n  n: "{{ amount.toInteger() }}"\n'));
      expect(mapping.run({ amount: '007' }, {}).result).toEqual({ a: '007', n: 7 });
    }
  });

  it('reads any FHIR resource that a partner sends', () => {
    const mapping = compiled(from('fhir/message', '  a: "{{ Task.status }}"\n  b: "{{ Bundle.type }}"\n'));
    expect(mapping.run({ resourceType: 'Task', status: 'requested' }, {}).result).toEqual({ a: 'requested' });
    expect(mapping.run({ resourceType: 'Bundle', type: 'message' }, {}).result).toEqual({ b: 'message' });
  });
});

describe('a direction', () => {
  it.each([
    ['fhir/referral', 'fhir/report'],
    ['json', 'json'],
    ['form', 'xml'],
    ['csv', 'messages'],
    ['hl7v2', 'form'],
    ['fhir/message', 'json'],
  ])('from %s to %s does not exist', (source, target) => {
    const order = source === 'fhir/referral' ? '' : 'order: "{{ id }}"\n';
    const text = `mapping: small\nversion: 1\nfrom: ${source}\nto: ${target}\n${order}result: { a: 1 }\n`;
    expect(wrong(text)).toEqual(['mapping/direction 4:1']);
  });
});

describe('an HL7 v2 message', () => {
  const MSH = '  segments:\n    - name: MSH\n      f9: { c1: ORU, c2: R01 }\n      f10: "{{ %message }}"\n';
  const write = (text: string) =>
    writeResult('hl7v2', compiled(to('hl7v2', text)).run(dossier, { message: 'M-1' }).result);

  it('is written segment by segment, and no value becomes one', () => {
    const pid = `    - name: PID\n      f5:\n        c1: "{{ ${GIVEN}.first() & '|^&' }}"\n        nulls: [c2]\n`;
    const each = `    - "{% for name in ${GIVEN} %}": { name: NTE, f3: "{{ %name }}" }\n`;
    expect(write(MSH + pid + each)).toEqual([
      {
        contentType: 'application/hl7-v2',
        text: 'MSH|^~\\&|||||||ORU^R01|M-1\rPID|||||Ada\\F\\\\S\\\\T\\^""\rNTE|||Ada\rNTE|||Mary\r',
      },
    ]);
  });

  it('is refused where the template cannot give one', () => {
    const told = (text: string) => wrong(to('hl7v2', text));
    expect(told('  PID: { f3: a }\n')).toEqual(['mapping/result-shape 6:3']);
    expect(told('  segments: a\n')).toEqual(['mapping/result-shape 6:13']);
    expect(told('  segments:\n    - f1: a\n')).toEqual(['mapping/result-shape 7:7']);
    expect(told(`${MSH}      pid3: a\n`)).toEqual(['mapping/result-shape 10:7']);
    expect(told(`${MSH}      f3: { s1: a }\n`)).toEqual(['mapping/result-shape 10:13']);
    expect(told(`${MSH}      f3: { c1: [a] }\n`)).toEqual(['mapping/result-shape 10:17']);
  });

  it('requires by the names of its segments', () => {
    const pid = `    - "{% for name in ${GIVEN} %}": { name: PID, f3: { c1: "{{ %name.where($this = 'Mary') }}" } }\n`;
    const head = (path: string) => to('hl7v2', MSH + pid).replace('result:', `require: [${path}]\nresult:`);
    const run = (path: string, names: readonly string[]) => {
      const [patient] = dossier.entry.map(({ resource }) => ({ ...resource, name: [{ given: names }] }));
      const { findings } = compiled(head(path)).run({ ...dossier, entry: [{ resource: patient }] }, { message: 'M-1' });
      return findings.map(({ rule, place }) => [rule, place.expression]);
    };
    expect(run('PID.f3.c1', ['Mary'])).toEqual([]);
    expect(run('PID.f3.c1', ['Ada'])).toEqual([['mapping/required', 'PID.f3.c1']]);
    expect(wrong(head('PV1.f2'))).toEqual(['mapping/require 5:11']);
    // MSH has a field of that number: the name counts.
    expect(wrong(head('PID.f9'))).toEqual(['mapping/require 5:11']);
  });

  it('may have a document where a component is', () => {
    const obx = '    - name: OBX\n      f5: { c4: Base64, c5: { pdf: { title: "{{ %message }}" } } }\n';
    const run = compiled(to('hl7v2', MSH + obx)).run(dossier, { message: 'M-1' });
    expect(run.findings.map(({ place }) => place.expression)).toEqual(
      expect.arrayContaining(['segments.f5.c5.pdf.date']),
    );
    expect(wrong(to('hl7v2', `${MSH}      f3: { c1: { pdf: a, b: c } }\n`))).toEqual(['mapping/result-shape 10:17']);
  });

  it('is an error of the run where a message makes something that cannot be written', () => {
    const mapping = compiled(to('hl7v2', '  segments:\n    - name: "{{ Bundle.type }}"\n      f3: a\n'));
    const run = mapping.run({ ...dossier, type: 'collection' }, {});
    expect(run.findings.map(({ rule }) => rule)).not.toEqual([]);
  });
});

describe('a form', () => {
  it('is written as a browser writes it', () => {
    const mapping = compiled(
      to('form', `  name: "{{ ${GIVEN} }}"\n  all: "{{ ${GIVEN}.join(' & ') }}"\n  urgent: true\n`),
    );
    const { result, findings } = mapping.run(dossier, {});
    expect(findings).toEqual([]);
    expect(writeResult('form', result)).toEqual([
      { contentType: 'application/x-www-form-urlencoded', text: 'name=Ada&all=Ada+%26+Mary&urgent=true' },
    ]);
  });

  it('takes no list and no object', () => {
    expect(wrong(to('form', '  a: { b: 1 }\n  c: "{[ Bundle.id ]}"\n  d: [1]\n'))).toEqual([
      'mapping/result-shape 6:6',
      'mapping/result-shape 7:6',
      'mapping/result-shape 8:6',
    ]);
    const { findings } = compiled(to('form', '  a: "{{ Bundle.entry.resource }}"\n')).run(dossier, {});
    expect(findings).toMatchObject([{ rule: 'mapping/result-shape', place: { line: 6, expression: 'a' } }]);
    expect(JSON.stringify(findings)).not.toContain('Ada');
  });
});

describe('XML', () => {
  it('is one root with what is below it', () => {
    const text = to('xml', `  referral:\n    "@id": "{{ %referral }}"\n    name: "{[ ${GIVEN} ]}"\n`);
    const { result } = compiled(text).run(dossier, { referral: 'r"1' });
    expect(writeResult('xml', result)[0]?.text).toContain(
      '<referral id="r&quot;1"><name>Ada</name><name>Mary</name></referral>',
    );
  });

  it.each([
    ['two roots', '  a: 1\n  b: 2\n', 'result-shape 6:3'],
    ['a root that is no object', '  - 1\n', 'result-shape 6:3'],
    ['a name that XML does not have', '  a: { "b c": 1 }\n', 'result-shape 6:8'],
    ['a list as an attribute', '  a: { "@b": [1] }\n', 'result-shape 6:14'],
  ])('is refused for %s', (_what, result, at) => expect(wrong(to('xml', result))).toEqual([`mapping/${at}`]));

  it('refuses what it cannot carry instead of leaving it out, and does not repeat it', () => {
    const run = compiled(to('xml', '  a: { b: "{{ Bundle.id }}" }\n')).run(
      { resourceType: 'Bundle', id: 'Testwell\u0000' },
      {},
    );
    expect(run.findings).toMatchObject([{ rule: 'mapping/result-shape', severity: 'error', place: { line: 6 } }]);
    expect(JSON.stringify(run.findings)).not.toContain('Testwell');
  });
});

describe('several messages', () => {
  const messages = `  - key: client.registered\n    body: { name: "{{ ${GIVEN} }}" }\n  - key: need.added\n    body: { id: "{{ %referral }}" }\n`;

  it('are written one by one, in order', () => {
    const { result } = compiled(to('messages', messages)).run(dossier, { referral: 'r' });
    expect(writeResult('messages', result)).toEqual([
      { key: 'client.registered', contentType: 'application/json', text: '{"name":"Ada"}' },
      { key: 'need.added', contentType: 'application/json', text: '{"id":"r"}' },
    ]);
  });

  it('need a key and a body each', () => {
    expect(wrong(to('messages', '  - key: a\n  - { key: b, body: 1 }\n'))).toEqual(['mapping/result-shape 6:5']);
    expect(wrong(to('messages', '  key: a\n  body: b\n'))).toEqual(['mapping/result-shape 6:3']);
    const empty = compiled(to('messages', '  - key: a\n    body: { x: "{{ Bundle.id }}" }\n')).run(dossier, {});
    expect(empty.findings).toMatchObject([{ rule: 'mapping/result-shape' }]);
  });

  it('may come from a {% for %}', () => {
    const each = `  "{% for name in ${GIVEN} %}":\n    key: name.added\n    body: { name: "{{ %name }}" }\n`;
    expect(writeResult('messages', compiled(to('messages', each)).run(dossier, {}).result)).toHaveLength(2);
  });
});

describe('JSON and FHIR', () => {
  it('are written as JSON, each with its media type', () => {
    expect(writeResult('json', { a: 1 })).toEqual([{ contentType: 'application/json', text: '{"a":1}' }]);
    expect(writeResult('fhir/message', { a: 1 })).toEqual([{ contentType: 'application/fhir+json', text: '{"a":1}' }]);
  });
});
