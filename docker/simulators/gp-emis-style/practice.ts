import { mountRecordDoors } from '../gp-record/record-doors.ts';
import type { Registered } from '../gp-record/registered.ts';
import { type Simulator, startSimulator } from '../listening.ts';
import { fhirDoors } from './fhir-doors.ts';
import { type GpRecord, newGpRecord, type RecordOptions } from './record.ts';
import type { Refusal } from './refusal.ts';
import { newThrottle, type ThrottleOptions } from './throttle.ts';

export interface EmisStyleOptions extends RecordOptions {
  /** 0 for any free one. */
  readonly port: number;
  /** Loopback when left out. */
  readonly host?: string;
  /** The bearer token that Hearback must bring. */
  readonly token: string;
  readonly patients?: readonly Registered[];
  /** Turns away who reads the record too often; nobody when left out. */
  readonly throttle?: ThrottleOptions;
}

export interface EmisStyle extends Simulator {
  /** Where Hearback writes and reads. */
  readonly address: string;
  readonly record: GpRecord;
  /** X-Request-Id of every write that was filed, repeats included. */
  readonly filed: () => readonly string[];
  /** Every write that was refused. */
  readonly refused: () => readonly (Refusal & { readonly requestId: string })[];
  /** From now on only documents are taken. */
  switchOff(): void;
  switchOn(): void;
}

/**
 * An EMIS-style GP system that can be written to and read: FHIR R4 at `/fhir`, the record for people at `/record`. It imitates
 * no supplier's interface, only what is publicly known of how such records treat what is written to them (see README).
 */
export async function startEmisStyle(options: EmisStyleOptions): Promise<EmisStyle> {
  const record = newGpRecord(options);
  for (const patient of options.patients ?? []) record.register(patient);
  const ids: string[] = [];
  const refused: (Refusal & { requestId: string })[] = [];
  const mayRead = options.throttle
    ? newThrottle(options.throttle, options.now ?? (() => new Date()))
    : () => ({ waitMs: 0 });
  const mount: Parameters<typeof startSimulator>[1] = (app) => {
    mountRecordDoors(app, { patients: record.patients, patient: record.patient, setStructured: record.setStructured });
    app.use(
      '/fhir',
      fhirDoors({
        record,
        token: options.token,
        mayRead,
        onFiled: (id) => void ids.push(id),
        onRefused: (requestId, refusal) => void refused.push({ ...refusal, requestId }),
      }),
    );
  };
  const simulator = await startSimulator(options.port, mount, options.host);
  return {
    ...simulator,
    address: `${simulator.url}/fhir`,
    record,
    filed: () => ids,
    refused: () => refused,
    switchOff: () => record.setStructured(false),
    switchOn: () => record.setStructured(true),
  };
}
