import type { ContentReading } from '../../core/content/content-reading.ts';
import { readContent } from '../../core/content/read-content.ts';
import { HL7V2_TYPE } from '../../core/hl7v2/media-type.ts';
import { readMessage } from '../../core/hl7v2/read.ts';
import { messageTree } from '../../core/hl7v2/tree.ts';
import type { MappingFrom } from '../../core/mapping/direction.ts';
import type { Message } from '../../core/message.ts';
import { isPruned, prunedText } from '../../core/pruned-body.ts';

/** What a recorded report says, as its mapping reads it: the same that was read when it came in. */
export function messageContent(message: Message, from: MappingFrom): ContentReading {
  const { contentType, headers, body } = message;
  if (isPruned(message)) throw new Error(prunedText(message.id));
  if (contentType !== HL7V2_TYPE) return readContent(body, contentType, from);
  const { message: read } = readMessage(body, headers['assumed-character-set']);
  if (read === undefined) throw new Error('a recorded message cannot be read any more: the record is damaged');
  return { value: messageTree(read), findings: [] };
}
