import type { Answer } from '../../core/message.ts';
import type { Reason } from '../../ports.ts';

/**
 * The errors of a problem document (RFC 9457). What was answered to the same message elsewhere, by another of the partner's doors, may
 * be no such document: then there are none.
 */
export function problemReasons({ body }: Answer): Reason[] {
  const errors = member(parsed(body), 'errors');
  return Array.isArray(errors) ? errors.map(readError) : [];
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

function readError(error: unknown): Reason {
  const text = (key: string): string => {
    const value = member(error, key);
    return typeof value === 'string' ? value : '';
  };
  return { rule: text('rule'), place: text('pointer'), message: text('detail'), remedy: text('remedy') };
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Reflect.get(value, key);
}
