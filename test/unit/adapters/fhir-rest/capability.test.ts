import { describe, expect, it } from '@jest/globals';
import type { CapabilityStatement } from 'fhir/r4.js';
import { capabilityStatement } from '../../../../src/adapters/fhir-rest/capability.ts';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { xmlToFhirJson } from '../../../../src/adapters/fhir-rest/xml.ts';
import { checkStructure } from '../../../../src/core/fhir/structure.ts';
import { BASE, type Endpoint, NOW, startEndpoint } from './endpoint.ts';

const CODES = ['read', 'search-type', 'create', 'update'] as const;
type Code = (typeof CODES)[number];
const METHODS = { read: 'GET', 'search-type': 'GET', create: 'POST', update: 'PUT' } as const;

function listed({ rest }: CapabilityStatement): [string, Code][] {
  return (rest?.[0]?.resource ?? []).flatMap(({ type, interaction = [] }) =>
    CODES.filter((code) => interaction.some((one) => one.code === code)).map((code): [string, Code] => [type, code]),
  );
}

async function tried(endpoint: Endpoint, type: string, code: Code): Promise<number> {
  const path = code === 'read' || code === 'update' ? `/${type}/x` : `/${type}`;
  const method = METHODS[code];
  return (await endpoint.call(path, { method, ...(method !== 'GET' && { body: '{}' }) })).status;
}

describe('the CapabilityStatement', () => {
  const statement = capabilityStatement(BASE, NOW);

  it('is sound R4', () => {
    expect(checkStructure(statement, loadR4Model())).toEqual([]);
  });

  it('is given to anybody, in JSON and XML', async () => {
    const endpoint = await startEndpoint();
    const json: unknown = await (await fetch(`${endpoint.url}/metadata`)).json();
    expect(json).toEqual(statement);
    const xml = await fetch(`${endpoint.url}/metadata`, { headers: { accept: 'application/fhir+xml' } });
    expect(xmlToFhirJson(Buffer.from(await xml.text())).content).toEqual(JSON.parse(JSON.stringify(statement)));
    expect((await fetch(`${endpoint.url}/metadata`, { headers: { accept: 'text/html' } })).status).toBe(406);
    await endpoint.stop();
  });

  it('is true: every interaction that it lists is answered', async () => {
    const endpoint = await startEndpoint();
    const found = { read: 404, 'search-type': 200, create: 400, update: 400 };
    for (const [type, code] of listed(statement)) {
      expect([type, code, await tried(endpoint, type, code)]).toEqual([type, code, found[code]]);
    }
    await endpoint.stop();
  });

  it('is true: no interaction that it does not list is answered', async () => {
    const endpoint = await startEndpoint();
    const known = new Set(listed(statement).map((pair) => pair.join(' ')));
    for (const { type } of statement.rest?.[0]?.resource ?? []) {
      for (const code of CODES.filter((one) => !known.has(`${type} ${one}`))) {
        expect([type, code, [404, 405].includes(await tried(endpoint, type, code))]).toEqual([type, code, true]);
      }
    }
    await endpoint.stop();
  });
});
