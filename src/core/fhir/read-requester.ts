/** Who refers: the person or organisation that the sender names, else the sending organisation. */
import type { Reference } from 'fhir/r4.js';
import type { Finding } from '../finding.ts';
import type { Member } from './bundle-member.ts';
import { membersOfType } from './bundle-members.ts';
import type { Web } from './bundle-resolve.ts';
import type { Focus } from './read-focus.ts';
import { type Ids, rewritten } from './read-resources.ts';
import { say } from './referral-rules-table.ts';

export interface Requester {
  /** As it reads in the dossier. */
  readonly reference?: Reference;
  readonly findings: readonly Finding[];
}

/** Takes the first that can be told: ServiceRequest.requester, Task.requester, the message's author or sender, `fallback`. */
export function readRequester(focus: Focus, web: Web, ids: Ids, fallback: Reference | undefined): Requester {
  const { request, task } = focus;
  const usable = (reference: Reference | undefined, from: Member | undefined): Reference[] =>
    reference === undefined || from === undefined ? [] : telling(reference, from, web, ids);
  const [named] = [...usable(request?.resource.requester, request), ...usable(task?.resource.requester, task)];
  if (named !== undefined) return { reference: named, findings: [] };
  const headers = membersOfType(web.members, 'MessageHeader');
  const [assumed] = [
    ...headers.flatMap((header) => {
      const { author, responsible, sender } = header.resource;
      return [author, responsible, sender].flatMap((reference) => usable(reference, header));
    }),
    ...(fallback === undefined ? [] : [fallback]),
  ];
  const at = request === undefined ? 'ServiceRequest.requester' : `${request.at}.requester`;
  if (assumed === undefined) return { findings: [say('referral/requester', at)] };
  return { reference: assumed, findings: [say('referral/requester-assumed', at)] };
}

/** The reference as the dossier has it; one that leads nowhere tells by its identifier or display, if it has either. */
function telling(reference: Reference, from: Member, web: Web, ids: Ids): Reference[] {
  const target = web.target(reference, from);
  const leads =
    target.kind === 'member' && REFERRERS.has(target.member.resource.resourceType) && ids.has(target.member);
  if (leads) return [rewritten(reference, from, web, ids)];
  const { reference: _, ...said } = reference;
  return said.identifier?.value !== undefined || said.display !== undefined ? [said] : [];
}

/** The types that R4 lets refer, which keeps a slip (a Patient’s Encounter, the MessageHeader) from counting as a referrer. */
const REFERRERS: ReadonlySet<string> = new Set([
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'Patient',
  'RelatedPerson',
  'Device',
]);
