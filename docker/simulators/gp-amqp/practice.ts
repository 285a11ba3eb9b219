import { randomUUID } from 'node:crypto';
import { type ChannelModel, type ConfirmChannel, type ConsumeMessage, connect } from 'amqplib';
import express from 'express';
import type { Bundle, FhirResource } from 'fhir/r4.js';
import { type GpRecord, newGpRecord, type RecordOptions } from '../gp-emis-style/record.ts';
import type { Refusal } from '../gp-emis-style/refusal.ts';
import { mountRecordDoors } from '../gp-record/record-doors.ts';
import type { Registered } from '../gp-record/registered.ts';
import { type Simulator, startSimulator } from '../listening.ts';
import { pause } from '../pause.ts';
import { publishConfirmed } from '../publish-confirmed.ts';
import { acknowledgementOf } from './acknowledgement.ts';

export interface AmqpPracticeOptions extends RecordOptions {
  /** Of the loopback port with its record, for whoever looks: 0 for any free one. Hearback never calls it. */
  readonly port: number;
  /** Loopback when left out. */
  readonly host?: string;
  /** Where its broker is, with user and password. */
  readonly broker: string;
  /** Exchange that it sends to. Answers come to the queue of that name and ".answers", what is refused to ".refused". */
  readonly sendsTo: string;
  /** Queue of what is written back to it. */
  readonly takesFrom: string;
  /** Whether it acknowledges by itself what it filed, and refuses what it could not; otherwise somebody has it do so. */
  readonly acknowledges: boolean;
  readonly patients?: readonly Registered[];
}

/** One message of its own, with the id that it keeps through every attempt. */
export interface Outgoing {
  readonly id: string;
  readonly body: string | Uint8Array;
  readonly contentType?: string;
  readonly correlationId?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** False: it asks for no answer. Another name than the agreed one: it asks for it elsewhere. */
  readonly replyTo?: string | false;
}

/** An answer of Hearback, as it came. */
export interface AmqpAnswer {
  readonly status: number;
  readonly text: string;
  readonly message: ConsumeMessage;
}

export interface AmqpPractice extends Simulator {
  readonly record: GpRecord;
  /** Publishes until the broker has confirmed it. */
  publish(outgoing: Outgoing): Promise<void>;
  /** Publishes and waits for the answer. */
  ask(outgoing: Outgoing): Promise<AmqpAnswer>;
  /** Sends FHIR under an id of its own, and waits for the answer. */
  send(resource: FhirResource, id?: string): Promise<AmqpAnswer>;
  /** Every write-back that it took, repeats included. */
  readonly taken: () => readonly ConsumeMessage[];
  /** message-id of every write-back that was filed, and of those that the record refused. */
  readonly filed: () => readonly string[];
  readonly unfiled: () => readonly (Refusal & { readonly id: string })[];
  readonly answers: () => readonly ConsumeMessage[];
  /** Messages of its own that came back as refused. */
  readonly refusals: () => readonly ConsumeMessage[];
  /** Says of a write-back that it was filed, or was not. */
  acknowledge(of: string, refusal?: Pick<Refusal, 'code'>): Promise<AmqpAnswer>;
}

interface Box {
  readonly options: AmqpPracticeOptions;
  readonly record: GpRecord;
  readonly taken: ConsumeMessage[];
  readonly filed: string[];
  readonly unfiled: (Refusal & { id: string })[];
  readonly answers: ConsumeMessage[];
  /** How many answers to a message of this id somebody has had or waits for. */
  readonly asked: Map<string, number>;
  readonly refusals: ConsumeMessage[];
  readonly acknowledge: (of: string, refusal?: Pick<Refusal, 'code'>) => Promise<unknown>;
  channel: ConfirmChannel | undefined;
}

const AGAIN_MS = 50;

/**
 * A GP system that speaks to Hearback through a broker alone, as behind a trust's integration engine: it sends FHIR to an exchange
 * and files what comes to its queue. It declares nothing there: it waits for its queues to be there.
 */
export async function startAmqpPractice(options: AmqpPracticeOptions): Promise<AmqpPractice> {
  const record = newGpRecord(options);
  for (const patient of options.patients ?? []) record.register(patient);
  let stopped = false;
  const { username } = new URL(options.broker);
  const publish = async (outgoing: Outgoing): Promise<void> => {
    while (!stopped && !(await published(box.channel, outgoing, { ...options, user: decodeURIComponent(username) })))
      await pause(AGAIN_MS);
  };
  const ask = async (outgoing: Outgoing): Promise<AmqpAnswer> => {
    // Whoever says the same twice at once is answered twice: each waits for an answer of its own.
    const before = Math.max(answersTo(outgoing.id, box).length, box.asked.get(outgoing.id) ?? 0);
    box.asked.set(outgoing.id, before + 1);
    await publish(outgoing);
    for (;;) {
      const answer = answersTo(outgoing.id, box)[before];
      if (answer !== undefined) return readAnswer(answer);
      if (stopped) throw new Error('no answer came before it was stopped');
      await pause(AGAIN_MS);
    }
  };
  const send = (resource: FhirResource, id: string = randomUUID()) => ask({ id, body: JSON.stringify(resource) });
  const acknowledge: AmqpPractice['acknowledge'] = (of, refusal) => send(acknowledgementOf(of, refusal));
  const box: Box = {
    ...{ options, record, taken: [], filed: [], unfiled: [], answers: [], asked: new Map(), refusals: [], acknowledge },
    channel: undefined,
  };
  const simulator = await startSimulator(
    options.port,
    (app) => {
      const { patients, patient, setStructured } = record;
      mountRecordDoors(app, { patients, patient, setStructured });
      app.post('/control/send', express.text({ type: () => true, limit: '10mb' }), (request, response, next) => {
        ask({ id: randomUUID(), body: String(request.body) })
          .then(({ status, text }) => void response.status(status).type('application/fhir+json').send(text))
          .catch(next);
      });
    },
    options.host,
  );
  const connection = await connect(options.broker, {
    noDelay: true,
    recovery: {
      waitForConnect: false,
      initialDelay: AGAIN_MS,
      maxDelay: 500,
      setup: (model: ChannelModel) => listen(model, box),
    },
  });
  connection.on('error', () => {});
  connection.on('disconnect', () => {
    box.channel = undefined;
  });
  return {
    ...simulator,
    ...{ record, publish, ask, send, acknowledge },
    taken: () => box.taken,
    filed: () => box.filed,
    unfiled: () => box.unfiled,
    answers: () => box.answers,
    refusals: () => box.refusals,
    async stop() {
      stopped = true;
      await connection.close();
      await simulator.stop();
    },
  };
}

/** With each connection anew; when a queue is not there yet it fails, and the connection is tried again. */
async function listen(model: ChannelModel, box: Box): Promise<void> {
  model.on('error', () => {});
  const channel: ConfirmChannel = await model.createConfirmChannel();
  // What ends the channel ends the connection too, which is made anew.
  channel.on('error', () => void model.close().catch(() => {}));
  await channel.prefetch(10);
  const { sendsTo } = box.options;
  const keep = (list: ConsumeMessage[]) => (message: ConsumeMessage | null) => {
    if (message === null) return;
    list.push(message);
    channel.ack(message);
  };
  await channel.consume(`${sendsTo}.answers`, keep(box.answers));
  await channel.consume(`${sendsTo}.refused`, keep(box.refusals));
  box.channel = channel;
  void takeWriteBacks(model, box).catch(() => undefined);
}

/**
 * On a channel of its own, until the connection ends: the queue may come later than those that it sends to and is answered in,
 * where another process of Hearback delivers.
 */
async function takeWriteBacks(model: ChannelModel, box: Box): Promise<void> {
  for (;;) {
    const channel = await model.createChannel();
    channel.on('error', () => {});
    const take = (message: ConsumeMessage | null) => {
      if (message === null) return;
      file(message, box);
      channel.ack(message);
    };
    try {
      await channel.prefetch(10);
      await channel.consume(box.options.takesFrom, take);
      channel.on('error', () => void model.close().catch(() => {}));
      return;
    } catch {
      await pause(AGAIN_MS);
    }
  }
}

/** Files a write-back, whole or not at all, and says so where it is agreed. */
function file(message: ConsumeMessage, box: Box): void {
  const id = String(message.properties.messageId);
  box.taken.push(message);
  // Taken once, as promised: the same id has one effect.
  if (!box.filed.includes(id)) {
    const bundle: Bundle<FhirResource> = JSON.parse(message.content.toString('utf8'));
    const filed = box.record.file(bundle);
    if ('why' in filed) {
      box.unfiled.push({ ...filed, id });
      if (box.options.acknowledges) void box.acknowledge(id, filed).catch(() => undefined);
      return;
    }
    box.filed.push(id);
  }
  if (box.options.acknowledges) void box.acknowledge(id).catch(() => undefined);
}

function answersTo(id: string, { answers }: Box): ConsumeMessage[] {
  return answers.filter(({ properties }) => properties.correlationId === id);
}

function readAnswer(message: ConsumeMessage): AmqpAnswer {
  const { content, properties } = message;
  return { status: Number(properties.headers?.['x-hearback-status']), text: content.toString('utf8'), message };
}

/** Whether the broker has it in a queue. */
function published(
  channel: ConfirmChannel | undefined,
  { id, body, contentType = 'application/fhir+json', replyTo, ...more }: Outgoing,
  { sendsTo, user }: { readonly sendsTo: string; readonly user: string },
): Promise<boolean> {
  if (channel === undefined) return Promise.resolve(false);
  const properties = {
    ...more,
    messageId: id,
    contentType,
    ...(replyTo !== false && { replyTo: replyTo ?? `${sendsTo}.answers` }),
    appId: 'practice-simulator',
    userId: user,
  };
  return publishConfirmed(channel, { exchange: sendsTo, routingKey: 'fhir', body: Buffer.from(body), properties });
}
