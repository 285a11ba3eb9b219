import { describe, expect, it } from '@jest/globals';
import { decidedDigest } from '../../../src/config/decided-digest.ts';
import type { Config } from '../../../src/config/schema.ts';

const inlets = [{ type: 'fhir', tokens: [{ sha256: 'aa' }], scopes: ['refer'] }];
const partners = [{ id: 'oak-road', kind: 'gp-system', inlets }];
const engine = { listen: { port: 8080 }, roles: ['inlets'], deadlines: { deliver: 1 }, serviceValueSet: 'x' };
const routes = [{ name: 'everybody', to: ['casework'], all: true }];
const digestOf = (more: object = {}) => decidedDigest({ partners, engine, routes, ...more } as unknown as Config);

describe('the digest of what a configuration decides', () => {
  it.each([
    ['a port and a role', { engine: { ...engine, listen: { port: 8081 }, roles: ['workers'] } }],
    ['a token', { partners: [{ ...partners[0], inlets: [{ ...inlets[0], tokens: [{ sha256: 'bb' }] }] }] }],
    ['the order in which things are written', { partners: [{ kind: 'gp-system', inlets, id: 'oak-road' }] }],
  ])('is the same with another: %s', (_what, more) => {
    expect(digestOf(more)).toBe(digestOf());
  });

  it.each([
    ['partner', { partners: [...partners, { id: 'casework', inlets: [] }] }],
    ['route', { routes: [] }],
    ['deadline', { engine: { ...engine, deadlines: { deliver: 2 } } }],
  ])('is another with another %s', (_what, more) => {
    expect(digestOf(more)).not.toBe(digestOf());
  });

  it('is short, and nothing of the configuration', () => {
    expect(digestOf()).toMatch(/^[0-9a-f]{16}$/);
  });
});
