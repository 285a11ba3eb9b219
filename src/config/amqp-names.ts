/** What is made from the name of an inlet's queue, where the configuration names nothing else. */

/** The exchange and queue of refused messages. */
export function refusedOf(queue: string): string {
  return `${queue}.refused`;
}

/** The exchange and queue of answers to a GP system. */
export function answersOf(queue: string): string {
  return `${queue}.answers`;
}
