import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { DocumentReference } from 'fhir/r4.js';
import type { ReadableDocument } from '../../../../src/core/document/readable-document.ts';
import { attachResults } from '../../../../src/core/loop/report/attach-results.ts';
import { ENTRY_ID_SYSTEM, SNOMED_SYSTEM } from '../../../../src/core/referral.ts';
import type { RoadPartner } from '../../../../src/flow/road-parts.ts';
import { documentBundle } from '../../../../src/flow/write-back/document-bundle.ts';
import { dossier, happened, PARENT, referral } from '../../core/loop/a-loop.ts';

const partner = (channel: 'fhir' | 'mllp'): RoadPartner => ({
  id: 'elm-road',
  kind: 'gp-system',
  organisation: { name: 'Elm Road Surgery' },
  outward: { channel, level: 'technical', mappings: new Map() },
});

const events = [
  happened('did-not-attend', 5, { actor: 'Sam Okoro', note: 'The bus\nwas late.' }),
  happened('completed', 9, { actor: 'Sam Okoro', note: 'Joined the choir.' }),
];
const [, last] = events;

function about() {
  if (last === undefined) throw new Error('a last event');
  const stored = dossier();
  const resource = {
    resourceType: 'Observation' as const,
    status: 'final' as const,
    code: { coding: [{ system: SNOMED_SYSTEM, code: '718466001' }], text: 'SWEMWBS' },
    valueInteger: 26,
  };
  for (const one of attachResults({ report: { results: [{ resource }] }, dossier: stored, event: last })) {
    stored.entry?.push({ resource: one });
  }
  return { dossier: stored, referral, event: last, digest: events };
}

/** A press that prints nothing and keeps what it was given. */
function press() {
  const given: ReadableDocument[] = [];
  const bytes = new TextEncoder().encode('%PDF');
  const makePdf = (document: ReadableDocument) => {
    given.push(document);
    return bytes;
  };
  return { given, bytes, makePdf };
}

describe('what happened as a document', () => {
  it('says what happened in order, what was measured, about whom, and by whom', () => {
    const { given, makePdf } = press();
    documentBundle(about(), partner('fhir'), { makePdf });
    expect(given).toHaveLength(1);
    const [letter] = given;
    expect(letter?.patient).toEqual(['Ada Testperson', 'NHS number 9990000018']);
    expect(letter?.sections).toEqual([
      {
        heading: 'What happened',
        paragraphs: [
          '2026-11-02 Did not attend (SNOMED CT 281399006 Did not attend (finding)).\nThe bus\nwas late.\nSaid by Sam Okoro, Riverside Casework.',
          '2026-11-02 Completed.\nJoined the choir.\nSaid by Sam Okoro, Riverside Casework.',
        ],
      },
      { heading: 'What was measured', paragraphs: ['2026-11-02 SWEMWBS: 26'] },
      {
        rows: [
          { label: 'Written by', text: 'Sam Okoro; Riverside Casework' },
          { label: 'Sent by', text: 'Hearback' },
          { label: 'Referral', text: referral.id },
        ],
      },
    ]);
  });

  it('is one DocumentReference that a repeat does not double, with the digest of its bytes', () => {
    const { bytes, makePdf } = press();
    const { bundle } = documentBundle(about(), partner('fhir'), { makePdf });
    const [entry, ...others] = bundle?.entry ?? [];
    expect(others).toEqual([]);
    const document = entry?.resource as DocumentReference;
    const id = document.identifier?.[0]?.value ?? '';
    expect(entry?.request).toEqual({
      method: 'POST',
      url: 'DocumentReference',
      ifNoneExist: `identifier=${ENTRY_ID_SYSTEM}|${id}`,
    });
    expect(document.content[0]?.attachment).toMatchObject({
      contentType: 'application/pdf',
      data: Buffer.from(bytes).toString('base64'),
      hash: createHash('sha1').update(bytes).digest('base64'),
    });
    expect(documentBundle(about(), partner('fhir'), { makePdf })).toEqual({ bundle });
  });

  it('says no word that was not agreed to, where codes alone may go', () => {
    const { given, makePdf } = press();
    documentBundle({ ...about(), codesOnly: true }, partner('fhir'), { makePdf });
    expect(JSON.stringify(given)).not.toMatch(/choir|bus|late/);
    expect(JSON.stringify(given)).toContain('281399006');
  });

  it('is kept from the patient where anything of it is', () => {
    const { makePdf } = press();
    const given = about();
    const digest = [...events.slice(0, 1), { ...given.event, restricted: true as const }];
    const { bundle } = documentBundle({ ...given, digest }, partner('fhir'), { makePdf });
    expect(bundle?.entry?.[0]?.resource?.meta?.security).toMatchObject([{ code: 'NOPAT' }]);
  });

  it('over HL7 v2 is what every write-back is: the mapping makes the document of it', () => {
    const { given, makePdf } = press();
    const { bundle } = documentBundle(about(), partner('mllp'), { makePdf });
    expect(given).toEqual([]);
    expect(bundle?.entry?.map(({ resource }) => resource?.resourceType)).toContain('Task');
    expect(JSON.stringify(bundle)).toContain(PARENT);
  });
});
