import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { frame } from '../../src/adapters/hl7v2-mllp/framing.ts';
import { readArrival } from '../../src/adapters/hl7v2-mllp/read-arrival.ts';
import { nhsNumberCheckDigit } from '../../src/core/fhir/nhs-number.ts';
import type { BenchOutput } from '../output.ts';

/** Round trips a second, medians. */
export interface RoundTrips {
  readonly hearback: number;
  readonly bare: number;
}

const CONNECTIONS = ['1', '16', '200'] as const;
type Connections = (typeof CONNECTIONS)[number];
/** Of the bare listener, at 16 connections. */
const AIM = 0.5;
const ROUNDS = 5;

const NOTES = [
  'MLLP round trips: ORU^R01 of a platform, each connection sends the next when the last is acknowledged. hearback: framing, reading',
  'and checking, its place in order, one group commit in the record (message, answer, work, log entry), acknowledgement; what was',
  'taken waits. bare: framing, one write and fdatasync a group, a fixed acknowledgement. Each in a process of its own, in turns.',
];

/** Listeners that flush before they acknowledge. */
export async function benchMllp({ say, pace }: BenchOutput): Promise<Readonly<Record<Connections, RoundTrips>>> {
  const servers = { hearback: await startServer('hearback'), bare: await startServer('bare') };
  try {
    for (const line of ['', ...NOTES]) say(line);
    const rounds = Math.min(pace.rounds, ROUNDS);
    const measured = {
      '1': await compete(1, servers, { rounds, turnMs: pace.turnMs * 2 }),
      '16': await compete(16, servers, { rounds, turnMs: pace.turnMs * 2 }),
      '200': await compete(200, servers, { rounds, turnMs: pace.turnMs * 2 }),
    };
    for (const connections of CONNECTIONS) say(line(connections, measured[connections]));
    const reached = measured['16'].hearback / measured['16'].bare;
    say(readingLine());
    say(
      `aim ${reached >= AIM ? 'reached' : 'missed'}: ${reached.toFixed(2)} of the bare listener at 16 connections (at least ${AIM})`,
    );
    return measured;
  } finally {
    await Promise.all([servers.hearback.stop(), servers.bare.stop()]);
  }
}

function line(connections: string, { hearback, bare }: RoundTrips): string {
  const ratio = (hearback / bare).toFixed(2);
  return `${connections.padStart(4)} connections  hearback ${String(hearback).padStart(6)}/s  bare ${String(bare).padStart(6)}/s  ${ratio}`;
}

/** What reading, checking and making the tree costs of it, on one processor and without anything else. */
function readingLine(): string {
  const terms = {
    partner: 'platform',
    mappings: new Map([['ORU^R01', 'mllp-report']]),
    processingIds: ['P'],
    sizes: { maxEntries: 500, maxNodes: 20_000 },
    characterSet: 'ASCII',
  };
  const messages = Array.from({ length: READ }, (_, index) => report(`R${index}`));
  const before = process.cpuUsage();
  for (const message of messages) readArrival(message, terms);
  const { user, system } = process.cpuUsage(before);
  return `of which reading and checking takes ${Math.round((user + system) / READ)} us of processor time a message`;
}

const READ = 2_000;

interface Turns {
  readonly rounds: number;
  readonly turnMs: number;
}

async function compete(count: number, servers: Readonly<Record<keyof RoundTrips, Server>>, { rounds, turnMs }: Turns) {
  const clients = {
    hearback: await connectAll(servers.hearback.port, count),
    bare: await connectAll(servers.bare.port, count),
  };
  const rates: Record<keyof RoundTrips, number[]> = { hearback: [], bare: [] };
  await turn(clients.hearback, turnMs);
  await turn(clients.bare, turnMs);
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ['hearback', 'bare'] as const) rates[name].push(await turn(clients[name], turnMs));
  }
  for (const socket of [...clients.hearback, ...clients.bare]) socket.destroy();
  return { hearback: median(rates.hearback), bare: median(rates.bare) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN);
}

/* ------------------------------------------------------------------ the sending side */

async function connectAll(port: number, count: number): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, () => connect({ port, host: '127.0.0.1', noDelay: true }));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  return sockets;
}

let sent = 0;

/** All connections send for so long; gives acknowledgements a second. Every acknowledgement must be an AA for what was sent. */
async function turn(sockets: readonly Socket[], ms: number): Promise<number> {
  const began = performance.now();
  const counts = await Promise.all(sockets.map((socket) => sendFor(socket, began + ms)));
  const done = counts.reduce((sum, count) => sum + count, 0);
  return (done * 1_000) / (performance.now() - began);
}

function sendFor(socket: Socket, until: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let [count, text, id] = [0, '', ''];
    const next = (): void => {
      sent += 1;
      id = `B${sent}`;
      socket.write(frame(report(id)));
    };
    const hear = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      if (!text.endsWith('\x1c\r')) return;
      if (!text.includes(`MSA|AA|${id}\r`)) reject(new Error(`not acknowledged: ${text}`));
      count += 1;
      text = '';
      if (performance.now() < until) {
        next();
        return;
      }
      socket.off('data', hear);
      resolve(count);
    };
    socket.on('data', hear);
    next();
  });
}

/** Of the 999 range, another one for each of many messages: those about one patient would wait for each other. */
function nhsNumber(count: number): string {
  for (let number = count % 1_000_000; ; number = (number + 1) % 1_000_000) {
    const nine = `999${String(number).padStart(6, '0')}`;
    const digit = nhsNumberCheckDigit(nine);
    if (digit !== undefined) return `${nine}${digit}`;
  }
}

/** About a kilobyte, as an outcome with its scores is. */
function report(id: string): Buffer {
  const scores = Array.from(
    { length: 8 },
    (_, item) => `OBX|${item + 2}|NM|ITEM${item + 1}^Item ${item + 1}^L||${item % 5}|{score}|||||F`,
  );
  const segments = [
    `MSH|^~\\&|PLATFORM|VCSE|HEARBACK|HB|20261121090000+0000||ORU^R01^ORU_R01|${id}|P|2.5.1||||||UNICODE UTF-8`,
    `PID|1||${nhsNumber(Number(id.slice(1)))}^^^NHS^NH||Thistlewood^Marigold||19510307|F|||4 Invented Row^^Sampleford^^ZZ99 3AA`,
    `OBR|1|0198a1b2-0000-7000-8000-${id.slice(1).padStart(12, '0')}||PROM^Wellbeing^L|||20261121090000+0000||||||||||||||||||F`,
    'OBX|1|NM|TOTAL^Total score^L||26|{score}|||||F|||20261121090000+0000',
    ...scores,
  ];
  return Buffer.from(`${segments.join('\r')}\r`);
}

/* ------------------------------------------------------------------ the listening side */

interface Server {
  readonly port: number;
  stop(): Promise<void>;
}

async function startServer(kind: keyof RoundTrips): Promise<Server> {
  const directory = mkdtempSync(join(tmpdir(), `hearback-bench-${kind}-`));
  const file = join(import.meta.dirname, 'mllp-server.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', file, kind, directory], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const port = await firstLine(child);
  return {
    port: Number(port),
    async stop() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the listener has no output');
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the listener ended before it listened')));
  const [text] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended]);
  return String(text);
}
