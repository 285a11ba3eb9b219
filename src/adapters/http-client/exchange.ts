import type { Dispatcher } from 'undici';
import type { Exchange, ExchangeLimits, HttpPost, ReplyHeaders } from '../../core/http-exchange.ts';
import { AddressRefused } from './guarded-lookup.ts';

/** A request whose address has been judged. */
interface Outgoing extends Omit<HttpPost, 'url'> {
  readonly url: URL;
}

/** Posts and waits for the whole reply. Never rejects: what goes wrong on the way is a value. */
export function exchange(
  dispatcher: Dispatcher,
  outgoing: Outgoing,
  limits: ExchangeLimits,
  signal: AbortSignal,
): Promise<Exchange> {
  return new Promise((resolve) => {
    const state = new ExchangeState(limits.maxReplyBytes, resolve);
    const timeout = setTimeout(() => state.giveUp('TIMEOUT', false), limits.timeoutMs);
    const stop = (): void => state.giveUp('ABORTED', true);
    signal.addEventListener('abort', stop, { once: true });
    state.onSettled = () => {
      clearTimeout(timeout);
      signal.removeEventListener('abort', stop);
    };
    if (signal.aborted) return stop();
    const { url, headers, body } = outgoing;
    dispatcher.dispatch(
      { origin: url.origin, path: `${url.pathname}${url.search}`, method: 'POST', headers, body },
      state,
    );
  });
}

/** Follows one dispatched request; lives until the exchange is settled. */
class ExchangeState implements Dispatcher.DispatchHandler {
  onSettled: () => void = () => {};
  readonly #maxBytes: number;
  readonly #resolve: (exchange: Exchange) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #status = 0;
  #headers: ReplyHeaders = {};
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(maxBytes: number, resolve: (exchange: Exchange) => void) {
    this.#maxBytes = maxBytes;
    this.#resolve = resolve;
  }

  giveUp(code: string, aborted: boolean): void {
    this.#settle({ kind: 'failed', written: this.#controller !== undefined, aborted, code });
    this.#controller?.abort(new Error(code));
  }

  /** The connection stands and the request is written next. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Given up while it waited for a connection: it was reported as not sent, so that it must not be.
    if (this.#settled) controller.abort(new Error('given up'));
    else this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: ReplyHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#maxBytes) {
      this.#chunks.push(chunk);
      return;
    }
    this.#settle({ kind: 'reply', ...this.#head(), body: Buffer.alloc(0), tooLarge: true });
    controller.abort(new Error('the reply is too large'));
  }

  onResponseEnd(): void {
    this.#settle({ kind: 'reply', ...this.#head(), body: Buffer.concat(this.#chunks), tooLarge: false });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const written = this.#controller !== undefined;
    const finding = error instanceof AddressRefused && { finding: error.finding };
    this.#settle({ kind: 'failed', written, aborted: false, code: codeOf(error), ...finding });
  }

  #head(): { status: number; headers: ReplyHeaders } {
    return { status: this.#status, headers: this.#headers };
  }

  #settle(exchange: Exchange): void {
    if (this.#settled) return;
    this.#settled = true;
    this.onSettled();
    this.#resolve(exchange);
  }
}

/** A code to log and keep. Messages are left out: they hold addresses, and what a certificate says. */
function codeOf(error: Error): string {
  const code: unknown = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : error.name;
}
