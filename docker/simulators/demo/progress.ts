import type { World } from './world.ts';

export interface Progress {
  /** Says a line that stays. */
  say(line: string): void;
  stop(): void;
}

const LOOK_MS = 500;
/** Where nothing can be written over, a line every so many looks. */
const PLAIN_EVERY = 4;

/** Shows how things stand, once a second or so: on a terminal in one line that changes, elsewhere as lines. */
export function startProgress(world: World, out: NodeJS.WriteStream, sent: () => number): Progress {
  const began = Date.now();
  let looks = 0;
  let shown = '';
  const clear = () => {
    if (out.isTTY && shown !== '') out.write(`\r${' '.repeat(shown.length)}\r`);
    shown = '';
  };
  const look = async (): Promise<void> => {
    const line = `${seconds(began)}  ${await standing(world, sent())}`;
    looks += 1;
    clear();
    if (out.isTTY) {
      shown = line;
      out.write(line);
    } else if (looks % PLAIN_EVERY === 0) out.write(`${line}\n`);
  };
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_MS).unref();
  return {
    say(line) {
      clear();
      out.write(`${seconds(began)}  ${line}\n`);
    },
    stop() {
      clearInterval(timer);
      clear();
    },
  };
}

function seconds(began: number): string {
  return `${((Date.now() - began) / 1000).toFixed(1).padStart(5)} s`;
}

async function standing(world: World, sent: number): Promise<string> {
  const counts = await world.store.counts();
  const of = (name: string) => counts[name] ?? 0;
  const cases = world.casework.cases().length + world.springboard.cases().length;
  const reports = world.casework.answered().length + world.springboard.answered().length;
  const waiting = of('leg.queued') + of('leg.sending');
  return `sent ${sent} · cases ${cases} · reports ${reports} · written back ${world.practice.filed().length} · on the way ${waiting} · open ${of('referral.open')} · closed ${of('referral.closed')}`;
}
