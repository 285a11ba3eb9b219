import { describe, expect, it } from '@jest/globals';
import { readFunctionCases, runFunctionCases } from '../../../../src/core/mapping/function-cases.ts';
import { readFunctionSource } from '../../../../src/core/mapping/function-source.ts';

const FILE = 'mappings/casework/tidy.fn.ts';
const around = (body: string) => `export function tidy(text: string): string | undefined {\n  ${body}\n}\n`;
const found = (text: string, file = FILE) =>
  readFunctionSource(text, file).findings.map(({ place, message }) => `${place.line}:${place.column} ${message}`);

describe('a function beside a mapping', () => {
  it('may compute with texts, numbers and constants of its own', () => {
    const text = `// import, Date and fetch are only spoken of here: it's fine
const WORDS: Readonly<Record<string, string>> = { "process.env": 'no "Date"', b: 'it is' };
/* Math.random() */
function half(count: number): number { let n = count; n /= 2; return n / 2; }
export function tidy(text: string, mark: string = '', other?: string): string | undefined {
  const kept = text.split('').filter((sign) => sign !== mark);
  for (const [at, sign] of kept.entries()) if (sign === other) return String(at);
  return WORDS[text] ?? \`\${kept.join('')}\${half(kept.length) / 3}\`;
}
`;
    expect(readFunctionSource(text, FILE)).toEqual({ source: { name: 'tidy', parameters: 2 }, findings: [] });
  });

  it.each([
    ['an import', `import { readFileSync } from 'node:fs';\n${around('return text;')}`, '1:1 It imports'],
    ['an import while it runs', around("return await import('x');"), '2:10 It'],
    ['require', around("return require('x');"), '2:10 It imports'],
    ['a clock', around('return new Date().toISOString();'), '2:14 It could read a clock'],
    ['a clock behind a format', around('return new Intl.DateTimeFormat().format();'), '2:14 It could read a clock'],
    ['dice', around('return String(Math.random());'), '2:22 It could throw dice'],
    ['its surroundings', around('return process.env.HOME;'), '2:10 It looks at its surroundings'],
    ['globalThis', around('return globalThis.name;'), '2:10 It looks'],
    ['the network', around("fetch('http://x'); return text;"), '2:3 It could speak to the network'],
    ['a later end', around('setTimeout(() => 1, 1); return text;'), '2:3 It would end later'],
    ['other code', around("return eval('1');"), '2:10 It could run other code'],
    ['other code within a template text', around('return `${eval(text)}`;'), '2:13 It could run other code'],
    ['a regular expression', around('return text.replace(/(a+)+$/, "");'), '2:23 It uses a regular expression'],
    [
      'a regular expression after return',
      around('return /x/.test(text) ? text : text;'),
      '2:10 It uses a regular expression',
    ],
    ['a loop without an end', around('while (true) {} return text;'), '2:3 Its loop might never end'],
    ['a loop that counts', around('for (let i = 0; ; i += 1) {}'), '2:3 Its loop might never end'],
    ['a loop after its body', around('do { text; } while (text);'), '2:3 Its loop might never end'],
    ['a text that becomes one', around("return text.match('(a+)+$')?.[0];"), '2:15 It uses a regular expression'],
    ['state', `let calls = 0;\n${around('calls += 1; return text + calls;')}`, '1:1 It keeps state'],
    [
      'a second export',
      `export const other = 1;\n${around('return text;')}`,
      '1:1 It does not export the one function',
    ],
    ['another name', around('return text;').replace('tidy', 'tidyUp'), '1:1 It does not export the one function'],
    ['no parameter', around('return "x";').replace('text: string', ''), '1:1 It does not export the one function'],
    [
      'a parameter that is no text',
      around('return "x";').replace('text: string', 'text: Patient'),
      '1:1 It does not export',
    ],
    [
      'an async function',
      around('return text;').replace('export function', 'export async function'),
      '1:8 It would end later',
    ],
  ])('is refused for %s, with its place', (_what, text, message) => {
    const findings = found(text);
    expect(findings.join('\n')).toContain(message);
    expect(readFunctionSource(text, FILE).source).toBeUndefined();
  });

  it('may stand there compiled, without types', () => {
    expect(
      readFunctionSource('export function tidy(text, mark) { return text + mark; }', 'a/tidy.fn.js').source,
    ).toEqual({
      name: 'tidy',
      parameters: 1,
    });
    expect(found('export function tidy(text) { return text; }')).toHaveLength(1);
  });
});

describe('the cases of a function', () => {
  const TEXT =
    'name: Texts are doubled.\ncases:\n  - { text: a, expect: aa }\n  - { text: b, given: ["!"], expect: bb! }\n  - { text: "" }\n';
  const double = (text: string, mark = '') => (text === '' ? undefined : text + text + mark);

  it('hold when each gives what is expected, nothing included', () => {
    const { cases, findings } = readFunctionCases(TEXT, 'f');
    if (cases === undefined) throw new Error(JSON.stringify(findings));
    expect(runFunctionCases(cases, 'f', { parameters: 1, apply: double })).toEqual({
      file: 'f',
      name: 'Texts are doubled.',
      differences: [],
    });
    expect(runFunctionCases(cases, 'f', { parameters: 1, apply: (text) => text }).differences).toEqual([
      { path: '/0', expected: '"aa"', actual: '"a"' },
      { path: '/1', expected: '"bb!"', actual: '"b"' },
      { path: '/2', expected: 'nothing', actual: '""' },
    ]);
  });

  it('fail for a function that remembers, and for one that throws', () => {
    const { cases } = readFunctionCases('name: n\ncases: [{ text: a, expect: a1 }]\n', 'f');
    let calls = 0;
    const counting = (text: string) => {
      calls += 1;
      return `${text}${calls}`;
    };
    if (cases === undefined) throw new Error('the cases could not be read');
    expect(runFunctionCases(cases, 'f', { parameters: 0, apply: counting }).differences).toMatchObject([
      { path: '/0 (second call)' },
    ]);
    const throwing = () => {
      throw new Error('Testwell');
    };
    expect(JSON.stringify(runFunctionCases(cases, 'f', { parameters: 0, apply: throwing }))).not.toContain('Testwell');
    expect(runFunctionCases(cases, 'f', { parameters: 0, apply: throwing }).differences).not.toEqual([]);
  });

  it.each([
    'cases: [{ text: a }]\n',
    'name: n\n',
    'name: n\ncases: [{ txt: a }]\n',
    'name: n\ncases: [{ expect: a }]\n',
    '- a\n',
    '[',
  ])('are refused when they are %j', (text) => {
    expect(readFunctionCases(text, 'f').cases).toBeUndefined();
    expect(readFunctionCases(text, 'f').findings.length).toBeGreaterThan(0);
  });
});
