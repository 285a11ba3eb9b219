import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { messageReferral, soleTask, transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { loopOf } from '../fixtures/town/look.ts';
import { untilReferred } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

let town: Town;
let task: string;
beforeEach(async () => {
  town = await startTown();
  ({ task } = await town.gp.refer(transactionReferral()));
  await untilReferred(town);
});
afterEach(() => town.stop());

/** What tells answers apart besides the ids and times that every answer has. */
const told = ({ status, text }: { status: number; text: string }, id: string) => [status, text.replaceAll(id, 'ID')];

describe('one practice and the referrals of another', () => {
  it('reads, finds and changes nothing of them, and cannot tell them from what is not there', async () => {
    const nowhere = '00000000-0000-7000-8000-000000000000';
    const seen = await town.otherGp.read(`/Task/${task}`);
    expect(seen.status).toBe(404);
    expect(told(seen, task)).toEqual(told(await town.otherGp.read(`/Task/${nowhere}`), nowhere));

    const put = (id: string) =>
      town.otherGp.send(`/Task/${id}`, { ...ownTask(id), status: 'cancelled' }, { 'if-match': 'W/"1"' }, 'PUT');
    const refused = await put(task);
    expect(refused.status).toBe(404);
    expect(told(refused, task)).toEqual(told(await put(nowhere), nowhere));

    for (const query of [`_id=${task}`, 'patient.identifier=9990000018', 'status=requested', '']) {
      expect((await town.otherGp.read(`/Task?${query}`)).body.total).toBe(0);
    }
    expect((await loopOf(town, task)).state.kind).toBe('requested');
  });

  it('cannot cancel them by a message that names their identifiers', async () => {
    const answer = await town.otherGp.send('/$process-message', messageReferral('update', 'revoked'));
    expect(answer.status).toBe(422);
    expect(answer.body.issue.at(-1)).toMatchObject({ code: 'not-found' });
    expect((await loopOf(town, task)).state).toMatchObject({ kind: 'requested', cancel: 'none' });
  });

  it('cannot reach into them by their ids: they are as unknown in a reference as any other id', async () => {
    const known = (await town.gp.task(task)).for?.reference ?? '';
    const refer = (reference: string) =>
      town.otherGp.send('/Task', { ...soleTask(), for: { reference }, contained: soleTask().contained?.slice(1) });
    const [theirs, nobodys] = [await refer(known), await refer('Patient/00000000-0000-7000-8000-000000000000')];
    expect(theirs.status).toBe(422);
    expect(told(theirs, known)).toEqual(told(nobodys, known));
  });
});

function ownTask(id: string) {
  return { resourceType: 'Task', id, intent: 'order', status: 'requested' };
}
