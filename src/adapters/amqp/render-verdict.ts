import type { Answer } from '../../core/message.ts';
import { problemDocument } from '../../core/problem-document.ts';
import type { Verdict } from '../../ports.ts';

/**
 * What is kept as the answer to a message. A broker's partner is answered by an acknowledgement or by a refused message, and the
 * record keeps what that says: as a problem document (RFC 9457), from which the headers of the refused message are made. Pure.
 */
export function renderVerdict(verdict: Verdict): Answer {
  switch (verdict.kind) {
    case 'accepted':
      return { status: 202, headers: {}, body: new Uint8Array() };
    case 'refused': {
      const { findings, message: messageId } = verdict;
      const detail = 'The message was refused; nothing of it took effect.';
      return problemDocument(verdict.status, detail, { findings, more: { messageId } });
    }
    case 'conflict': {
      const { findings } = verdict;
      return problemDocument(409, 'Another message came before under the same message-id.', { findings });
    }
    case 'repeat':
      return verdict.answer;
  }
}
