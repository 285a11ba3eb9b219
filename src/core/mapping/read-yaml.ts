import { type ErrorCode, isMap, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import type { Report } from './mapping-findings.ts';

const REMEDIES: Readonly<Partial<Record<ErrorCode, string>>> = {
  TAB_AS_INDENT: 'Indent with spaces: YAML takes no tabs there.',
  TAG_RESOLVE_FAILED: 'Remove the tag (!name): a mapping has none. Put a text that begins with ! in quotes.',
};

/** In a line with an expression the likeliest slip is a quotation mark in the wrong place. */
function remedyFor(text: string, offset: number): string {
  const [before = ''] = text.slice(0, offset).split('\n').slice(-1);
  return /"[^"]*[{][{[%][^"]*"/.test(before)
    ? 'Between double quotes, write texts of an expression in single ones: "{{ code.translate(\'map\') }}".'
    : 'Put texts that hold {, [, :, # or % in quotes, and check the indentation and the lines before this place.';
}

/** Reads a file as YAML 1.2 with keys at its top; undefined, and flaws, when it is not. `needed` are the keys it should begin with. */
export function readYamlKeys(text: string, needed: readonly string[], report: Report): YAMLMap | undefined {
  try {
    // Keys are checked elsewhere and not by the library, because {% if %} and {% else %} may stand several times in one object.
    const document = parseDocument(text, {
      lineCounter: new LineCounter(),
      prettyErrors: false,
      stringKeys: true,
      uniqueKeys: false,
    });
    for (const { code, pos } of [...document.errors, ...document.warnings]) {
      report({
        offset: pos[0],
        rule: 'mapping/yaml',
        message: `The file is not valid YAML here (${code.toLowerCase().replaceAll('_', ' ')}).`,
        remedy: REMEDIES[code] ?? remedyFor(text, pos[0]),
        issue: 'structure',
      });
    }
    if (document.errors.length > 0) return undefined;
    if (isMap(document.contents)) return document.contents;
  } catch {
    // Too many levels: the library gives up with an exception.
  }
  report({
    offset: 0,
    rule: 'mapping/yaml',
    message: 'The file holds no keys with values.',
    remedy: `Begin with the keys ${needed.join(', ')}.`,
    issue: 'structure',
  });
  return undefined;
}
