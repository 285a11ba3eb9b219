import type { Step } from './playbook.ts';

/** What a delivery asks for, in the simulator's own terms. */
export interface Received {
  readonly kind: 'referral' | 'update' | 'cancel';
  /** Hearback's reference for the referral, and for this platform's part of it. */
  readonly reference: string;
  readonly taskReference: string;
  readonly nhsNumber: string;
  /** The free text that came along. */
  readonly narrative: string;
}

/** One person's case as the platform keeps it. */
export interface Case extends Received {
  /** The platform's own number. */
  readonly number: string;
  /** The webhook-id of the delivery that opened it. */
  readonly delivery: string;
  /** The delivery as it came. */
  readonly received: unknown;
}

/** What differs between platforms: the words and the shapes. */
export interface Dialect {
  /** Begins the platform's own numbers: `CW-1001`. */
  readonly prefix: string;
  /** Reads a delivery; undefined when it is not one of the shapes it knows. */
  readonly read: (payload: unknown) => Received | undefined;
  readonly reply: (number: string) => unknown;
  readonly report: (one: Case, step: Step, at: Date) => unknown;
  /** The word with which it confirms a cancellation. */
  readonly cancelled: string;
  /** What it does about somebody for whom nothing else was arranged. */
  readonly usual: readonly Step[];
}
