import { mountRecordDoors } from '../gp-record/record-doors.ts';
import { type MatchMode, newPatientList, type Registered } from '../gp-record/registered.ts';
import { type Simulator, startSimulator } from '../listening.ts';
import { pause } from '../pause.ts';
import { newAckSender, type SentAck } from './ack-sender.ts';
import { DUPLICATE_KEY } from './acknowledgement.ts';
import { onArrival, onFault, type TellsDecisions } from './answers.ts';
import { newDesk } from './desk.ts';
import { readHl7 } from './hl7-message.ts';
import { type InboxItem, newInbox } from './inbox.ts';
import { mountInbox } from './inbox-doors.ts';
import { startMllpServer } from './mllp.ts';
import { patientFault, statedPatient } from './patient-stated.ts';
import { newPlayer, type Play } from './player.ts';
import { newSystmOneRecord, type SystmOneRecord } from './record.ts';
import { refuseMessage } from './terms.ts';

export interface SystmOneStyleOptions {
  /** Where HL7 v2 is listened for; 0 for any free one. */
  readonly port: number;
  /** Where the record is shown to people; any free one when left out. */
  readonly pagePort?: number;
  /** Loopback when left out. */
  readonly host?: string;
  readonly patients?: readonly Registered[];
  /** How strictly PID is held against the list of patients; `stated` when left out. */
  readonly match?: MatchMode;
  /** Under which user everything that comes through the gateway is shown. */
  readonly gatewayUser?: string;
  /** Hearback's listener, as `mllp://host:port`: business acknowledgements go there, and wait until it is known. */
  readonly ackTo?: () => string | undefined;
  /** `asked` when left out: MSH-16 decides. `always`: in original mode too, as partners may agree. */
  readonly tellsDecisions?: TellsDecisions;
  /** Its own name in MSH-3; what the message calls it (MSH-5) when left out. */
  readonly application?: string;
  /** Milliseconds until a message is filed by itself; never when left out. */
  readonly autoFileMs?: number;
  /** By NHS number, instead of `autoFileMs`. */
  readonly playbook?: ReadonlyMap<string, Play>;
  /** Between attempts to deliver an acknowledgement. */
  readonly retryMs?: number;
  readonly now?: () => Date;
}

export interface SystmOneStyle extends Simulator {
  /** `mllp://127.0.0.1:port`, where Hearback sends to. */
  readonly address: string;
  readonly port: number;
  readonly record: SystmOneRecord;
  /** Every message that came, repeats and refused ones included, as text. */
  readonly received: () => readonly string[];
  readonly inbox: () => readonly InboxItem[];
  /** The business acknowledgements so far. */
  readonly acknowledgements: () => readonly SentAck[];
  /** A person files what waits, by the item's id or by MSH-10: only now is it in the record, and only now is that told. */
  file(id: string): void;
  /** A person decides against it, before or after it was filed. */
  reject(id: string, why?: { readonly reason?: string; readonly code?: 'AE' | 'AR' }): void;
  /** Structured messages are turned away from now on; documents (MDM) are taken. */
  switchOff(): void;
  switchOn(): void;
}

/**
 * A SystmOne-style GP system: HL7 v2 over MLLP, a workflow inbox in front of the record, everything under the gateway's user
 * (see README). It has no door to read the record back by: the acknowledgement that follows filing is the proof.
 */
export async function startSystmOneStyle(options: SystmOneStyleOptions): Promise<SystmOneStyle> {
  const now = options.now ?? (() => new Date());
  const patients = newPatientList(options.patients);
  const inbox = newInbox();
  const record = newSystmOneRecord({ patients, inbox, gatewayUser: options.gatewayUser ?? 'Gateway user' });
  const sender = newAckSender(options.ackTo ?? (() => undefined), options.retryMs ?? 500);
  const received: string[] = [];
  const desk = newDesk({
    inbox,
    sender,
    now,
    tells: options.tellsDecisions ?? 'asked',
    ...(options.application !== undefined && { application: options.application }),
  });
  let structured = true;
  const setStructured = (on: boolean): void => {
    structured = on;
  };

  const player = newPlayer({ inbox, desk, playFor: (item) => playOf(item, options) });

  const take = (bytes: Buffer): string => {
    const message = readHl7(bytes);
    received.push(message?.text ?? bytes.toString('latin1'));
    const refusal = refuseMessage(message, structured);
    if (message === undefined || refusal?.unreadable) return desk.unreadable(message, refusal?.fault);
    if (refusal !== undefined) return desk.answer(message, onFault(message, 'reject'), refusal.fault);
    const stated = statedPatient(message);
    const fault = patientFault(message, patients.judge(stated, options.match ?? 'stated'));
    if (fault !== undefined) return desk.answer(message, onFault(message, 'error'), fault);
    const entered = inbox.enter({
      controlId: message.header.text(10),
      kind: `${message.header.text(9, 1)}^${message.header.text(9, 2)}`,
      nhsNumber: stated.nhsNumber ?? '',
      received: now().toISOString(),
      message,
    });
    if (entered.kind === 'conflict') {
      const words = 'Another message came under this MSH-10.';
      return desk.answer(message, onFault(message, 'error'), { code: DUPLICATE_KEY, place: 'MSH^1^10', words });
    }
    if (entered.kind === 'new') player.play(entered.item);
    else desk.again(entered.item);
    return desk.answer(message, onArrival(message));
  };

  const pages = await startSimulator(
    options.pagePort ?? 0,
    (app) => {
      mountRecordDoors(app, { patients, patient: record.patient, setStructured });
      mountInbox(app, inbox, desk);
    },
    options.host,
  );
  const mllp = await startMllpServer({
    port: options.port,
    ...(options.host !== undefined && { host: options.host }),
    async take(bytes) {
      const { down, slowMs } = pages.temper();
      if (slowMs > 0) await pause(slowMs);
      return down ? undefined : take(bytes);
    },
  });
  return {
    ...pages,
    address: `mllp://127.0.0.1:${mllp.port}`,
    port: mllp.port,
    record,
    received: () => received,
    inbox: inbox.items,
    acknowledgements: sender.sent,
    file: desk.file,
    reject: desk.reject,
    switchOff: () => setStructured(false),
    switchOn: () => setStructured(true),
    async stop() {
      player.stop();
      sender.stop();
      await Promise.all([mllp.stop(), pages.stop()]);
    },
  };
}

function playOf({ nhsNumber }: InboxItem, { autoFileMs, playbook }: SystmOneStyleOptions): Play | undefined {
  return playbook?.get(nhsNumber) ?? (autoFileMs === undefined ? undefined : { then: 'file', afterMs: autoFileMs });
}
