import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** One step of a page that is meant to be followed: a file to save, an edit, or a command with what it prints. */
export type Step =
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  | { readonly kind: 'edit'; readonly path: string; readonly from: string; readonly to: string }
  | { readonly kind: 'command'; readonly command: string; readonly prints: string };

/**
 * Reads a page's fenced blocks as steps. A `json` or `yaml` block is saved under the last path that a paragraph before it
 * ends with ("Save it as `sample.json`:"), a `diff` block edits that file, and in a `console` block lines that begin
 * with `$ ` are commands.
 */
export function stepsOf(page: string): Step[] {
  let named = '';
  return [...page.matchAll(/([\s\S]*?)```(json|yaml|diff|console)\n([\s\S]*?)```/g)].flatMap(
    ([, before = '', kind, body = '']): Step[] => {
      named = /(?:as|In)\s+`([^`]+)`:\s*$/.exec(before)?.[1] ?? named;
      if (kind === 'console') return commandsIn(body);
      if (kind === 'diff') return [{ kind: 'edit', path: named, from: side(body, '-'), to: side(body, '+') }];
      return [{ kind: 'file', path: named, text: body }];
    },
  );
}

function commandsIn(body: string): Step[] {
  return body
    .split(/^\$ /m)
    .slice(1)
    .map((one) => {
      const [command = '', ...prints] = one.split('\n');
      return { kind: 'command', command, prints: prints.join('\n') };
    });
}

/** The lines of one side of a diff, those that both have included. */
function side(body: string, sign: '-' | '+'): string {
  return body
    .split('\n')
    .filter((line) => line.startsWith(sign) || line.startsWith(' '))
    .map((line) => `${line.slice(1)}\n`)
    .join('');
}

/**
 * Follows one step in the working directory; gives what a command prints.
 * @param hearback runs the arguments of `npx hearback` and gives what is printed
 */
export async function follow(
  step: Step,
  hearback: (args: readonly string[]) => Promise<string>,
): Promise<string | undefined> {
  if (step.kind === 'command') return await commanded(step.command.split(' '), hearback);
  if (step.kind === 'file') {
    mkdirSync(dirname(step.path), { recursive: true });
    writeFileSync(step.path, step.text);
    return undefined;
  }
  const text = readFileSync(step.path, 'utf8');
  if (text.split(step.from).length !== 2) throw new Error(`the edit of ${step.path} does not fit once: ${step.from}`);
  writeFileSync(
    step.path,
    text.replace(step.from, () => step.to),
  );
  return undefined;
}

async function commanded(
  [program = '', ...args]: readonly string[],
  hearback: (args: readonly string[]) => Promise<string>,
): Promise<string> {
  const [first = '', second = ''] = args;
  if (program === 'npx' && first === 'hearback') return await hearback(args.slice(1));
  if (program === 'cat') return readFileSync(first, 'utf8');
  if (program === 'cp') copyFileSync(first, second);
  else throw new Error(`the page uses a command that is not known here: ${program}`);
  return '';
}
