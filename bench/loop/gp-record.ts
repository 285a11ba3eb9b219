/** What the GP's record of the loop benchmark makes of a transaction that is written into it. */

const CREATED = '{"response":{"status":"201 Created"}}';

/** A transaction-response that says of each entry that it was created. */
export function entriesOf(transaction: string): string {
  const { entry } = JSON.parse(transaction) as { entry: unknown[] };
  return `{"resourceType":"Bundle","type":"transaction-response","entry":[${entry.map(() => CREATED).join(',')}]}`;
}

/** Whether it says that the referral was completed. */
export function tellsEnd(transaction: string): boolean {
  return transaction.includes('"code":"completed"');
}
