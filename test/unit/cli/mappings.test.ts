import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runHearback } from './run-hearback.ts';

const project = join(import.meta.dirname, '../../..');
let directory = '';

const MAP = `mapping: a/report
version: 1
from: json
to: fhir/report
order: "{{ id }}"
result:
  resourceType: Bundle
  type: collection
  entry:
    - resource: { resourceType: Basic, code: { text: "{{ t }}" } }
`;
const CASE =
  'name: It is made.\ninput: { id: r, t: x }\nexpect: { resourceType: Bundle, type: collection, entry: [{ resource: { resourceType: Basic, code: { text: x } } }] }\n';

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
}

async function mappings(...args: readonly string[]) {
  const where = args[0] === 'new' ? [] : ['--terminology', join(directory, 'terminology')];
  const { printed, exitCode } = await runHearback([
    'mappings',
    ...args,
    '--mappings',
    join(directory, 'mappings'),
    ...where,
  ]);
  const lines = printed.trimEnd().split('\n');
  return { printed, exitCode, lines, last: lines.at(-1) ?? '' };
}

function directoriesOfProject(): string[] {
  return ['--mappings', join(project, 'mappings'), '--terminology', join(project, 'terminology')];
}

/** What a process prints until a text is among it. */
async function printedBy(stream: Readable, text: string): Promise<string> {
  let printed = '';
  return await new Promise((resolve) => {
    const hear = (chunk: Buffer): void => {
      printed += chunk.toString();
      if (!printed.includes(text)) return;
      stream.off('data', hear);
      resolve(printed);
    };
    stream.on('data', hear);
  });
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hearback-mappings-'));
  write({ 'mappings/a/report.map.yaml': MAP, 'mappings/a/report.one.case.yaml': CASE });
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('hearback mappings test', () => {
  it('ends with the counts as JSON, and succeeds when all cases hold', async () => {
    const { last, exitCode } = await mappings('test', '--json');
    expect(last).toBe('{"mappings":1,"cases":1,"failed":0}');
    expect(exitCode).toBe(0);
  });

  it('says path by path what a failing case got', async () => {
    write({ 'mappings/a/report.one.case.yaml': CASE.replace('text: x', 'text: y') });
    const { printed, last, exitCode } = await mappings('test');
    expect(printed).toContain('/entry/0/resource/code/text: expected "y", got "x"');
    expect(last).toBe('1 mapping, 1 case, 1 failed.');
    expect(exitCode).toBe(1);
  });

  it('fails for a case without its mapping, and a mapping without a case', async () => {
    write({
      'mappings/a/other.one.case.yaml': CASE,
      'mappings/b/report.map.yaml': MAP.replace('a/report', 'b/report'),
    });
    const { last, exitCode } = await mappings('test', '--json');
    expect(last).toBe('{"mappings":2,"cases":1,"failed":2}');
    expect(exitCode).toBe(1);
  });

  it('fails for a mapping that is not right', async () => {
    write({ 'mappings/a/report.map.yaml': MAP.replace('%', '%').replace('{{ t }}', '{{ %t }}') });
    expect((await mappings('test', '--json')).last).toBe('{"mappings":1,"cases":0,"failed":1}');
  });

  it('shows with --coverage what no case shows, before the counts', async () => {
    write({ 'mappings/a/report.one.case.yaml': CASE.replace('t: x', 't: x, unread: { deep: [1] }') });
    const { lines, last } = await mappings('test', '--coverage', '--json');
    expect(JSON.parse(lines.at(-2) ?? '')).toEqual({
      coverage: 'a/report',
      parts: 4,
      made: 4,
      neverMade: [],
      neverRead: ['/unread/deep'],
    });
    expect(last).toBe('{"mappings":1,"cases":1,"failed":0}');
  });

  it('runs for the shipped mappings as it is installed', () => {
    const printed = execFileSync(process.execPath, [join(project, 'bin/hearback.mjs'), 'mappings', 'test', '--json'], {
      cwd: project,
      encoding: 'utf8',
    });
    expect(JSON.parse(printed.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ failed: 0 });
  }, 180_000);
});

describe('hearback mappings test --watch', () => {
  it('runs again when a file changes', async () => {
    const where = ['--mappings', join(directory, 'mappings'), '--terminology', join(directory, 'mappings')];
    const child = spawn(process.execPath, [
      join(project, 'bin/hearback.mjs'),
      'mappings',
      'test',
      '--watch',
      '--json',
      ...where,
    ]);
    try {
      // Waiting is announced once the directories are watched: a change before that would not be seen.
      await Promise.all([printedBy(child.stdout, '"failed":0'), printedBy(child.stderr, 'Waiting')]);
      const again = printedBy(child.stdout, '"failed":1');
      write({ 'mappings/a/report.one.case.yaml': CASE.replace('text: x', 'text: y') });
      expect(await again).toContain('{"mappings":1,"cases":1,"failed":1}');
    } finally {
      child.kill();
    }
  }, 180_000);
});

describe('a function beside a mapping', () => {
  const withFunction = {
    'mappings/a/report.map.yaml': MAP.replace('result:', 'functions: [shout]\nresult:').replace(
      '{{ t }}',
      '{{ t.shout() }}',
    ),
    'mappings/a/report.one.case.yaml': CASE.replace('text: x', 'text: X!'),
    'mappings/a/shout.fn.ts': 'export function shout(text: string): string {\n  return `${text.toUpperCase()}!`;\n}\n',
    'mappings/a/shout.fn.case.yaml': 'name: It shouts.\ncases: [{ text: a, expect: A! }]\n',
  };

  it('is loaded, called, and tested by its own cases', async () => {
    write(withFunction);
    const { printed, last, exitCode } = await mappings('test');
    expect(printed).toContain('a/shout()\n  ok    It shouts.');
    expect(last).toBe('1 mapping, 2 cases, 0 failed.');
    expect(exitCode).toBe(0);
  });

  it('is not run at all when it is not pure', async () => {
    write({
      ...withFunction,
      'mappings/a/shout.fn.ts': 'export function shout(text: string): string {\n  return text + Date.now();\n}\n',
    });
    const { printed, exitCode } = await mappings('check');
    expect(printed).toContain('shout.fn.ts:2:17 error mapping/function-file');
    expect(printed).toContain('mapping/unknown-function-file');
    expect(exitCode).toBe(1);
  });

  it('fails without cases, and cases fail without it', async () => {
    const { 'mappings/a/shout.fn.case.yaml': cases, ...without } = withFunction;
    write({ ...without, 'mappings/a/other.fn.case.yaml': cases });
    const { printed, last } = await mappings('test');
    expect(printed).toContain('This function has no cases');
    expect(printed).toContain('There is no function a/other.fn.ts');
    expect(last).toBe('1 mapping, 1 case, 2 failed.');
  });

  it('that gives what is no value of JSON is a finding of the run', async () => {
    const text = 'export function shout(text: string): string {\n  return { text } as unknown as string;\n}\n';
    write({ ...withFunction, 'mappings/a/shout.fn.ts': text });
    expect((await mappings('test')).printed).toContain('(findings)/0: expected nothing, got "mapping/evaluation"');
  });
});

describe('hearback mappings check', () => {
  it('lists all that is wrong, with places, and fails', async () => {
    write({ 'mappings/a/report.map.yaml': MAP.replace('code:', 'cod:'), 'mappings/shared/x.part.yaml': 'part: y\n' });
    const { lines, exitCode } = await mappings('check', '--json');
    const { mappings: count, errors } = JSON.parse(lines[0] ?? '');
    expect(count).toBe(1);
    expect(errors.map(({ rule, line }: { rule: string; line: number }) => `${rule} ${line}`)).toEqual([
      'mapping/required-element 10',
      'mapping/result-element 10',
    ]);
    expect(exitCode).toBe(1);
  });

  it('warns of a fragment that nothing includes', async () => {
    write({ 'mappings/shared/x.part.yaml': 'part: shared/x\nresult: 1\n' });
    const { printed, exitCode } = await mappings('check');
    expect(printed).toContain('warning mapping/unused-part');
    expect(exitCode).toBe(0);
  });

  it('holds concept maps against the value sets that they must cover', async () => {
    const url = 'https://a.example';
    const set = {
      resourceType: 'ValueSet',
      id: 'words',
      url: `${url}/set`,
      compose: { include: [{ system: url, concept: [{ code: 'x' }, { code: 'y' }] }] },
    };
    const map = {
      resourceType: 'ConceptMap',
      id: 'm',
      url: `${url}/m`,
      status: 'active',
      group: [
        { source: url, target: `${url}/t`, element: [{ code: 'x', target: [{ code: 'X', equivalence: 'equal' }] }] },
      ],
    };
    write({
      'mappings/a/report.map.yaml': MAP.replace(
        'result:',
        `maps: { m: { system: "${url}", onNoMatch: hold, covers: words } }\nresult:`,
      ),
      'terminology/set.json': JSON.stringify(set),
      'terminology/map.json': JSON.stringify(map),
    });
    expect((await mappings('check')).printed).toContain('1 of the 2 codes of this value set: y');
  });

  it('says where to run it when there is no such directory', async () => {
    const { printed, exitCode } = await runHearback(['mappings', 'check', '--mappings', join(directory, 'nowhere')]);
    expect(printed).toContain('run this where it stands');
    expect(exitCode).toBe(2);
  });
});

describe('a sample or an input in a file', () => {
  it('is read as what the platform speaks, by its ending', async () => {
    const sample = join(directory, 'sample.xml');
    writeFileSync(sample, '<Update status="open"><YourRef>ref-1</YourRef></Update>');
    expect((await mappings('new', 'b/report', '--from', sample)).exitCode).toBe(0);
    const made = readFileSync(join(directory, 'mappings/b/report.map.yaml'), 'utf8');
    expect(made).toContain('from: xml\n');
    write({ 'mappings/b/report.map.yaml': made.replace(/^maps:\n.*\n/m, '').replace(/[.]translateCoding.*?[)]/, '') });
    expect((await mappings('explain', 'b/report', sample, '--result')).printed).toContain('"ref-1"');
    const csv = join(directory, 'sample.csv');
    writeFileSync(csv, 'ref,status\nref-1,open\n');
    expect((await mappings('new', 'c/referral', '--to', csv)).printed).toContain('Nothing is sent as CSV');
  });

  it('that cannot be read is told with its place, and without what stands there', async () => {
    const input = join(directory, 'in.json');
    writeFileSync(input, '{"name": Ada}');
    const map = join(directory, 'mappings/a/report.map.yaml');
    for (const args of [
      ['diff', map, map, '--over', input],
      ['explain', 'a/report', input],
      ['new', 'b/x', '--from', input],
    ]) {
      const { printed, exitCode } = await mappings(...args);
      expect(printed).toContain(`${input}:1:10 cannot be read as JSON.`);
      expect(printed).not.toContain('Ada');
      expect(exitCode).toBe(2);
    }
  });
});

describe('hearback mappings list, explain, diff and schema', () => {
  it('lists what there is', async () => {
    expect((await mappings('list')).lines).toEqual(['a/report  v1  json -> fhir/report  1 case']);
    expect(JSON.parse((await mappings('list', '--json')).last)).toMatchObject({
      name: 'a/report',
      cases: 1,
      discloses: [],
    });
  });

  it('explains a template, a case and a file, without values', async () => {
    const file = join(directory, 'input.json');
    write({ 'input.json': '{ "id": "r", "t": "Testwell" }' });
    const shown = `${join(directory, 'mappings')}/a/report.map.yaml:10`;
    expect((await mappings('explain', 'a/report')).last).toBe(
      `/entry/*/resource/code/text     ${shown}  {{ t }}  [plain]`,
    );
    expect((await mappings('explain', 'a/report', 'one')).last).toBe(
      `/entry/0/resource/code/text     ${shown}  {{ t }}  [plain]  <- /t`,
    );
    const { printed } = await mappings('explain', 'a/report', file);
    expect(printed).toContain('/entry/0/resource/code/text');
    expect(printed).not.toContain('Testwell');
    expect((await mappings('explain', 'a/report', file, '--result')).printed).toContain('"text": "Testwell"');
  });

  it('prints what became of each element of a case or file, without values, and the totals', async () => {
    const shown = `${join(directory, 'mappings')}/a/report.map.yaml`;
    write({ 'input.json': '{ "id": "r", "t": "Testwell" }' });
    const { lines, exitCode } = await mappings('receipt', 'a/report', join(directory, 'input.json'));
    expect({ lines, exitCode }).toEqual({
      lines: [
        'a/report v1  kept 0, renamed 1, translated 0, narrowed 0, decided 0, dropped 1, invented 3',
        'renamed',
        `  /t -> /entry/0/resource/code/text  ${shown}:10:54  {{ t }}`,
        'dropped',
        '  /id',
        'invented',
        `  /resourceType  ${shown}:7:17  "Bundle"`,
        `  /type  ${shown}:8:9  "collection"`,
        `  /entry/0/resource/resourceType  ${shown}:10:33  "Basic"`,
      ],
      exitCode: 0,
    });
    const receipt: { input: unknown[] } = JSON.parse((await mappings('receipt', 'a/report', 'one', '--json')).last);
    expect(receipt.input).toContainEqual({ element: '/id', fate: 'dropped', to: [], translations: [] });
    expect(JSON.parse((await mappings('receipts', '--json')).last)).toMatchObject({
      name: 'a/report',
      cases: 1,
      totals: { renamed: 1, dropped: 1, invented: 3 },
    });
  });

  it('prints what the page on mappings shows', async () => {
    const page = readFileSync(join(project, 'docs/mapping.md'), 'utf8');
    const shown = /\$ hearback (mappings receipt \S+ \S+)\n([^`]+)\n```/.exec(page);
    const { printed } = await runHearback([...(shown?.[1]?.split(' ') ?? []), ...directoriesOfProject()]);
    expect(printed.replaceAll(`${project}/`, '').trimEnd()).toBe(shown?.[2]);
  });

  it('says what survives going out and coming back, as it was sent or as it is declared to be repeated', async () => {
    write({
      'mappings/a/out.map.yaml':
        'mapping: a/out\nversion: 1\nfrom: fhir/referral\nto: json\nresult: { id: "{{ %referral }}", t: "{{ Bundle.id }}", u: "{{ Bundle.type }}" }\n',
      'dossier.json': '{ "resourceType": "Bundle", "id": "b-1", "type": "collection" }',
      'echo.yaml': 'result: { id: "{{ id }}", t: "({{ t }})" }\n',
    });
    const trip = async (...more: string[]) =>
      (await mappings('round-trip', 'a/out', 'a/report', join(directory, 'dossier.json'), ...more)).lines;
    expect(await trip()).toEqual([
      'equal',
      '  Bundle.id -> /entry/0/resource/code/text',
      'narrowed',
      'lost',
      expect.stringMatching(/^ {2}\{\{ %referral \}\} {2}sent at/),
      expect.stringMatching(/^ {2}Bundle\.type {2}sent at .*out\.map\.yaml:5, and not said back$/),
      'equal 1, narrowed 0, lost 2',
    ]);
    expect((await trip('--echo', join(directory, 'echo.yaml'))).at(-1)).toBe('equal 0, narrowed 1, lost 2');
    const json = await trip('--json');
    expect(JSON.parse(json.at(-1) ?? '')).toEqual({ equal: 1, narrowed: 0, lost: 2 });
  });

  it('says which mappings and cases there are when one is not', async () => {
    expect((await mappings('explain', 'a/reprt')).last).toBe('There is no mapping a/reprt. There is: a/report.');
    expect((await mappings('explain', 'a/report', 'two')).last).toContain('Its cases: one.');
  });

  it('compares two versions over inputs, without values unless asked', async () => {
    write({ 'new.yaml': MAP.replace('"{{ t }}"', '"{{ t }}?"'), 'in.json': '{"id":"r","t":"Testwell"}' });
    const over = ['--over', join(directory, 'in.json'), join(directory, 'mappings/a/report.one.case.yaml')];
    const versions = [join(directory, 'mappings/a/report.map.yaml'), join(directory, 'new.yaml')];
    const { printed, last } = await mappings('diff', ...versions, ...over);
    expect(printed).toContain('changed  /entry/0/resource/code/text\n');
    expect(printed).not.toContain('Testwell');
    expect(last).toBe('2 inputs, 2 would change.');
    expect((await mappings('diff', ...versions, ...over, '--values')).printed).toContain('"Testwell" -> "Testwell?"');
    expect((await mappings('diff', versions[0] ?? '', versions[0] ?? '', ...over, '--json')).last).toBe(
      '{"files":2,"changed":0}',
    );
  });

  it('compares nothing when a version is not right', async () => {
    write({ 'new.yaml': MAP.replace('{{ t }}', '{{ %t }}') });
    const old = join(directory, 'mappings/a/report.map.yaml');
    const { printed, exitCode } = await mappings('diff', old, join(directory, 'new.yaml'), '--over', old);
    expect(printed).toContain('new.yaml:10:58 error mapping/unknown-variable');
    expect(exitCode).toBe(2);
  });

  it('prints the schema for editors', async () => {
    expect(JSON.parse((await runHearback(['mappings', 'schema'])).printed)).toMatchObject({
      title: 'Hearback mapping',
    });
  });
});

describe('hearback mappings new', () => {
  it('overwrites nothing', async () => {
    write({ 's.json': '{"a":1}' });
    const { printed, exitCode } = await mappings('new', 'a/report', '--from', join(directory, 's.json'));
    expect(printed).toContain('is there already');
    expect(exitCode).toBe(2);
  });

  it.each([
    [['../up', '--from', 's.json'], 'named like'],
    [['b/report'], 'either --from or --to'],
    [['b/report', '--from', 'nowhere.json'], 'cannot be read'],
  ])('refuses %j', async (args, message) => expect((await mappings('new', ...args)).printed).toContain(message));
});
