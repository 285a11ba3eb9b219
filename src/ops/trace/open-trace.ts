import type { Trace } from '../../ports.ts';
import { LOGGED_TRACE } from './logged-trace.ts';

/** @param spans true where the configuration asks for traces: only then the library for them is loaded */
export async function openTrace(spans: boolean): Promise<Trace> {
  if (!spans) return LOGGED_TRACE;
  const { spanTrace } = await import('./span-trace.ts');
  return spanTrace();
}
