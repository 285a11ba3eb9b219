import { randomUUID } from 'node:crypto';
import type { AckSender } from './ack-sender.ts';
import { type AckCode, acknowledgement, type Fault, REJECTED } from './acknowledgement.ts';
import { type Answers, onFiling, onRejection, type TellsDecisions } from './answers.ts';
import type { Hl7Message } from './hl7-message.ts';
import type { Inbox, InboxItem } from './inbox.ts';

/** The person at the practice, and everything that is said to the sender. */
export interface Desk {
  file(id: string): void;
  reject(id: string, why?: { readonly reason?: string; readonly code?: 'AE' | 'AR' }): void;
  /** The message came once more: what was decided about it is told once more. */
  again(item: InboxItem): void;
  /** Gives what is answered at once, and sends what is owed later. */
  answer(message: Hl7Message, answers: Answers, fault?: Fault): string;
  unreadable(message: Hl7Message | undefined, fault: Fault | undefined): string;
}

interface Parts {
  readonly inbox: Inbox;
  readonly sender: AckSender;
  readonly now: () => Date;
  readonly tells: TellsDecisions;
  /** MSH-3 of what it says; MSH-5 of the message that it answers when left out. */
  readonly application?: string;
}

export function newDesk({ inbox, sender, now, tells, application }: Parts): Desk {
  const told = new Map<string, { answers: Answers; fault?: Fault }>();
  const write = (message: Hl7Message | undefined, code: AckCode, fault: Fault | undefined, deferred?: true) => {
    const controlId = randomUUID().replaceAll('-', '').slice(0, 20);
    const given = {
      code,
      at: now().toISOString(),
      controlId,
      ...(fault && { fault }),
      ...(deferred && { deferred }),
      ...(application && { application }),
    };
    return { controlId, text: acknowledgement(message, given) };
  };
  const answer: Desk['answer'] = (message, answers, fault) => {
    if (answers.later !== undefined) {
      const later = write(message, answers.later, fault, true);
      sender.send({ ...later, answers: message.header.text(10), code: answers.later });
    }
    return answers.now === undefined
      ? ''
      : write(message, answers.now, fault && isNegative(answers.now) ? fault : undefined).text;
  };
  const decided = ({ message, controlId }: InboxItem, answers: Answers, fault?: Fault): void => {
    told.set(controlId, { answers, ...(fault && { fault }) });
    answer(message, answers, fault);
  };
  return {
    answer,
    file(id) {
      const item = inbox.decide(id, 'filed', now().toISOString());
      decided(item, onFiling(item.message, tells));
    },
    reject(id, { reason = 'No reason was given.', code = 'AE' } = {}) {
      const item = inbox.decide(id, 'rejected', now().toISOString());
      decided(item, onRejection(item.message, code, tells), { code: REJECTED, words: reason });
    },
    again({ controlId, message }) {
      const { answers, fault } = told.get(controlId) ?? {};
      if (answers !== undefined) answer(message, answers, fault);
    },
    unreadable: (message, fault) => write(message, 'AR', fault).text,
  };
}

function isNegative(code: AckCode): boolean {
  return code !== 'AA' && code !== 'CA';
}
