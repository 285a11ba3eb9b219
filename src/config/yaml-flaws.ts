import type { ErrorCode } from 'yaml';
import type { Flaw } from './problem.ts';

const QUOTES =
  'Put the value in quotes, and mend what stands around this place; the rest of the file is checked once this is right.';

/** What the commoner mistakes in YAML are, in our words. */
const SENTENCES: Partial<Record<ErrorCode, readonly [string, string]>> = {
  BAD_INDENT: [
    'The indentation does not fit what stands above, or a bracket is not closed.',
    'Indent with two spaces for each level and close every bracket.',
  ],
  TAB_AS_INDENT: ['A tab is used for indentation.', 'Indent with spaces.'],
  BLOCK_AS_IMPLICIT_KEY: [
    'There is a second colon on this line.',
    'Put the value in quotes, or begin a new line after the first colon.',
  ],
  BAD_SCALAR_START: ['A text cannot begin with this character.', 'Put the text in quotes.'],
  BAD_DQ_ESCAPE: [
    'There is a backslash in double quotes that stands for nothing.',
    'Use single quotes, or write the backslash twice.',
  ],
  MISSING_CHAR: ['A quote, bracket or separator is missing.', 'Add it; look at the lines before this place too.'],
  MULTILINE_IMPLICIT_KEY: [
    'A key goes over several lines.',
    'Is a colon missing? Each key is followed by a colon on its own line.',
  ],
  MULTIPLE_DOCS: ['The file holds several documents.', 'Remove the line "---" and what belongs to another file.'],
  NON_STRING_KEY: [
    'A key is not a text.',
    'Use the keys that the configuration knows; put a key that looks like a number in quotes.',
  ],
  TAG_RESOLVE_FAILED: [
    'There is an unknown tag (a word that begins with "!").',
    'Remove it, or put the value in quotes.',
  ],
  RESOURCE_EXHAUSTION: [
    'The file is nested too deeply.',
    'A configuration needs about eight levels: look for brackets that are not closed.',
  ],
};

/** What to say of a mistake in the YAML itself. */
export function syntaxFlaw(code: ErrorCode): Flaw {
  if (code === 'DUPLICATE_KEY') {
    return {
      rule: 'config/duplicate-key',
      message: 'This key stands twice in one section.',
      remedy: 'Remove one of the two.',
    };
  }
  const [message, remedy] = SENTENCES[code] ?? ['The file is not valid YAML here.', QUOTES];
  return { rule: 'config/yaml', message, remedy };
}

export const UNKNOWN_ALIAS: Flaw = {
  rule: 'config/yaml',
  message: 'This alias names an anchor that does not stand before it.',
  remedy: 'Define the anchor (&name) above, or put the text in quotes if it only begins with "*".',
};

export const UNREADABLE: Flaw = {
  rule: 'config/yaml',
  message: 'The file cannot be read as YAML: it is nested too deeply or repeats too much through aliases.',
  remedy: 'Write the sections out, as the documented example does.',
};
