import { type ChannelModel, type ConfirmChannel, type ConsumeMessage, connect } from 'amqplib';
import express, { type Express } from 'express';
import { z } from 'zod';
import { type Simulator, startSimulator } from '../listening.ts';
import { type CaseBook, type Delivery, newCaseBook } from '../platform/case-book.ts';
import type { Case } from '../platform/dialect.ts';
import type { Playbooks, Step } from '../platform/playbook.ts';
import { newPlayer, type Player } from '../platform/player.ts';
import type { Temper } from '../temper.ts';
import type { AmqpShape, ReadMessage } from './amqp-shape.ts';
import { type AmqpOutgoing, newReporter, type Reporter } from './reporter.ts';

export interface AmqpPlatformOptions {
  /** Of the loopback port with its cases, for whoever looks: 0 for any free one. Hearback never calls it. */
  readonly port: number;
  /** Loopback when left out. */
  readonly host?: string;
  /** Where its broker is, with user and password. */
  readonly broker: string;
  /** Queue that it takes its messages from. */
  readonly takesFrom: string;
  /** Exchange that it reports to; what is refused of it comes to the queue of that name and ".refused". */
  readonly reportsTo: string;
  readonly shape: AmqpShape;
  readonly playbooks: Playbooks;
  /** What it does about somebody without a playbook; nothing when left out. */
  readonly usual?: readonly Step[];
  /** True when it answers a cancellation by itself. */
  readonly confirmsCancel: boolean;
}

export interface AmqpPlatform extends Simulator {
  readonly cases: () => readonly Case[];
  /** Everything that asked for something, repeats included. */
  readonly deliveries: () => readonly Delivery[];
  /** Every message that it took, as it came. */
  readonly taken: () => readonly ConsumeMessage[];
  /** What it said and the broker has confirmed, repeats included. */
  readonly said: () => readonly AmqpOutgoing[];
  /** Messages of its own that came back as refused. */
  readonly refusals: () => readonly ConsumeMessage[];
  /** Reports by hand, in its own words. */
  say(one: Case, step: Omit<Step, 'afterMs'>): readonly AmqpOutgoing[];
  /** True when nothing is still to happen or to be reported. */
  readonly idle: () => boolean;
}

interface Parts {
  readonly options: AmqpPlatformOptions;
  readonly book: CaseBook;
  readonly reporter: Reporter;
  readonly player: Player;
  readonly read: ReadMessage;
  readonly correlations: Map<string, string>;
  readonly taken: ConsumeMessage[];
  readonly refusals: ConsumeMessage[];
  readonly temper: () => Temper;
}

const CONFIRM_MS = 50;

/** A VCSE platform that speaks to Hearback through a broker alone. It declares nothing there: it waits for its queue to be there. */
export async function startAmqpPlatform(options: AmqpPlatformOptions): Promise<AmqpPlatform> {
  const { shape } = options;
  const book = newCaseBook(shape.prefix);
  const correlations = new Map<string, string>();
  const reporter = newReporter(options.reportsTo, decodeURIComponent(new URL(options.broker).username));
  const say = (one: Case, step: Step, at: Date) =>
    reporter.send(shape.reports(one, step, at), correlations.get(one.number) ?? '');
  const player = newPlayer({ say, again: reporter.again });
  const [taken, refusals]: [ConsumeMessage[], ConsumeMessage[]] = [[], []];
  const simulator = await startSimulator(options.port, (app) => mount(app, book, say), options.host);
  const parts: Parts = {
    ...{ options, book, reporter, player, correlations, taken, refusals },
    read: shape.newReader(),
    temper: simulator.temper,
  };
  const connection = await connect(options.broker, {
    noDelay: true,
    recovery: {
      waitForConnect: false,
      initialDelay: 50,
      maxDelay: 500,
      setup: (model: ChannelModel) => listen(model, parts),
    },
  });
  connection.on('error', () => {});
  connection.on('disconnect', () => reporter.speaksOn(undefined));
  return {
    ...simulator,
    cases: book.cases,
    deliveries: book.deliveries,
    taken: () => taken,
    said: reporter.confirmed,
    refusals: () => refusals,
    say: (one, step) => say(one, { ...step, afterMs: 0 }, new Date()),
    idle: () => player.idle() && reporter.idle(),
    async stop() {
      player.stop();
      reporter.stop();
      await connection.close();
      await simulator.stop();
    },
  };
}

/** With each connection anew; when a queue is not there yet it fails, and the connection is tried again. */
async function listen(model: ChannelModel, parts: Parts): Promise<void> {
  model.on('error', () => {});
  const channel: ConfirmChannel = await model.createConfirmChannel();
  // What ends the channel ends the connection too, which is made anew.
  channel.on('error', () => void model.close().catch(() => {}));
  await channel.prefetch(10);
  const { takesFrom, reportsTo } = parts.options;
  await channel.consume(takesFrom, (message) => message && channel[take(message, parts)](message, false, false));
  await channel.consume(`${reportsTo}.refused`, (message) => {
    if (message === null) return;
    parts.refusals.push(message);
    channel.ack(message);
  });
  parts.reporter.speaksOn(channel);
}

/** What to do about a message; whatever it asks for is entered before that. */
function take(message: ConsumeMessage, parts: Parts): 'ack' | 'nack' {
  const { book, options, player, temper, correlations } = parts;
  const { messageId, type, correlationId } = message.properties;
  const payload = parsed(message.content);
  parts.taken.push(message);
  const received = parts.read(String(type), payload);
  if (received === undefined) return 'nack';
  if (received === 'part') return 'ack';
  if (received.kind !== 'referral') {
    const { repeat } = book.enter(String(messageId), received);
    const known = book.byReference(received.taskReference);
    if (known && received.kind === 'cancel' && !repeat && !temper().forgetful) cancelled(known, parts);
    return 'ack';
  }
  const { one, isNew } = book.open(String(messageId), received, payload);
  if (!isNew || temper().forgetful) return 'ack';
  correlations.set(one.number, String(correlationId));
  player.play(one, options.playbooks.get(one.nhsNumber) ?? options.usual ?? [], temper().chatty);
  return 'ack';
}

/** Whatever was still to happen does not, and the platform says so. */
function cancelled(one: Case, { player, options }: Parts): void {
  if (!options.confirmsCancel) return;
  player.drop(one);
  player.play(one, [{ afterMs: CONFIRM_MS, status: options.shape.cancelled }], false);
}

const byHand = z.object({
  case: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  note: z.string().optional(),
});

function mount(app: Express, book: CaseBook, say: (one: Case, step: Step, at: Date) => unknown): void {
  app.get('/cases', (_request, response) => {
    response.type('application/json').send(JSON.stringify(book.cases(), null, 2));
  });
  app.post('/control/report', express.json(), (request, response) => {
    const wish = byHand.safeParse(request.body);
    const one = wish.success ? book.byNumber(wish.data.case) : undefined;
    if (!wish.success || one === undefined) return void response.status(404).json({ error: 'say case and status' });
    const { status, reason, note } = wish.data;
    say(one, { afterMs: 0, status, ...(reason && { reason }), ...(note && { note }) }, new Date());
    response.status(202).json({});
  });
}

function parsed(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    return undefined;
  }
}
