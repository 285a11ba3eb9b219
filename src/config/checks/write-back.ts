import { errorAt, type Problem } from '../problem.ts';
import { field, isSection, items, type Spot } from '../spot.ts';

/** Rules for writing back are for GP systems, and ask for no more than their outlet can do. */
export function writeBackProblems(root: Spot): Problem[] {
  return items(field(root, 'partners')).flatMap((partner) =>
    items(field(partner, 'outlets')).flatMap((outlet) => ofOutlet(outlet, partner)),
  );
}

function ofOutlet(outlet: Spot, partner: Spot): Problem[] {
  const rules = field(outlet, 'writeBack');
  if (!isSection(rules.value)) return [];
  if (field(partner, 'kind').value !== 'gp-system') return [errorAt(rules.path, NOT_A_GP, 'key')];
  const problems: Problem[] = [];
  const [structured, fallback, check] = ['structured', 'fallback', 'checkPerson'].map((key) => field(rules, key));
  const hasDocument = fallback?.value === 'document';
  if (structured?.value === false && !hasDocument) problems.push(errorAt(structured.path, NO_WAY));
  const { value: type } = field(outlet, 'type');
  const isFhir = type === 'fhir';
  if (check?.value === true && !(isFhir && isSection(field(outlet, 'readBack').value))) {
    problems.push(errorAt(check.path, CANNOT_LOOK));
  }
  const hasMapping = field(outlet, 'mappings', 'document').value !== undefined;
  if (hasDocument && type === 'mllp' && !hasMapping && fallback !== undefined)
    problems.push(errorAt(fallback.path, NO_MAPPING));
  return problems;
}

const NOT_A_GP = {
  rule: 'config/wrong-kind',
  message: 'Only GP systems are written back to.',
  remedy: 'Take `writeBack` away from this partner.',
};

const NO_WAY = {
  rule: 'config/no-way-back',
  message: 'The practice takes no structured entries, and nothing is sent in their place.',
  remedy: 'Set `fallback: document`.',
};

const CANNOT_LOOK = {
  rule: 'config/cannot-look',
  message: 'The patient cannot be looked up there.',
  remedy: 'Use an outlet of type fhir with `readBack`, or leave `checkPerson` out.',
};

const NO_MAPPING = {
  rule: 'config/missing',
  message: '"document" is missing: without it no document could be made for this partner.',
  remedy: 'Name a mapping for "document" that makes HL7 v2 (to: hl7v2), such as an MDM^T02.',
};
