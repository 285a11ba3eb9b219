import { pause } from '../pause.ts';
import type { AckCode } from './acknowledgement.ts';
import { readHl7 } from './hl7-message.ts';
import { sendMllp } from './mllp.ts';

/** A business acknowledgement and what became of it. */
export interface SentAck {
  /** Its own MSH-10, the same for every attempt. */
  readonly controlId: string;
  /** MSA-2: the MSH-10 of the message that it answers. */
  readonly answers: string;
  readonly code: AckCode;
  readonly text: string;
  /** `taken`: the other end accepted it; `refused`: it said no, and it is not sent again. */
  readonly state: 'on the way' | 'taken' | 'refused';
  readonly tries: number;
}

export interface AckSender {
  send(ack: Pick<SentAck, 'controlId' | 'answers' | 'code' | 'text'>): void;
  /** In the order in which they were made. */
  sent(): readonly SentAck[];
  stop(): void;
}

const TIMEOUT_MS = 5_000;

/**
 * Sends acknowledgements as messages of their own (HL7 v2.5.1, 2.9.3.2), each until the other end says what it thinks of it.
 * @param to where, as `mllp://host:port`; while it is not known, acknowledgements wait
 */
export function newAckSender(to: () => string | undefined, retryMs: number): AckSender {
  const acks: SentAck[] = [];
  let stopped = false;
  const deliver = async (place: number): Promise<void> => {
    while (!stopped) {
      const ack = acks[place];
      const address = to();
      if (ack === undefined) return;
      if (address !== undefined) {
        const state = await attempt(ack, address);
        acks[place] = { ...ack, state, tries: ack.tries + 1 };
        if (state !== 'on the way') return;
      }
      await pause(retryMs);
    }
  };
  return {
    send(ack) {
      acks.push({ ...ack, state: 'on the way', tries: 0 });
      void deliver(acks.length - 1);
    },
    sent: () => acks,
    stop: () => {
      stopped = true;
    },
  };
}

async function attempt({ text, controlId }: SentAck, address: string): Promise<SentAck['state']> {
  const answer = await sendMllp(text, new URL(address), TIMEOUT_MS).catch(() => undefined);
  const msa = answer && readHl7(answer)?.first('MSA');
  if (msa === undefined || msa.text(2) !== controlId) return 'on the way';
  return ['AA', 'CA'].includes(msa.text(1)) ? 'taken' : 'refused';
}
