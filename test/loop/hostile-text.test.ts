import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { serviceRequest, transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { gpEntries, untilClosed } from '../fixtures/town/look.ts';
import { platformSays, untilReferred } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

/** Texts that something on the way could read as more than a text. */
const TEXTS = [
  'O"Neil","role":"admin',
  '{{ 1+1 }} and {{ Bundle.entry.resource.ofType(Patient).name }}',
  '<b>bold</b> & <script>alert(1)</script> &amp; \\"',
  '${process.env.HOME} `id` %request $this',
  '{% if true %} {[ 1 | 2 ]} %0d%0a \u0041\u030a é \u{1f600}',
];

let town: Town;
beforeEach(async () => {
  town = await startTown({ routes: ['- { name: both, to: [casework, springboard], all: true }'] });
});
afterEach(() => town.stop());

describe.each(TEXTS)('a free text like %j', (text) => {
  it('reaches both platforms and returns to the GP unchanged', async () => {
    const { reasonCode } = serviceRequest();
    const request = serviceRequest({ reasonCode: [{ ...reasonCode?.[0], text }], note: [{ text }] });
    const { task } = await town.gp.refer(transactionReferral({ request }));
    const nested = await untilReferred(town, 'casework');
    const flat = await untilReferred(town, 'springboard');
    expect(nested.received).toMatchObject({ case: { narrative: text, notes: [text] } });
    expect(flat.narrative).toContain(text);

    await platformSays(town, { by: 'springboard', status: 'Not eligible', reason: text });
    await platformSays(town, { by: 'casework', status: 'closed-signposted', note: text });
    await untilClosed(town, task);
    const notes = gpEntries(town).map(({ note }) => note ?? '');
    expect(notes[0]).toContain(`Reason: ${text}`);
    expect(notes[1]).toContain(text);
    const read = await town.gp.task(task);
    expect(read.note?.map((note) => note.text)).toContain(`Signposted: ${text}`);
  });
});
