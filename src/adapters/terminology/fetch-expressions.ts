import type { ListedMember } from '../../core/terminology/service/member-set.ts';
import type { TerminologyDoor } from '../../ports-terminology.ts';

/** Members asked for at once. */
const PAGE = 1_000;
/** A set larger than this is not fetched: it is a mistake or needs a release. */
const MOST = 100_000;

/** All members of an expression from a terminology server, page by page; undefined when it does not give them all. */
export async function fetchExpression(
  ecl: string,
  door: TerminologyDoor,
): Promise<readonly ListedMember[] | undefined> {
  const url = `http://snomed.info/sct?fhir_vs=ecl/${encodeURIComponent(ecl)}`;
  const members: ListedMember[] = [];
  for (let offset = 0; offset <= MOST; offset += PAGE) {
    const answer = await door.perform('ValueSet/$expand', {
      resourceType: 'Parameters',
      parameter: [
        { name: 'url', valueUri: url },
        { name: 'offset', valueInteger: offset },
        { name: 'count', valueInteger: PAGE },
      ],
    });
    if (answer.kind !== 'done' || answer.resource.resourceType !== 'ValueSet') return undefined;
    const { contains = [], total } = answer.resource.expansion ?? {};
    for (const { system, code, display } of contains) {
      if (system !== undefined && code !== undefined)
        members.push({ system, code, ...(display !== undefined && { display }) });
    }
    if (total !== undefined ? members.length >= total : contains.length < PAGE) return members;
    // A server that ignores offset would give the same page for ever.
    if (contains.length === 0) return undefined;
  }
  return undefined;
}
