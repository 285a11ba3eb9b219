import type { Finding, IssueType } from '../finding.ts';

/** How a rule is told: fixed texts, so that no value of a message can reach a finding. */
export interface Wording {
  readonly severity: Finding['severity'];
  readonly issue: IssueType;
  readonly message: string;
  readonly remedy: string;
}

export const error = (issue: IssueType, message: string, remedy: string): Wording => ({
  severity: 'error',
  issue,
  message,
  remedy,
});
export const warning = (issue: IssueType, message: string, remedy: string): Wording => ({
  severity: 'warning',
  issue,
  message,
  remedy,
});
export const note = (issue: IssueType, message: string, remedy: string): Wording => ({
  severity: 'information',
  issue,
  message,
  remedy,
});
