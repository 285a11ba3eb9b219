import { asStoreError, StoreError, type StoreErrorCode } from '../store-error.ts';

/*
 * Both ways go lists: all that one turn of the event loop asks, or answers. A message between threads costs the same
 * whether it holds one of them or fifty.
 */

/** What goes to a store's thread. `open` comes first and `close` last; every other name is one of the port's. */
export interface Request {
  readonly id: number;
  readonly name: string;
  /** The asker's clock. */
  readonly now: string;
  readonly asked: readonly unknown[];
}

/** What comes back: errors as data, because an Error loses its code on the way between threads. */
export type Response =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly code: StoreErrorCode; readonly message: string } };

export function failure(id: number, thrown: unknown): Response {
  const { code, message } = asStoreError(thrown);
  return { id, error: { code, message } };
}

export function errorOf(error: { readonly code: StoreErrorCode; readonly message: string }): StoreError {
  return new StoreError(error.code, error.message);
}
