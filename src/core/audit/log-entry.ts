/** An entry of the message log, as the record gives it. */
export interface LogEntry {
  readonly seq: number;
  /** UTC instant. */
  readonly at: string;
  readonly kind: string;
  /** Partner id, `hearback`, `user:<name>` or `auditor:<id>`. */
  readonly actor: string;
  readonly referral?: string;
  readonly message?: string;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}
