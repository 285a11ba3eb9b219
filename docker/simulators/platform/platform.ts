import express, { type Express, type Request, type Response } from 'express';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { type Simulator, startSimulator } from '../listening.ts';
import type { Temper } from '../temper.ts';
import { type CaseBook, type Delivery, newCaseBook } from './case-book.ts';
import type { Case, Dialect } from './dialect.ts';
import type { Playbooks, Step } from './playbook.ts';
import { newPlayer, type Player } from './player.ts';
import { type Answered, newReportSender, type ReportSender } from './report-sender.ts';

export interface PlatformOptions {
  readonly port: number;
  /** Loopback when left out. */
  readonly host?: string;
  readonly dialect: Dialect;
  /** Shared with Hearback, both ways: `whsec_` and base64. */
  readonly secret: string;
  readonly reportTo: () => string;
  readonly playbooks: Playbooks;
  /** What it does about somebody without a playbook; nothing when left out. */
  readonly usual?: readonly Step[];
  /** NHS numbers of those about whom it reports out of order and repeats itself, whatever its temper is. */
  readonly chattyAbout?: ReadonlySet<string>;
  /** True when it answers a cancellation by itself. */
  readonly confirmsCancel: boolean;
}

export interface Platform extends Simulator {
  readonly cases: () => readonly Case[];
  /** Every delivery that was taken, repeats included: what really arrived. */
  readonly deliveries: () => readonly Delivery[];
  /** Every answer to a report, repeats included. */
  readonly answered: () => readonly Answered[];
  /** Reports that were refused, which a platform does not send again. */
  readonly reportsRefused: () => readonly Answered[];
  /** True when nothing is still to happen or to be reported. */
  readonly idle: () => boolean;
}

interface Parts {
  readonly options: PlatformOptions;
  readonly book: CaseBook;
  readonly sender: ReportSender;
  readonly player: Player;
}

const CONFIRM_MS = 50;

/**
 * A VCSE platform: takes signed webhooks at `POST /referrals`, plays what is arranged for each person and reports it.
 * `GET /cases` shows its cases; `POST /control/report` reports by hand: `{"case":"CW-1001","status":"active"}`.
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { dialect } = options;
  const book = newCaseBook(dialect.prefix);
  const sender = newReportSender({ url: options.reportTo, secret: options.secret });
  const player = newPlayer({
    say: (one, step, at) => sender.send(dialect.report(one, step, at)),
    again: sender.again,
  });
  const parts: Parts = { options, book, sender, player };
  const simulator = await startSimulator(options.port, (app, temper) => mount(app, temper, parts), options.host);
  return {
    ...simulator,
    cases: book.cases,
    deliveries: book.deliveries,
    answered: sender.answered,
    reportsRefused: () => sender.answered().filter(({ status }) => status >= 400),
    idle: () => player.idle() && sender.idle(),
    async stop() {
      player.stop();
      sender.stop();
      await simulator.stop();
    },
  };
}

function mount(app: Express, temper: () => Temper, parts: Parts): void {
  const raw = express.raw({ type: '*/*', limit: '1mb' });
  app.post('/referrals', raw, (request, response) => receive(request, response, temper(), parts));
  app.get('/cases', (_request, response) => {
    response.type('application/json').send(JSON.stringify(parts.book.cases(), null, 2));
  });
  app.post('/control/report', express.json(), (request, response) => reportByHand(request, response, parts));
}

function receive(request: Request, response: Response, temper: Temper, parts: Parts): void {
  const { dialect, secret } = parts.options;
  const payload = verified(secret, request);
  if (payload === undefined) return void response.status(401).json({ error: 'bad signature' });
  const received = dialect.read(payload.content);
  if (received === undefined) return void response.status(422).json({ error: 'unknown shape' });
  if (received.kind !== 'referral') {
    const { repeat } = parts.book.enter(payload.id, received);
    const known = parts.book.byReference(received.taskReference);
    if (known && received.kind === 'cancel' && !repeat && !temper.forgetful) cancelled(known, parts);
    return void response.status(known ? 200 : 404).json({});
  }
  const { one, isNew } = parts.book.open(payload.id, received, payload.content);
  response.status(isNew ? 201 : 200).json(dialect.reply(one.number));
  if (!isNew || temper.forgetful) return;
  const { playbooks, usual = [], chattyAbout } = parts.options;
  const chatty = temper.chatty || chattyAbout?.has(one.nhsNumber) === true;
  parts.player.play(one, playbooks.get(one.nhsNumber) ?? usual, chatty);
}

/** Whatever was still to happen does not, and the platform says so. */
function cancelled(one: Case, { player, options }: Parts): void {
  if (!options.confirmsCancel) return;
  player.drop(one);
  player.play(one, [{ afterMs: CONFIRM_MS, status: options.dialect.cancelled }], false);
}

const byHand = z.object({
  case: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  note: z.string().optional(),
});

function reportByHand(request: Request, response: Response, { book, sender, options }: Parts): void {
  const wish = byHand.safeParse(request.body);
  const one = wish.success ? book.byNumber(wish.data.case) : undefined;
  if (!wish.success || one === undefined) return void response.status(404).json({ error: 'say case and status' });
  const { status, reason, note } = wish.data;
  const step = { afterMs: 0, status, ...(reason !== undefined && { reason }), ...(note !== undefined && { note }) };
  const { id } = sender.send(options.dialect.report(one, step, new Date()));
  response.status(202).json({ id });
}

/** The content of a delivery whose signature is right (Standard Webhooks); undefined otherwise. */
function verified(secret: string, request: Request): { id: string; content: unknown } | undefined {
  const body = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
  const headers = Object.fromEntries(
    ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(request.headers[name])]),
  );
  try {
    return { id: headers['webhook-id'] ?? '', content: new Webhook(secret).verify(body, headers) };
  } catch {
    return undefined;
  }
}
