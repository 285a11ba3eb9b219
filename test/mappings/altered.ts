import fc from 'fast-check';

/** What can be wrong with, or unusual about, one place of a message. */
const ALTERATIONS: readonly ((holder: Record<string, unknown> | unknown[], key: string) => void)[] = [
  ...[null, '', 0, -1.5, 7, true, false, [], {}, 'x', 'official', 'old', '2026-11-02', 'PHQ-9', '12'].map(
    (value) => (holder: Record<string, unknown> | unknown[], key: string) => put(holder, key, value),
  ),
  (holder, key) => void (Array.isArray(holder) ? holder.splice(Number(key), 1) : delete holder[key]),
  (holder, key) => put(holder, key, [at(holder, key)]),
  (holder, key) => put(holder, key, [at(holder, key), at(holder, key)]),
  (holder, key) => put(holder, key, [[at(holder, key)], null]),
  (holder, key) => put(holder, `_${key}`, { extension: [{ url: 'urn:a', valueString: 'b' }] }),
  (holder, key) => put(holder, `_${key}`, null),
  (holder, key) => put(holder, key, { resourceType: 'Patient', name: [{ family: 'Within' }], text: at(holder, key) }),
  (holder, key) => put(holder, key, { resourceType: 7 }),
  (holder, key) => put(holder, key, { value: at(holder, key), toJSON: 'x', coding: [] }),
  (holder, key) => put(holder, key, { __path__: at(holder, key), system: 'urn:a', code: 'b' }),
  (holder) => put(holder, 'resourceType', 'Basic'),
  (holder) => put(holder, 'valueBoolean', false),
];

function at(holder: Record<string, unknown> | unknown[], key: string): unknown {
  return Array.isArray(holder) ? holder[Number(key)] : holder[key];
}

function put(holder: Record<string, unknown> | unknown[], key: string, value: unknown): void {
  if (!Array.isArray(holder)) holder[key] = value;
  else if (Number.isInteger(Number(key))) holder[Number(key)] = value;
}

/** One of some messages, altered at none to three places. */
export function altered(messages: readonly unknown[]): fc.Arbitrary<unknown> {
  const alteration = fc.record({ place: fc.nat(), how: fc.constantFrom(...ALTERATIONS) });
  return fc
    .record({ message: fc.constantFrom(...messages), alterations: fc.array(alteration, { maxLength: 3 }) })
    .map(({ message, alterations }) => {
      const copy: unknown = structuredClone(message);
      for (const { place, how } of alterations) {
        const places = placesIn(copy);
        const [holder, key] = places[place % Math.max(places.length, 1)] ?? [];
        if (holder !== undefined && key !== undefined) how(holder, key);
      }
      return copy;
    });
}

type Place = readonly [Record<string, unknown> | unknown[], string];

function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown> | unknown[];
  return Object.entries(holder).flatMap(([key, member]): Place[] => [[holder, key], ...placesIn(member)]);
}
