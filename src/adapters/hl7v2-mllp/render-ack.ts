import type { Finding } from '../../core/finding.ts';
import {
  acknowledge,
  type Verdict as Hl7Verdict,
  owedAcknowledgements,
  verdictOf,
} from '../../core/hl7v2/acknowledge.ts';
import { controlIdOf } from '../../core/hl7v2/control-id.ts';
import type { MessageHead } from '../../core/hl7v2/head.ts';
import { HL7V2_TYPE } from '../../core/hl7v2/media-type.ts';
import type { Answer } from '../../core/message.ts';
import type { Verdict } from '../../ports.ts';

/** What acknowledgements of one message are made with: given once, so that deciding twice renders the same. */
export interface AckMade {
  /** UTC instant. */
  readonly at: string;
  /** A UUID: MSH-10 of ours is made of it. */
  readonly id: string;
}

/**
 * How the road's verdict is said in HL7 v2. Pure: the bytes are recorded, and a repeat gets them again. The body is what
 * stands between the first start block and the last end block: where the sender asked for two acknowledgements (enhanced
 * mode), with the blocks between them; where it asked for none, nothing.
 */
export function renderVerdict(head: MessageHead, verdict: Verdict, made: AckMade): Answer {
  switch (verdict.kind) {
    case 'accepted':
      return answer(200, ackBytes(head, 'accepted', verdict.findings, made));
    case 'refused':
      return answer(verdict.status, ackBytes(head, refusal(verdict.findings), verdict.findings, made));
    case 'conflict':
      return answer(409, ackBytes(head, 'error', verdict.findings, made));
    case 'repeat':
      return verdict.answer;
  }
}

/** A refusal that is not the road's: the message is not recorded. */
export function renderRefusal(head: MessageHead, findings: readonly Finding[], made: AckMade): Uint8Array {
  return ackBytes(head, refusal(findings), findings, made);
}

/** Several answers as one: each in a frame of its own once they are framed together. */
export function joinAnswers(answers: readonly Uint8Array[]): Uint8Array {
  const said = answers.filter(({ length }) => length > 0);
  return Buffer.concat(said.flatMap((bytes, index) => (index === 0 ? [bytes] : [BETWEEN, bytes])));
}

function refusal(findings: readonly Finding[]): Hl7Verdict {
  const said = verdictOf(findings);
  return said === 'accepted' ? 'error' : said;
}

function answer(status: number, body: Uint8Array): Answer {
  return { status, headers: { 'content-type': HL7V2_TYPE }, body };
}

/** FS, CR, VT: between two messages of one answer. */
const BETWEEN = Buffer.from([0x1c, 0x0d, 0x0b]);

function ackBytes(head: MessageHead, verdict: Hl7Verdict, findings: readonly Finding[], made: AckMade): Uint8Array {
  const owed = owedAcknowledgements(head, verdict).map((code) =>
    acknowledge(head, { code, findings, at: made.at, controlId: controlIdOf(made.id, code.charAt(0)) }),
  );
  return joinAnswers(owed);
}
