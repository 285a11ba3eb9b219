import { v7 } from 'uuid';
import type { Clock, Ids } from '../ports.ts';

/** The machine's clock. Everything that needs the time is given this, or a test's own. */
export const machineClock: Clock = { now: () => new Date() };

/** UUID version 7 (RFC 9562 §5.7): ids made later sort later. */
export const machineIds: Ids = { next: () => v7() };
