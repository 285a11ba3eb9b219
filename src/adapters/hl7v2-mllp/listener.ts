import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { type Finding, hasErrors } from '../../core/finding.ts';
import { isBatch, readBatch } from '../../core/hl7v2/batch.ts';
import { type MessageHead, readHead } from '../../core/hl7v2/head.ts';
import type { Answer } from '../../core/message.ts';
import type { Clock, Ids, Intake, Log } from '../../ports.ts';
import { type Admission, admitted, type Peer, speaker } from './admission.ts';
import { KEEP_ALIVE_MS } from './dial.ts';
import { type ConnectionLimits, InboundConnection } from './inbound-connection.ts';
import { type LaneRule, laneKey, mustBeAlone } from './lane-key.ts';
import type { Lanes } from './lanes.ts';
import { MemoryBudget } from './memory-budget.ts';
import { brokenBatch, type MessageTerms, readArrival } from './read-arrival.ts';
import { type AckMade, joinAnswers, renderRefusal, renderVerdict } from './render-ack.ts';

/** One partner that may speak here. */
export interface MllpPartner extends MessageTerms {
  readonly admission: Admission;
  readonly lane: LaneRule;
}

export interface MllpListenerParts {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM texts; plain TCP when left out. With `ca`, client certificates are asked for and judged by it. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string };
  readonly partners: readonly MllpPartner[];
  readonly intake: Intake;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly limits: ListenerLimits;
  /** The lanes of a partner: the same ones on every port that it connects to. */
  readonly lanesOf: (partner: string) => Lanes;
}

export interface ListenerLimits extends ConnectionLimits {
  readonly maxConnections: number;
  /** Of all connections together. */
  readonly maxHeldBytes: number;
  /** How long `stop` lets messages that came whole be answered. */
  readonly drainMs: number;
}

export interface MllpListener {
  readonly port: number;
  /** From now on connections end with the answer to what came on them; new ones are taken. */
  retire(): void;
  /** Takes no new connections, answers what came whole, then closes. */
  stop(): Promise<void>;
}

const HANDSHAKE_MS = 10_000;

/** Listens for HL7 v2 messages in MLLP frames. Rejects when it cannot listen. An acknowledgement leaves after the commit. */
export async function startMllpListener(parts: MllpListenerParts): Promise<MllpListener> {
  const open = new Set<InboundConnection>();
  let retired = false;
  const welcome = newWelcome(parts, open, () => retired);
  const server = newServer(parts, welcome);
  server.listen({ host: parts.host, port: parts.port });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the MLLP listener has no port');
  const { port } = address;
  parts.log.info('mllp.listening', { host: parts.host, port, tls: parts.tls !== undefined });
  return {
    port,
    retire() {
      retired = true;
      for (const connection of open) connection.retire();
    },
    stop: () => stop(server, open, parts),
  };
}

function newServer({ tls, partners, log }: MllpListenerParts, welcome: (socket: Socket) => void): Server {
  // A peer may end its side once it has sent all, and must be answered still.
  const options = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS };
  if (tls === undefined) return createServer(options, welcome);
  const asks = partners.some(({ admission }) => admission.certificates.length + admission.commonNames.length > 0);
  const server = createTlsServer(
    {
      ...options,
      ...tls,
      minVersion: 'TLSv1.2',
      handshakeTimeout: HANDSHAKE_MS,
      requestCert: asks,
      // A certificate that is known by its digest needs nobody's signature: `admitted` judges.
      rejectUnauthorized: false,
    },
    welcome,
  );
  return server.on('tlsClientError', () => log.warn('mllp.handshake-failed'));
}

function newWelcome(
  parts: MllpListenerParts,
  open: Set<InboundConnection>,
  isRetired: () => boolean,
): (socket: Socket) => void {
  const { log, limits } = parts;
  const budget = new MemoryBudget(limits.maxHeldBytes);
  const turnAway = (socket: Socket, why: string): void => {
    log.warn('mllp.turned-away', { why });
    socket.destroy();
  };
  return (socket) => {
    socket.on('error', () => {});
    if (open.size >= limits.maxConnections) return turnAway(socket, 'too-many-connections');
    const candidates = admitted(peerOf(socket), parts.partners);
    const [first, ...others] = candidates;
    if (first === undefined) return turnAway(socket, 'nobody-known');
    const connection = new InboundConnection(socket, {
      limits,
      budget,
      log,
      partner: others.length === 0 ? first.partner : 'one-of-several',
      answer: (message) => answer(message, { candidates, parts }),
      refuse: (head, why) => renderRefusal(readHead(head), [REFUSALS[why]], made(parts)),
      onClosed: () => open.delete(connection),
    });
    open.add(connection);
    if (isRetired()) connection.retire();
  };
}

function peerOf(socket: Socket): Peer {
  const address = socket.remoteAddress ?? '';
  if (!(socket instanceof TLSSocket)) return { address };
  const { fingerprint256, subject } = socket.getPeerCertificate();
  if (fingerprint256 === undefined) return { address };
  const name: unknown = subject.CN;
  const certificate = {
    sha256: fingerprint256.replaceAll(':', '').toLowerCase(),
    commonName: typeof name === 'string' ? name : '',
    trusted: socket.authorized,
  };
  return { address, certificate };
}

interface Answering {
  readonly candidates: readonly MllpPartner[];
  readonly parts: MllpListenerParts;
}

/** A frame holds a message, or a batch of them: then each is answered by itself. */
async function answer(framed: Buffer, answering: Answering): Promise<Uint8Array> {
  if (!isBatch(framed)) return answerOne(framed, answering);
  const { messages, findings } = readBatch(framed);
  if (hasErrors(findings)) return answerBroken(framed, findings, answering);
  const answers: Uint8Array[] = [];
  for (const message of messages) answers.push(await answerOne(Buffer.from(message), answering));
  return joinAnswers(answers);
}

/** A batch that was cut off, or counts otherwise than what is there, is refused whole: nobody knows what else is missing. */
function answerBroken(framed: Buffer, findings: readonly Finding[], answering: Answering): Promise<Uint8Array> {
  return taken(framed, answering, (partner, head, given) =>
    answering.parts.intake.intake(brokenBatch(framed, findings, partner), (verdict) =>
      renderVerdict(head, verdict, given),
    ),
  );
}

function answerOne(message: Buffer, answering: Answering): Promise<Uint8Array> {
  return taken(message, answering, (partner, head, given) => {
    const { arrival, read } = readArrival(message, partner, head);
    const take = () => answering.parts.intake.intake(arrival, (verdict) => renderVerdict(read.head, verdict, given));
    const own = answering.parts.lanesOf(partner.partner);
    return mustBeAlone(read.message) ? own.alone(take) : own.run(laneKey(read.message, partner.lane), take);
  });
}

type Take = (partner: MllpPartner, head: MessageHead, given: AckMade) => Promise<Answer>;

/** Never rejects: what goes wrong here is no fault of the message, and its sender must know that it was not taken. */
async function taken(bytes: Buffer, { candidates, parts }: Answering, take: Take): Promise<Uint8Array> {
  const head = readHead(bytes);
  const partner = speaker(head, candidates);
  if (partner === undefined) {
    parts.log.warn('mllp.unknown-sender');
    return renderRefusal(head, [UNKNOWN_SENDER], made(parts));
  }
  try {
    return (await take(partner, head, made(parts))).body;
  } catch (fault) {
    parts.log.error('mllp.fault', {
      partner: partner.partner,
      fault: fault instanceof Error ? fault.name : typeof fault,
    });
    return renderRefusal(head, [OWN_FAULT], made(parts));
  }
}

function made({ clock, ids }: Pick<MllpListenerParts, 'clock' | 'ids'>) {
  return { at: clock.now().toISOString(), id: ids.next() };
}

async function stop(
  server: Server,
  open: ReadonlySet<InboundConnection>,
  { limits, log }: MllpListenerParts,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const timer = setTimeout(() => {
    log.warn('mllp.drain-over', { connections: open.size });
    for (const connection of open) connection.destroy();
  }, limits.drainMs);
  await Promise.all([...open].map((connection) => connection.drain()));
  // Answered and ended: a peer that does not close its side must not hold us up.
  for (const connection of open) connection.destroy();
  await closed;
  clearTimeout(timer);
  log.info('mllp.stopped');
}

/* ------------------------------------------------------------------ what is said without the road */

const UNKNOWN_SENDER: Finding = {
  severity: 'error',
  rule: 'mllp/unknown-sender',
  place: { expression: 'MSH-3' },
  message: 'Nobody who may speak over this connection sends as this application and facility.',
  remedy: 'Send MSH-3 and MSH-4 as agreed, or ask for them to be entered.',
  issue: 'security',
};

const OWN_FAULT: Finding = {
  severity: 'error',
  rule: 'mllp/own-fault',
  place: {},
  message: 'The message could not be recorded, through no fault of its own.',
  remedy: 'Send it again as it is, under the same MSH-10.',
  issue: 'exception',
};

const REFUSALS: Readonly<Record<'too-long' | 'no-room', Finding>> = {
  'too-long': {
    severity: 'error',
    rule: 'mllp/too-long',
    place: {},
    message: 'The message is longer than what is taken here.',
    remedy: 'Send large documents in parts, or ask for a higher limit.',
    issue: 'too-long',
  },
  'no-room': {
    severity: 'error',
    rule: 'mllp/no-room',
    place: {},
    message: 'Too much is being received at once.',
    remedy: 'Send the message again later, as it is.',
    issue: 'throttled',
  },
};
