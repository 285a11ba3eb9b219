import { randomUUID } from 'node:crypto';
import type { Task } from 'fhir/r4.js';
import type { FhirAnswer, FhirClient } from '../gp-practice/fhir-client.ts';
import { pause } from '../pause.ts';

const LOOK_MS = 150;
const LOOKS_AT_MOST = 200;
const NOBODY: FhirAnswer = { status: 0, text: '' };

/**
 * Waits until the referral is so far, then cancels it: PUT of the Task as it was read, under its ETag. When somebody was
 * faster (412) it reads again and decides anew. Answers what went otherwise than it should.
 */
export async function cancelReferral(
  id: string,
  when: 'received' | 'in-progress',
  client: FhirClient,
): Promise<string[]> {
  for (let look = 0; look < LOOKS_AT_MOST; look += 1) {
    const { resource, etag } = await client.read('Task', id).catch(() => NOBODY);
    if (resource?.resourceType === 'Task' && etag !== undefined && isSoFar(resource, when)) {
      const cancelled: Task = { ...resource, status: 'cancelled', statusReason: { text: 'Moves away next week.' } };
      const put = client.update(cancelled, { id: randomUUID(), ifMatch: etag });
      const { status, text } = await put.catch(() => NOBODY);
      if (status === 200) return [];
      if (status !== 412) return [`a cancellation was answered ${status}: ${text}`];
    }
    await pause(LOOK_MS);
  }
  return [`a referral that was to be cancelled never was ${when}`];
}

function isSoFar(task: Task, when: 'received' | 'in-progress'): boolean {
  if (when === 'in-progress') return task.status === 'in-progress';
  return task.businessStatus?.coding?.some(({ code }) => code === 'received') === true;
}
