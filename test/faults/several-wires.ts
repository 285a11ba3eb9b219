import type { Fate, Wire } from '../fixtures/postgres/cut-wire.ts';

/** What can be done to a line. */
export type Line = Pick<Wire, 'fate' | 'cut' | 'down'>;

/** Several wires as one line: what befalls it befalls all of them. */
export function asOneLine(wires: readonly Line[]): Line {
  let fate: (piece: Buffer) => Fate = () => 'pass';
  return {
    get fate() {
      return fate;
    },
    set fate(next) {
      fate = next;
      for (const wire of wires) wire.fate = next;
    },
    cut: () => {
      for (const wire of wires) wire.cut();
    },
    down: (isDown) => {
      for (const wire of wires) wire.down(isDown);
    },
  };
}
