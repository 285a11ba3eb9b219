import type { Job } from './workload.ts';

export const CASEWORK_STATUSES = 'https://hearback.example/fhir/CodeSystem/casework-status';
export const ASSESSMENT_TOOLS = 'https://hearback.example/fhir/CodeSystem/assessment-tool';

/** What the engine gives with a run of an inward mapping. */
export type OutcomeGiven = Readonly<Record<'receivedAt' | 'partner' | 'message', string>>;

/** The shape of outcome.json. */
export interface PlatformReport {
  readonly clientReference: string;
  readonly caseId: string;
  readonly occurredAt: string;
  readonly status: string;
  readonly worker: { readonly name: string; readonly role: string };
  readonly note: string;
  readonly assessment: {
    readonly tool: string;
    readonly stage: string;
    readonly date: string;
    readonly total: number;
    readonly answers: readonly { readonly question: number; readonly score: number }[];
  };
}

export type OutcomeJob = Job<PlatformReport, OutcomeGiven>;
