import type { Answer } from '../../core/message.ts';
import { problemDocument, shownFinding } from '../../core/problem-document.ts';
import type { Verdict } from '../../ports.ts';

/** How the road's verdict is said to a platform: 202 with our id, or a problem document (RFC 9457). Pure: the bytes are recorded. */
export function renderVerdict(verdict: Verdict): Answer {
  switch (verdict.kind) {
    case 'accepted': {
      const warnings = verdict.findings.map(shownFinding);
      return accepted({ status: 'accepted', messageId: verdict.message, ...(warnings.length > 0 && { warnings }) });
    }
    case 'refused': {
      const { findings, message: messageId } = verdict;
      const detail = 'The report was refused; nothing of it took effect.';
      return problemDocument(verdict.status, detail, { findings, more: { messageId } });
    }
    case 'conflict': {
      const { findings } = verdict;
      return problemDocument(409, 'Another body came before under the same webhook-id.', { findings });
    }
    case 'repeat':
      return verdict.answer;
  }
}

function accepted(body: Readonly<Record<string, unknown>>): Answer {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return { status: 202, headers, body: Buffer.from(JSON.stringify(body)) };
}
