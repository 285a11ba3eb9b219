import type { Case, Dialect, Received } from '../platform/dialect.ts';
import type { Step } from '../platform/playbook.ts';

/** One message that a platform publishes. */
export interface Said {
  /** The `type` property. */
  readonly type: string;
  readonly body: unknown;
}

/**
 * Takes in one message. `part`: it belongs to something that is not whole yet. Undefined: it is none of the shapes that the
 * platform knows, or what it closes is not whole.
 */
export type ReadMessage = (type: string, body: unknown) => Received | 'part' | undefined;

/** What differs between platforms that speak over a broker: the words, the shapes, and in how many messages they say a thing. */
export interface AmqpShape {
  /** Begins the platform's own numbers: `PM-1001`. */
  readonly prefix: string;
  /** A reader remembers what is not whole. */
  readonly newReader: () => ReadMessage;
  readonly reports: (one: Case, step: Step, at: Date) => readonly Said[];
  /** The word with which it confirms a cancellation. */
  readonly cancelled: string;
  /** What it does about somebody for whom nothing else was arranged. */
  readonly usual: readonly Step[];
}

/** A platform that says each thing in one message, in the shape that it would also post. */
export function wholeMessages(dialect: Dialect): AmqpShape {
  const { prefix, cancelled, usual } = dialect;
  return {
    prefix,
    cancelled,
    usual,
    newReader: () => (_type, body) => dialect.read(body),
    reports: (one, step, at) => [{ type: 'report', body: dialect.report(one, step, at) }],
  };
}
