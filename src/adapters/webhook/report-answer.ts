import { STATUS_CODES } from 'node:http';
import type { Finding } from '../../core/finding.ts';
import type { Answer } from '../../core/message.ts';
import type { Verdict } from '../../ports.ts';

/** How the road's verdict is said to a platform: 202 with our id, or a problem document (RFC 9457). Pure: the bytes are recorded. */
export function renderVerdict(verdict: Verdict): Answer {
  switch (verdict.kind) {
    case 'accepted': {
      const warnings = verdict.findings.map(shownFinding);
      const body = { status: 'accepted', messageId: verdict.message, ...(warnings.length > 0 && { warnings }) };
      return jsonAnswer(202, 'application/json', body);
    }
    case 'refused':
      return problemAnswer(verdict.status, 'The report was refused; nothing of it took effect.', verdict.findings, {
        messageId: verdict.message,
      });
    case 'conflict':
      return problemAnswer(409, 'Another body came before under the same webhook-id.', verdict.findings);
    case 'repeat':
      return verdict.answer;
  }
}

/** A problem document with one entry in `errors` for each finding that forbids going on. */
export function problemAnswer(
  status: number,
  detail: string,
  findings: readonly Finding[] = [],
  more: Readonly<Record<string, string>> = {},
): Answer {
  const errors = findings.filter((finding) => finding.severity === 'error').map(shownFinding);
  const warnings = findings.filter((finding) => finding.severity !== 'error').map(shownFinding);
  return jsonAnswer(status, 'application/problem+json', {
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    ...more,
    ...(errors.length > 0 && { errors }),
    ...(warnings.length > 0 && { warnings }),
  });
}

function shownFinding({ place, rule, message, remedy }: Finding): Record<string, string | number> {
  return {
    ...(place.expression !== undefined && { pointer: place.expression }),
    ...(place.line !== undefined && { line: place.line }),
    ...(place.column !== undefined && { column: place.column }),
    rule,
    detail: message,
    remedy,
  };
}

function jsonAnswer(status: number, contentType: string, body: Readonly<Record<string, unknown>>): Answer {
  const headers = { 'content-type': contentType, 'cache-control': 'no-store' };
  return { status, headers, body: Buffer.from(JSON.stringify(body)) };
}
