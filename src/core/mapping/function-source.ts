import type { Finding } from '../finding.ts';
import { positionsIn } from '../json/text-position.ts';
import { blanked } from './blank-code.ts';

/** A function file that may be loaded: its name, and how many arguments it takes beside the text. */
interface FunctionSource {
  readonly name: string;
  readonly parameters: number;
}

/**
 * What a function must not name. A mapping's function is given a text and gives a value: no clock, no chance, no network,
 * no state, no loop but over a list, no regular expression (one text can stop the engine; matches() of the expression runs in linear time).
 */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/\b(?:import|require)\b/g, 'It imports something: a function stands alone.'],
  [/\b(?:Date|Temporal|Intl|performance)\b/g, 'It could read a clock: the same message must give the same bytes.'],
  [/\b(?:random|crypto)\b/g, 'It could throw dice: the same message must give the same bytes.'],
  [/\b(?:process|globalThis|global|window|self|console|this|arguments)\b/g, 'It looks at its surroundings.'],
  [/\b(?:fetch|XMLHttpRequest|WebSocket|Worker)\b/g, 'It could speak to the network.'],
  [/\b(?:async|await|Promise|yield|setTimeout|setInterval|setImmediate|queueMicrotask)\b/g, 'It would end later.'],
  [/\b(?:eval|Function|constructor|prototype|__proto__|Reflect|Proxy|WebAssembly|with)\b/g, 'It could run other code.'],
  [
    /\b(?:while|do)\b|\bfor\s*\((?!\s*(?:const|let)\s[^;]*?\sof\s)/g,
    'Its loop might never end, and would stop the engine with it: go through a list with for … of, or with its own methods.',
  ],
  [/\b(?:RegExp|match|matchAll|search)\b/g, 'It uses a regular expression, which one text can keep busy for minutes.'],
];

const ENDING = /([a-z][A-Za-z0-9]*)[.]fn[.](?:ts|js)$/;

/**
 * Reads a function file without running it. The check keeps mistakes out and is no sandbox: who may write beside a
 * mapping is trusted as who writes the mapping.
 */
export function readFunctionSource(text: string, file: string): { source?: FunctionSource; findings: Finding[] } {
  const code = blanked(text);
  const position = positionsIn(text);
  const findings: Finding[] = [];
  const tell = (at: number, message: string, remedy: string): void => {
    const place = { file, ...position(at) };
    findings.push({ severity: 'error', rule: 'mapping/function-file', place, message, remedy, issue: 'not-supported' });
  };
  for (const at of code.regularExpressions)
    tell(at, 'It uses a regular expression, which one text can keep busy for minutes.', PURE);
  for (const [names, message] of REFUSED) {
    for (const found of code.text.matchAll(names)) tell(found.index, message, PURE);
  }
  for (const at of outerVariables(code.text))
    tell(at, 'It keeps state from one call to the next.', 'Write const, and change nothing in it.');
  const name = ENDING.exec(file)?.[1] ?? '';
  const parameters = parametersOf(code.text, name, file);
  if (parameters === undefined) {
    tell(0, 'It does not export the one function that it is named after, with texts as parameters.', shapeOf(name));
  }
  findings.sort((a, b) => (a.place.line ?? 0) - (b.place.line ?? 0));
  return parameters === undefined || findings.length > 0 ? { findings } : { source: { name, parameters }, findings };
}

const PURE = 'Compute the value from the arguments alone, with the methods of texts and numbers.';

function shapeOf(name: string): string {
  return `Write export function ${name || 'name'}(text: string): string | undefined { … } and export nothing else.`;
}

/** Where `let` or `var` stands outside all braces. */
function outerVariables(code: string): number[] {
  const found: number[] = [];
  let depth = 0;
  for (const { 0: sign, index } of code.matchAll(/[{}]|\b(?:let|var)\b/g)) {
    if (sign === '{') depth += 1;
    else if (sign === '}') depth -= 1;
    else if (depth === 0) found.push(index);
  }
  return found;
}

function parametersOf(code: string, name: string, file: string): number | undefined {
  const exported = [...code.matchAll(/\bexport\b/g)];
  const [, list] = new RegExp(`\\bexport\\s+function\\s+${name}\\s*\\(([^)]*)\\)`).exec(code) ?? [];
  if (name === '' || list === undefined || exported.length !== 1) return undefined;
  const parameters = list
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const form = file.endsWith('.ts') ? /^\w+\??\s*:\s*string\s*(=.*)?$/ : /^\w+\s*(=.*)?$/;
  return parameters.length > 0 && parameters.every((one) => form.test(one)) ? parameters.length - 1 : undefined;
}
