/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

type Chance = () => number;

const SIGNS = [...'|^~\\&\r\n"#', 'MSH|', 'MSA|', '""', '\\X', '\\.br\\', '\\Xzz\\', '\r\nPID|', 'FHS|', '\u001c\r'];

/** One change of a kind that broken senders, networks and people make. */
const CHANGES: readonly ((bytes: Uint8Array, chance: Chance) => Uint8Array)[] = [
  (bytes, chance) => splice(bytes, at(bytes, chance), 1, Uint8Array.of(Math.floor(chance() * 256))),
  (bytes, chance) => splice(bytes, at(bytes, chance), 0, Uint8Array.of(Math.floor(chance() * 256))),
  (bytes, chance) => splice(bytes, at(bytes, chance), 1 + Math.floor(chance() * 20), Uint8Array.of()),
  (bytes, chance) => splice(bytes, at(bytes, chance), Math.floor(chance() * 3), text(pick(SIGNS, chance))),
  (bytes, chance) => bytes.subarray(0, at(bytes, chance)),
  (bytes, chance) => bytes.subarray(at(bytes, chance)),
  // Half of the changes meet the header, where most depends on each byte.
  (bytes, chance) => splice(bytes, Math.floor(chance() * 80), 1, text(pick(SIGNS, chance))),
  (bytes, chance) => splice(bytes, Math.floor(chance() * 80), 1 + Math.floor(chance() * 3), Uint8Array.of()),
  (bytes, chance) => {
    const start = at(bytes, chance);
    const part = bytes.subarray(start, start + Math.floor(chance() * 60));
    return splice(bytes, at(bytes, chance), 0, part);
  },
  (bytes, chance) => {
    const lines = new TextDecoder('latin1').decode(bytes).split('\r');
    const [line = ''] = lines.splice(Math.floor(chance() * lines.length), 1);
    if (chance() < 0.5) lines.splice(Math.floor(chance() * (lines.length + 1)), 0, line, line);
    return latin1(lines.join('\r'));
  },
];

/** A message after one to four changes. */
export function mutate(bytes: Uint8Array, chance: Chance): Uint8Array {
  let changed = bytes;
  for (let left = 1 + Math.floor(chance() * 4); left > 0; left -= 1) changed = pick(CHANGES, chance)(changed, chance);
  return changed;
}

export function pick<T>(list: readonly T[], chance: Chance): T {
  const [first] = list;
  const found = list[Math.floor(chance() * list.length)] ?? first;
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}

function at(bytes: Uint8Array, chance: Chance): number {
  return Math.floor(chance() * bytes.length);
}

function splice(bytes: Uint8Array, start: number, remove: number, insert: Uint8Array): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, start), ...insert, ...bytes.subarray(start + remove)]);
}

function text(written: string): Uint8Array {
  return new TextEncoder().encode(written);
}

function latin1(written: string): Uint8Array {
  return Uint8Array.from(written, (sign) => sign.charCodeAt(0));
}
