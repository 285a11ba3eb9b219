import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib';
import { codeOf, replyOf } from './fault-code.ts';

/** How a channel ended. */
export interface ChannelEnd {
  readonly code: string;
  /** The broker closed this channel with this reply code; absent when it went with its connection, or we closed it. */
  readonly reply?: number;
}

/** A channel that nobody need watch: its faults are contained, and how it ended can be asked. */
export interface HeldChannel<C extends Channel = Channel> {
  readonly channel: C;
  readonly isOpen: () => boolean;
  /** Resolves when it has ended, never rejects. */
  readonly ended: Promise<ChannelEnd>;
  /** Ends it; at most that long is waited for the broker's word. */
  close(): Promise<void>;
}

const CLOSE_MS = 2_000;

/** Opens a channel. A channel without a listener for its errors would end the process with the first. */
export async function openChannel(model: ChannelModel): Promise<HeldChannel> {
  return hold(await model.createChannel());
}

/** Opens a channel on which the broker confirms what is published. */
export async function openConfirmChannel(model: ChannelModel): Promise<HeldChannel<ConfirmChannel>> {
  return hold(await model.createConfirmChannel());
}

function hold<C extends Channel>(channel: C): HeldChannel<C> {
  let [open, closing] = [true, false];
  let end: ChannelEnd = { code: 'CONNECTION_LOST' };
  const ended = new Promise<ChannelEnd>((resolve) => {
    channel.once('close', () => {
      open = false;
      resolve(end);
    });
  });
  channel.on('error', (fault: Error) => {
    const reply = replyOf(fault);
    end = { code: codeOf(fault), ...(reply !== undefined && { reply }) };
  });
  return {
    channel,
    isOpen: () => open && !closing,
    ended,
    async close() {
      if (!open || closing) return;
      closing = true;
      end = { code: 'CLOSED' };
      // The promise of a channel whose connection ends meanwhile never settles.
      await atMost(CLOSE_MS, channel.close());
    },
  };
}

/** Waits for what is no more than polite to wait for. Never rejects. */
export async function atMost(ms: number, done: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([done.then(nothing, nothing), late]);
  clearTimeout(timer);
}

function nothing(): void {}
