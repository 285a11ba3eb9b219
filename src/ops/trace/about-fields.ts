import type { About } from '../../ports.ts';

/** RFC 9562. A correlation id is the sender's: what is no UUID may be anything, a patient's number too, and is not shown. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What a step is about, as it may be shown in logs and traces. */
export function aboutFields({ correlation, ...ids }: About): ReadonlyMap<string, string> {
  const shown = Object.entries(ids).filter((pair): pair is [string, string] => pair[1] !== undefined);
  if (correlation !== undefined && UUID.test(correlation)) shown.push(['correlation', correlation]);
  return new Map(shown);
}
