import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { checkStructure } from '../../../../src/core/fhir/structure.ts';
import { all } from './synthetic-resources.ts';

const model = loadR4Model();

/** What a careless or hostile sender might put anywhere. */
const anything = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    0,
    -1,
    1.5,
    true,
    [],
    {},
    [null],
    [[]],
    [{}],
    { resourceType: 'Patient' },
    'active',
    '2026-02-30',
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

interface Spot {
  readonly holder: Record<string, unknown> | unknown[];
  readonly key: string;
}

function spotsIn(value: unknown): Spot[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...spotsIn(holder[key])]);
}

type Mutation = (spot: Spot) => void;
const replaced = anything.map(
  (value): Mutation =>
    ({ holder, key }) =>
      Object.assign(holder, { [key]: structuredClone(value) }),
);
const removed = fc.constant<Mutation>(({ holder, key }) => {
  Array.isArray(holder) ? holder.splice(Number(key), 1) : delete holder[key];
});
const renamed = fc.string({ maxLength: 12 }).map(
  (name): Mutation =>
    ({ holder, key }) => {
      const value = Object.getOwnPropertyDescriptor(holder, key)?.value;
      // A list has its own `length`, which cannot be anything else.
      if (Array.isArray(holder) && name === 'length') return;
      Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
    },
);
const wrapped = fc.constant<Mutation>(({ holder, key }) => {
  Object.assign(holder, { [key]: [Object.getOwnPropertyDescriptor(holder, key)?.value] });
});

const damaged = fc
  .record({
    resource: fc.constantFrom(...all),
    mutations: fc.array(fc.tuple(fc.nat(), fc.oneof(replaced, removed, renamed, wrapped)), {
      minLength: 1,
      maxLength: 4,
    }),
  })
  .map(({ resource, mutations }) => {
    const copy = structuredClone(resource);
    for (const [at, mutate] of mutations) {
      const spots = spotsIn(copy);
      const spot = spots[at % Math.max(1, spots.length)];
      if (spot !== undefined && !(spot.key === 'length')) mutate(spot);
    }
    return JSON.parse(JSON.stringify(copy)) as unknown;
  });

describe('checkStructure on damaged resources', () => {
  it('never throws, and every finding is complete', () => {
    fc.assert(
      fc.property(damaged, (resource) => {
        for (const finding of checkStructure(resource, model)) {
          expect(finding.rule).toMatch(/^fhir\/[a-z0-9-]+$/);
          expect(finding.place.expression).toMatch(/^[A-Z]/);
          expect(finding.message.length).toBeGreaterThan(10);
          expect(finding.remedy.length).toBeGreaterThan(5);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('finds a replaced value of the wrong JSON type, wherever it stands', () => {
    const spot = fc.record({ resource: fc.constantFrom(...all), at: fc.nat() });
    fc.assert(
      fc.property(spot, ({ resource, at }) => {
        const copy = structuredClone(resource);
        const spots = spotsIn(copy).filter(({ holder, key }) => !Array.isArray(holder) && key !== 'resourceType');
        const chosen = spots[at % spots.length];
        if (chosen === undefined) return;
        // No element of R4 is a list of lists.
        Object.assign(chosen.holder, { [chosen.key]: [[1]] });
        expect(checkStructure(copy, model).filter(({ severity }) => severity === 'error')).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws on arbitrary JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(checkStructure(value, model).length).toBeGreaterThan(0);
      }),
    );
  });

  it('repeats no text of the resource in message or remedy', () => {
    const secret = 'Zebedee-Quux-4711';
    const value = fc.constantFrom<unknown>(secret, [secret], { code: secret }, { [secret]: 1 });
    const spot = fc.record({ resource: fc.constantFrom(...all), at: fc.nat(), value });
    fc.assert(
      fc.property(spot, ({ resource, at, value: planted }) => {
        const copy = structuredClone(resource);
        const spots = spotsIn(copy);
        const chosen = spots[at % spots.length];
        if (chosen !== undefined) Object.assign(chosen.holder, { [chosen.key]: planted });
        for (const { message, remedy } of checkStructure(copy, model)) expect(message + remedy).not.toContain(secret);
      }),
      { numRuns: 1000 },
    );
  });
});
