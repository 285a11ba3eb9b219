import type { Bundle, FhirResource } from 'fhir/r4.js';
import type { Job } from './workload.ts';

/** A dossier, as referral.json holds it. */
export type ReferralDossier = Bundle<FhirResource>;

/** What the engine gives with a run of an outward mapping. */
export type ReferralGiven = Readonly<Record<'referral' | 'task' | 'now' | 'partner' | 'message', string>>;

export type ReferralJob = Job<ReferralDossier, ReferralGiven>;
