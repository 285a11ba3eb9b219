import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { readHl7 } from '../../docker/simulators/gp-systmone-style/hl7-message.ts';
import { sendMllp, startMllpServer } from '../../docker/simulators/gp-systmone-style/mllp.ts';
import type { Fated } from '../fixtures/crash/crowd.ts';
import type { Arrived } from '../fixtures/crash/tap.ts';
import { hl7Referral } from './hl7-referral.ts';

type Referring = Pick<Fated, 'nhsNumber' | 'number' | 'postalCode'>;

/** A referral that was acknowledged. */
export interface ReferredByHl7 {
  readonly number: string;
  readonly message: string;
  /** The acknowledgement, byte for byte. */
  readonly answer: string;
  /** How often it had to be sent until it was answered. */
  readonly tries: number;
}

/** A practice whose system speaks HL7 v2 alone: it refers and cancels by REF, and is told by RRI and ORU. */
export interface Hl7Practice {
  readonly port: number;
  /** What it was told, by MSH-10, in order of arrival. Everything is taken. */
  readonly arrived: readonly Arrived[];
  /** The words (RF1-1.4) that it was answered about a referral so far. */
  answersTo(number: string): readonly string[];
  refer(person: Referring): Promise<ReferredByHl7>;
  /** The same bytes under the same MSH-10 once more; gives what is answered. */
  again(referred: ReferredByHl7): Promise<string>;
  cancel(person: Referring): Promise<void>;
  stop(): Promise<void>;
}

const TIMEOUT_MS = 3_000;
const PAUSE_MS = 100;
/** As a partner's answers are counted everywhere here. */
const TAKEN = 200;

/** @param engine asked with each try: where to, of several engines */
export async function startHl7Practice(engine: () => URL): Promise<Hl7Practice> {
  const arrived: Arrived[] = [];
  const words = new Map<string, string[]>();
  let stopped = false;
  const server = await startMllpServer({
    port: 0,
    take: async (bytes) => {
      const message = readHl7(bytes);
      const id = message?.header.text(10) ?? '';
      arrived.push({ id, digest: createHash('sha256').update(bytes).digest('hex'), status: TAKEN });
      const answer = message?.first('RF1');
      if (answer !== undefined) {
        const number = answer.text(6);
        words.set(number, [...(words.get(number) ?? []), answer.text(1, 4)]);
      }
      return `MSH|^~\\&|ELMTREE|Z99003|HEARBACK|HEARBACK|20261118093000+0000||ACK|A${arrived.length}|P|2.5.1\rMSA|AA|${id}\r`;
    },
  });

  /** Until it is answered: what is not, and what is told to come again (207), says nothing of the message. */
  const untilAnswered = async (message: string): Promise<{ readonly answer: string; readonly tries: number }> => {
    for (let tries = 1; !stopped; tries += 1) {
      const bytes = await sendMllp(message, engine(), TIMEOUT_MS).catch(() => undefined);
      const answer = bytes?.toString('utf8');
      if (answer !== undefined && readHl7(Buffer.from(answer))?.first('ERR')?.text(3) !== '207')
        return { answer, tries };
      await sleep(PAUSE_MS);
    }
    throw new Error('the practice was switched off');
  };
  const taken = async (message: string, what: string) => {
    const answered = await untilAnswered(message);
    const code = readHl7(Buffer.from(answered.answer))?.first('MSA')?.text(1);
    if (code !== 'AA') throw new Error(`${what} was answered ${answered.answer.replaceAll('\r', ' ')}`);
    return answered;
  };
  return {
    port: server.port,
    arrived,
    answersTo: (number) => words.get(number) ?? [],
    async refer({ nhsNumber, number, postalCode }) {
      const message = hl7Referral({ event: 'I12', id: number, number, nhsNumber, postalCode });
      return { number, message, ...(await taken(message, `the referral ${number}`)) };
    },
    again: async ({ message }) => (await untilAnswered(message)).answer,
    async cancel({ nhsNumber, number, postalCode }) {
      const message = hl7Referral({ event: 'I14', id: `${number}-C`, number, nhsNumber, postalCode });
      await taken(message, `the cancellation of ${number}`);
    },
    async stop() {
      stopped = true;
      await server.stop();
    },
  };
}
