import type { FhirResource } from 'fhir/r4.js';
import { isResource } from '../../core/fhir/references.ts';
import type { Finding } from '../../core/finding.ts';
import { ofType } from '../../core/referral.ts';
import { chooseInContent, type OpenConcept } from '../../core/terminology/choose-in-content.ts';
import type { JournalEntry, WorkOutcome } from '../../ports-changes.ts';
import type { News } from '../advance.ts';
import { dossierWith } from '../dossier-change.ts';
import { HEARBACK, type RoadParts } from '../road-parts.ts';
import type { Snapshot } from '../snapshot.ts';
import { codeHolds } from '../translation/code-hold.ts';

interface Given extends Pick<RoadParts, 'terminology' | 'ids'> {
  readonly now: string;
  /** The message that set this off. */
  readonly cause: string;
}

interface Step {
  readonly news: News;
  readonly outcome: WorkOutcome;
}

/**
 * Nobody is chosen and nothing is sent before every code of a referral is settled: by the rules, by an answer given since,
 * or by asking a person, once for each sender and code.
 */
export function withCodesSettled(snapshot: Snapshot, given: Given, goOn: (settled: Snapshot) => Step): Step {
  const { changed, open, findings } = choose(snapshot, given);
  const settled = changed.length === 0 ? snapshot : { ...snapshot, dossier: dossierWith(snapshot.dossier, changed) };
  const passed = open.length > 0 ? held(snapshot, open, given) : goOn(settled);
  const { resources = [], journal, ...news } = passed.news;
  return {
    ...passed,
    news: {
      ...news,
      resources: [...changed, ...resources],
      journal: [...findings.map((finding) => chosen(finding, snapshot, given)), ...journal],
    },
  };
}

function choose({ dossier, referral }: Snapshot, { terminology }: Given) {
  const reasons = new Set(
    ofType(dossier, 'ServiceRequest').flatMap(({ reasonReference = [] }) =>
      reasonReference.flatMap(({ reference }) => reference ?? []),
    ),
  );
  const changed: FhirResource[] = [];
  const open: OpenConcept[] = [];
  const findings: Finding[] = [];
  for (const { resource } of dossier.entry ?? []) {
    if (resource === undefined) continue;
    const one = chooseInContent(resource, { terminology, partner: referral.referrer, reasons });
    if (one.content !== resource && isResource(one.content)) changed.push(one.content);
    open.push(...one.open);
    findings.push(...one.findings.filter(({ rule }) => rule === 'code/translated' || rule === 'code/repaired'));
  }
  return { changed, open, findings };
}

function held({ referral }: Snapshot, open: readonly OpenConcept[], given: Given): Step {
  const order = { partner: { id: referral.referrer }, referral: referral.id, now: given.now };
  const holds = codeHolds('sender', open, order, given);
  return {
    outcome: { kind: 'held', hold: holds[0]?.id ?? '' },
    news: { holds, message: given.cause, journal: [] },
  };
}

function chosen({ rule, place, chosen: code }: Finding, { referral }: Snapshot, { now, cause }: Given): JournalEntry {
  return {
    at: now,
    kind: rule === 'code/repaired' ? 'code.repaired' : 'code.translated',
    actor: HEARBACK,
    referral: referral.id,
    message: cause,
    detail: { element: place.expression ?? '', ...code },
  };
}
