import { characterSetNamed } from '../hl7v2/character-set.ts';
import { readMessageText } from '../hl7v2/message.ts';
import { messageTree } from '../hl7v2/tree.ts';

/**
 * What a file gives a mapping as its input: an HL7 v2 message (`.hl7`, in UTF-8) as its tree, any other file as JSON. Undefined for a
 * file with neither.
 */
export function inputOfFile(path: string, text: string): unknown {
  if (path.endsWith('.hl7')) {
    const message = readMessageText(text, characterSetNamed('UTF-8'));
    return message === undefined ? undefined : messageTree(message);
  }
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
