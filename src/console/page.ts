import type { ConsoleSession } from '../ports-console.ts';
import type { ROUTES, RouteName } from './access.ts';
import type { ConsoleParts } from './console-parts.ts';
import type { ConsolePath } from './paths.ts';
import type { ConsoleUser } from './session/console-user.ts';
import type { Shelf } from './session/shelf.ts';

/** What a handler is given of a request. */
export interface Asked {
  readonly route: RouteName;
  /** Parameters of the path, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Empty unless it is a POST, whose token was right. */
  readonly form: URLSearchParams;
  readonly now: Date;
  /** Where it came from, as the listener knows it. */
  readonly address: string;
  /** What this browser was given when it was sent elsewhere to sign in. */
  readonly held?: string;
  /** Ends when the browser has gone: what is streamed may stop. */
  readonly signal: AbortSignal;
}

/** By somebody who is signed in and may use the route. */
export interface AskedByUser extends Asked {
  readonly user: ConsoleUser;
  readonly session: ConsoleSession;
  readonly shelf: Shelf;
}

/** At whose data somebody is let look: an entry of the message log each, written before the page is sent. */
export interface Look {
  readonly kind: 'patient.read' | 'message.read' | 'loop.read' | 'certificate.read' | 'replay.planned';
  readonly referral?: string;
  readonly message?: string;
}

/** A word for the next page. Plain text without patient data: it is kept in the record for a moment. */
export interface Flash {
  readonly kind: 'success' | 'problem';
  readonly text: string;
}

export type PageAnswer =
  | {
      readonly kind: 'page';
      /** Name of the template in views/, without its ending. */
      readonly view: string;
      /** What the page is called, in the browser's title and as its heading. No patient data: titles stand in histories. */
      readonly title: string;
      /** What the template shows: plain values; it decides nothing. */
      readonly model: Readonly<Record<string, unknown>>;
      /** 200 when left out; 422 for a form that is shown again with what is wrong. */
      readonly status?: number;
      readonly looks?: readonly Look[];
    }
  /** After every POST that did something: a page that is loaded again must not do it again. */
  | {
      readonly kind: 'see-other';
      readonly to: ConsolePath;
      readonly flash?: Flash;
      /** A new session begins: what the browser is to hold. */
      readonly signedIn?: string;
      readonly signedOut?: true;
    }
  /** To the service at which users sign in; `holds` is given to the browser to show when it is back. */
  | { readonly kind: 'elsewhere'; readonly to: URL; readonly holds: string }
  | {
      readonly kind: 'download';
      /** Without patient data; only letters, digits, dots and hyphens of it are used. */
      readonly filename: string;
      readonly contentType: string;
      readonly body: AsyncIterable<string | Uint8Array>;
      readonly looks?: readonly Look[];
    }
  /** A file of the console itself: shows nothing of the record, and may be kept by the browser. */
  | { readonly kind: 'asset'; readonly contentType: string; readonly bytes: Uint8Array }
  /** 404 also for what is there and not for this user to see: it must not be told apart. */
  | { readonly kind: 'refused'; readonly status: 400 | 403 | 404 | 409 | 503; readonly text?: string };

export type OpenHandler = (asked: Asked, parts: ConsoleParts) => PageAnswer | Promise<PageAnswer>;
export type Handler = (asked: AskedByUser, parts: ConsoleParts) => PageAnswer | Promise<PageAnswer>;

/** Each route with its handler: the compiler misses one that is not there. */
export type Handlers = {
  readonly [N in RouteName]: (typeof ROUTES)[N]['roles'] extends 'anyone' ? OpenHandler : Handler;
};

export const NOT_FOUND: PageAnswer = { kind: 'refused', status: 404 };
