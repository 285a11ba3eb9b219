import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ASYNCAPI, faultsOfDocument, newMessageJudge } from '../../fixtures/amqp/asyncapi.ts';
import { PROJECT } from '../../fixtures/town/town-config.ts';

const { named, faults } = newMessageJudge();
const properties = {
  messageId: 'msg-1',
  type: 'status.changed',
  contentType: 'application/json',
  deliveryMode: 2,
};
const message = (body: unknown, more: object = {}) => ({
  content: Buffer.from(JSON.stringify(body)),
  properties: { ...EMPTY, ...properties, ...more },
});
const EMPTY = {
  contentEncoding: undefined,
  headers: undefined,
  priority: undefined,
  correlationId: undefined,
  replyTo: undefined,
  expiration: undefined,
  timestamp: undefined,
  userId: undefined,
  appId: undefined,
  clusterId: undefined,
};

describe('the AsyncAPI document', () => {
  it('is one, by its own schema', () => {
    expect(faultsOfDocument(ASYNCAPI)).toEqual([]);
  });

  it('would be told of what is wrong', () => {
    const text = readFileSync(join(PROJECT, 'docs/asyncapi.yaml'), 'utf8');
    const planted = [
      ['action: receive', 'action: publish'],
      ['asyncapi: 3.0.0', 'asyncapi: 2.0.0'],
      ['is: routingKey', 'is: topic'],
      ['deliveryMode: 2, mandatory', 'deliveryMode: 3, mandatory'],
    ] as const;
    for (const [right, wrong] of planted) {
      expect(text).toContain(right);
      expect(faultsOfDocument(parse(text.replace(right, wrong)))).not.toEqual([]);
    }
  });

  it('knows every type of message that the shape sends', () => {
    const keys = ['referral', 'update', 'cancel'].flatMap((name) => {
      const schema = JSON.parse(readFileSync(join(PROJECT, `mappings/piecemeal/${name}.schema.json`), 'utf8'));
      const items: { properties: { key: { const: string } } }[] = schema.items.oneOf ?? [schema.items];
      return items.map((item) => item.properties.key.const);
    });
    const sent = Object.keys(ASYNCAPI.channels['toPlatform']?.messages ?? {});
    expect(new Set(keys.map(named))).toEqual(new Set(sent));
  });

  it('and every state that the shape’s concept map knows, and no other', () => {
    const map = readFileSync(join(PROJECT, 'terminology/concept-map-piecemeal-status-to-loop-state.json'), 'utf8');
    const elements: { code: string; target: { code?: string }[] }[] = JSON.parse(map).group[0].element;
    const known = elements.filter(({ target }) => target[0]?.code !== undefined).map(({ code }) => code);
    const says = (status: string) =>
      faults('statusChanged', message({ kind: 'status.changed', referral: 'r-1', status }));
    for (const status of known.filter((code) => code !== 'outcome.recorded')) expect(says(status)).toEqual([]);
    expect(says('made-up')).not.toEqual([]);
  });

  it('would be told of a message that is not as it says', () => {
    const status = { kind: 'status.changed', referral: 'r-1', status: 'done' };
    expect(faults('statusChanged', message(status))).toEqual([]);
    const { referral: _, ...nameless } = status;
    expect(faults('statusChanged', message(nameless))).not.toEqual([]);
    expect(faults('statusChanged', message(status, { messageId: undefined }))).not.toEqual([]);
    expect(faults('statusChanged', message(status, { contentType: 'text/plain' }))).not.toEqual([]);
    expect(faults('noteAdded', message({ id: '1', referral: 'r-1', revision: 'm-1', number: 1 }))).not.toEqual([]);
    expect(faults('refused', message({}, { headers: { 'x-hearback-rule': 'Ada Testwell' } }))).not.toEqual([]);
  });
});
