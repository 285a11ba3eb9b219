/**
 * Topic patterns as RabbitMQ's topic exchanges have them: words with dots between; `*` is any one word, `#` any number of words,
 * none too.
 */

/** The place in a routing key where the message's type stands. */
export const TYPE_SLOT = '{type}';

/** Whether there is a routing key that both patterns take. */
export function topicsOverlap(one: string, other: string): boolean {
  return overlap(one.split('.'), other.split('.'));
}

/** The pattern of all routing keys that a template can make: a type may have dots of its own. */
export function patternOf(template: string): string {
  return template
    .split('.')
    .map((word) => (word.includes(TYPE_SLOT) ? '#' : word))
    .join('.');
}

function overlap(one: readonly string[], other: readonly string[]): boolean {
  const [first, ...rest] = one;
  const [second, ...remaining] = other;
  if (first === undefined && second === undefined) return true;
  if (first === '#') return overlap(rest, other) || (second !== undefined && overlap(one, remaining));
  if (second === '#') return overlap(other, one);
  if (first === undefined || second === undefined) return false;
  return (first === '*' || second === '*' || first === second) && overlap(rest, remaining);
}
