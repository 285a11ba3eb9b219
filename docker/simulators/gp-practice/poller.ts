import type { Bundle, FhirResource, Observation, Task } from 'fhir/r4.js';
import { pause } from '../pause.ts';
import { type FhirClient, isBundle } from './fhir-client.ts';

/** A referral's Task as this GP system last saw it. */
export interface Seen {
  readonly version: number;
  readonly task: Task;
}

export interface Poller {
  /** The coordinating Tasks as they were last seen, by id. */
  readonly seen: () => ReadonlyMap<string, Seen>;
  /** The results that were read for a patient, by id. */
  readonly results: () => ReadonlyMap<string, Observation>;
  stop(): void;
}

/**
 * What was written a moment before the newest thing seen may become visible after it: whoever asks only for what is newer
 * than the last answer would miss it.
 */
const OVERLAP_MS = 5_000;
const PAGES_AT_MOST = 20;

/** A GP system that is not written to: it asks again and again what changed, and reads the results of what did. */
export function startPoller(client: FhirClient, everyMs: number): Poller {
  const seen = new Map<string, Seen>();
  const results = new Map<string, Observation>();
  let newest = 0;
  let stopped = false;

  const turn = async (): Promise<void> => {
    const changed = await changedTasks(client, newest === 0 ? undefined : new Date(newest - OVERLAP_MS));
    for (const task of changed) {
      newest = Math.max(newest, Date.parse(task.meta?.lastUpdated ?? ''));
      const version = Number(task.meta?.versionId);
      if (task.id === undefined || task.partOf !== undefined || (seen.get(task.id)?.version ?? 0) >= version) continue;
      seen.set(task.id, { version, task });
      if (task.output !== undefined) for (const one of await resultsOf(client, task)) results.set(one.id ?? '', one);
    }
  };
  const loop = async (): Promise<void> => {
    while (!stopped) {
      // An engine that is not there yet, or not there any more, is asked again.
      await turn().catch(() => undefined);
      await pause(everyMs);
    }
  };
  void loop();
  return {
    seen: () => seen,
    results: () => results,
    stop: () => {
      stopped = true;
    },
  };
}

/** Searches by POST: patient data and times of care do not belong into the urls that proxies log. */
async function changedTasks(client: FhirClient, since: Date | undefined): Promise<Task[]> {
  const form = new URLSearchParams({ _count: '50', ...(since && { _lastUpdated: `ge${since.toISOString()}` }) });
  const tasks: Task[] = [];
  let page: Bundle<FhirResource> | undefined = await client.search('Task', form);
  for (let count = 0; page !== undefined && count < PAGES_AT_MOST; count += 1) {
    tasks.push(...resourcesOf(page, 'Task'));
    const next: string | undefined = page.link?.find((link) => link.relation === 'next')?.url;
    page = next === undefined ? undefined : await client.page(next);
  }
  return tasks;
}

async function resultsOf(client: FhirClient, task: Task): Promise<Observation[]> {
  const request = task.focus?.reference;
  if (request === undefined) return [];
  const found = await client.search('Observation', new URLSearchParams({ 'based-on': request }));
  return isBundle(found) ? resourcesOf(found, 'Observation') : [];
}

function resourcesOf<T extends FhirResource['resourceType']>(
  bundle: Bundle<FhirResource>,
  type: T,
): Extract<FhirResource, { resourceType: T }>[] {
  const is = (one: FhirResource): one is Extract<FhirResource, { resourceType: T }> => one.resourceType === type;
  return (bundle.entry ?? []).flatMap(({ resource }) => (resource !== undefined && is(resource) ? [resource] : []));
}
