import type { Trace } from '../../ports.ts';
import { aboutFields } from './about-fields.ts';
import { addToWork, withinWork } from './work-context.ts';

/** Lets the log know what each step is about, where nobody traces. */
export const LOGGED_TRACE: Trace = {
  spans: false,
  step: ({ about }, run) => withinWork(aboutFields(about), run),
  about: (more) => addToWork(aboutFields(more)),
  current: () => undefined,
};
