import type { Reference, Task } from 'fhir/r4.js';
import {
  type Dossier,
  ENTRY_ID_SYSTEM,
  ODS_SYSTEM,
  ofType,
  REFERRAL_ID_SYSTEM,
  type Referral,
} from '../../referral.ts';
import { businessStatus } from './onto-tasks.ts';

interface NewChildTask {
  readonly dossier: Dossier;
  readonly referral: Pick<Referral, 'id' | 'parentTask'>;
  /** The platform it is for. */
  readonly partner: { readonly organisation: { readonly name: string; readonly ods?: string } };
  readonly id: string;
  readonly now: string;
}

/**
 * The Task of one platform's part (Gravity's split: partOf the parent, same focus). The referral's id is its group
 * identifier, not its identifier: a search for that identifier must find the parent and nothing else.
 */
export function newChildTask({ dossier, referral, partner, id, now }: NewChildTask): Task {
  const parent = ofType(dossier, 'Task').find((task) => task.id === referral.parentTask);
  if (parent === undefined) throw new Error('a dossier without its parent Task');
  return {
    resourceType: 'Task',
    id,
    meta: { versionId: '1', lastUpdated: now },
    identifier: [{ system: ENTRY_ID_SYSTEM, value: id }],
    groupIdentifier: { system: REFERRAL_ID_SYSTEM, value: referral.id },
    ...(parent.basedOn && { basedOn: parent.basedOn }),
    partOf: [{ reference: `Task/${referral.parentTask}` }],
    status: 'requested',
    businessStatus: businessStatus('requested'),
    intent: 'order',
    ...(parent.priority && { priority: parent.priority }),
    ...(parent.code && { code: parent.code }),
    ...(parent.focus && { focus: parent.focus }),
    ...(parent.for && { for: parent.for }),
    authoredOn: now,
    lastModified: now,
    ...(parent.requester && { requester: parent.requester }),
    owner: organisationReference(partner.organisation),
  };
}

function organisationReference({ name, ods }: NewChildTask['partner']['organisation']): Reference {
  return {
    type: 'Organization',
    ...(ods !== undefined && { identifier: { system: ODS_SYSTEM, value: ods } }),
    display: name,
  };
}
