import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import type { Request, RequestHandler, Response } from 'express';
import type { BodyBudget } from './body-budget.ts';
import { bodyRefusal } from './body-refusals.ts';
import { type HttpRefusal, type RenderRefusal, refusalAnswer, writeHead } from './problem.ts';

export interface RawBodyOptions {
  /** Largest body in bytes, as received and when unpacked. */
  readonly maxBytes: number;
  /** How long the whole body may take; 30 s when left out. */
  readonly timeoutMs?: number;
  /** The adapter's dialect; problem+json when left out. */
  readonly render?: RenderRefusal;
  /** What all bodies together may hold, and whose share this one counts in; unlimited when left out. */
  readonly budget?: { readonly of: BodyBudget; readonly holder: (request: Request, response: Response) => string };
  /**
   * False: nothing of it is kept, and as many zero bytes stand in `request.body` at its end. For a sender that is refused
   * anyway, but must not see that from how its body is taken. True when left out.
   */
  readonly keep?: boolean;
}

/** What reading came to. `gone`: the sender left before the end; there is nobody to answer. */
type Read =
  | { readonly kind: 'body'; readonly bytes: Buffer }
  | { readonly kind: 'refused'; readonly refusal: HttpRefusal }
  | { readonly kind: 'gone' };

const DEFAULT_TIMEOUT_MS = 30_000;
const LINGER_MS = 1_000;

/**
 * Express middleware that reads the whole body into `request.body` as a Buffer, exactly as sent (a gzip body unpacked).
 * Refuses with 413 beyond `maxBytes`, 415 for other content encodings, 408 when it takes too long, 400 for broken gzip, and
 * 503 with Retry-After when the budget of bodies has no room for it.
 */
export function rawBody(options: RawBodyOptions): RequestHandler {
  return async (request, response, next) => {
    const room = roomFor(options, request, response);
    // Held until the answer is out, or nobody waits for one: so long somebody works with it.
    response.once('close', room.giveBack);
    const read = await readBody(request, options, room);
    if (read.kind === 'body') {
      request.body = read.bytes;
      next();
      return;
    }
    room.giveBack();
    if (read.kind === 'refused') refuseUnread(request, response, refusalAnswer(read.refusal, options.render));
  };
}

/** What one body takes of the budget. */
interface Room {
  readonly take: (bytes: number) => boolean;
  readonly giveBack: () => void;
}

function roomFor({ budget, keep = true }: RawBodyOptions, request: Request, response: Response): Room {
  if (budget === undefined || !keep) return { take: () => true, giveBack: () => {} };
  const holder = budget.holder(request, response);
  let taken = 0;
  return {
    take(bytes) {
      const isRoom = budget.of.take(holder, bytes);
      if (isRoom) taken += bytes;
      return isRoom;
    },
    giveBack() {
      budget.of.give(holder, taken);
      taken = 0;
    },
  };
}

async function readBody(request: Request, options: RawBodyOptions, room: Room): Promise<Read> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip') return { kind: 'refused', refusal: bodyRefusal('encoding') };
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > options.maxBytes) return { kind: 'refused', refusal: bodyRefusal('too-large') };
  return collect(request, encoding === 'gzip' ? createGunzip() : undefined, { ...options, room });
}

function collect(
  request: Request,
  gunzip: Gunzip | undefined,
  options: RawBodyOptions & { readonly room: Room },
): Promise<Read> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const source: Readable = gunzip === undefined ? request : request.pipe(gunzip);
    const finish = (read: Read): void => {
      clearTimeout(timer);
      if (gunzip !== undefined) request.unpipe(gunzip).removeListener('data', countPacked);
      source.removeListener('data', keep).removeListener('end', end);
      // An unpacker that still runs would go on unpacking a bomb nobody waits for.
      gunzip?.destroy();
      // What may still come is thrown away; left unread it would block the connection's next request.
      request.removeListener('close', gone).resume();
      resolve(read);
    };
    const refuse = (why: Parameters<typeof bodyRefusal>[0]) => finish({ kind: 'refused', refusal: bodyRefusal(why) });
    const counter = () => {
      let total = 0;
      return (chunk: Buffer): void => {
        total += chunk.length;
        if (total > options.maxBytes) refuse('too-large');
      };
    };
    const countPacked = counter();
    const countPlain = counter();
    let length = 0;
    const keep = (chunk: Buffer): void => {
      length += chunk.length;
      if (!options.room.take(chunk.length)) {
        refuse('no-room');
        return;
      }
      if (options.keep !== false) chunks.push(chunk);
      countPlain(chunk);
    };
    const end = () =>
      finish({ kind: 'body', bytes: options.keep === false ? Buffer.alloc(length) : Buffer.concat(chunks) });
    const gone = (): void => {
      if (!request.complete) finish({ kind: 'gone' });
    };
    const timer = setTimeout(() => refuse('too-slow'), options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    source.on('data', keep).on('end', end);
    gunzip?.on('error', () => refuse('broken-gzip'));
    if (gunzip !== undefined) request.on('data', countPacked);
    // `close` also follows a body that came whole, maybe before it is unpacked: that is not gone.
    request.on('close', gone).on('error', () => {});
  });
}

/**
 * Answers a request whose body was not read, and closes. The answer is written whole at once, but the connection stays for
 * up to a second while what still comes is thrown away: closed at once, the kernel would reset it and the sender, still
 * writing, would never see why.
 */
function refuseUnread(request: Request, response: ServerResponse, answer: ReturnType<typeof refusalAnswer>): void {
  response.setHeader('connection', 'close');
  writeHead(response, answer);
  response.write(answer.body);
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, LINGER_MS);
  if (request.readableEnded || request.destroyed) end();
  else request.once('end', end).once('close', end).resume();
}
