import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openWorkspace } from '../../src/cli/mappings-workspace.ts';
import type { CompiledMapping } from '../../src/core/mapping/compile.ts';
import { receiptsOfPartner } from '../../src/flow/desk/partner-receipts.ts';
import { makePdf } from '../../src/wire-document.ts';
import { NHS_NUMBER, transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

const project = join(import.meta.dirname, '../..');
const WANTED = { partner: 'casework', report: 'casework/report', limit: 10 };

let town: Town;

beforeEach(async () => {
  const playbook = [
    { afterMs: 20, status: 'accepted' },
    { afterMs: 20, status: 'closed-completed' },
  ];
  town = await startTown({ playbooks: new Map([[NHS_NUMBER, playbook]]) });
});

afterEach(() => town.stop());

async function shippedMappings(): Promise<Map<string, CompiledMapping>> {
  const directories = { mappings: join(project, 'mappings'), terminology: join(project, 'terminology') };
  const { mappings } = await openWorkspace(directories);
  return new Map(mappings.map(({ mapping }) => [mapping.name, mapping]));
}

describe('the receipts of a platform', () => {
  it('count what became of its messages, and say which were made with another version', async () => {
    await town.gp.refer(transactionReferral());
    await until('the loop is closed', async () => (await town.store.loops({ status: 'closed', limit: 1 }))[0]);
    const mappings = await shippedMappings();
    const given = { store: town.store, mappings, makePdf };

    const receipts = await receiptsOfPartner(WANTED, given);
    const sent = receipts.filter(({ direction }) => direction === 'out');
    const reported = receipts.filter(({ direction }) => direction === 'in');
    expect(sent).toMatchObject([{ mapping: 'casework/referral', version: 'same', sameBytes: true }]);
    expect(sent[0]?.totals?.renamed).toBeGreaterThan(5);
    expect(reported.map(({ mapping, version, totals }) => [mapping, version, totals?.translated])).toEqual([
      ['casework/report', 'same', 1],
      ['casework/report', 'same', 1],
    ]);
    expect(new Set(receipts.map(({ message }) => message)).size).toBe(3);
    expect(JSON.stringify(receipts)).not.toContain(NHS_NUMBER);

    const changed = mappings.get('casework/referral');
    if (changed === undefined) throw new Error('no mapping');
    const moved = new Map(mappings).set('casework/referral', { ...changed, digest: 'another' });
    const [one] = await receiptsOfPartner(WANTED, { ...given, mappings: moved });
    expect(one).toMatchObject({ version: 'other', sameBytes: true });
    moved.delete('casework/referral');
    expect((await receiptsOfPartner(WANTED, { ...given, mappings: moved }))[0]).toMatchObject({ version: 'gone' });
  });
});
