import { PlainRun } from '../../fhirpath/plain/plain-run.ts';
import type { RunState } from '../run-state.ts';

/** One run of a mapping on plain data. */
export class MappingRunOnPlain extends PlainRun {
  readonly state: RunState;

  constructor(input: unknown, slots: number, state: RunState) {
    super(input, new Array(slots).fill(undefined), state);
    this.state = state;
  }
}
