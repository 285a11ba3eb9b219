import { errorAt, type Flaw, type Problem } from '../problem.ts';
import { field, items, type Spot, textOf } from '../spot.ts';

/** Each auditor is one: the log names who looked by this id. */
export function auditorProblems(root: Spot): Problem[] {
  const seen = new Set<string>();
  return items(field(root, 'engine', 'auditors')).flatMap((auditor) => {
    const spot = field(auditor, 'id');
    const id = textOf(spot);
    if (id === undefined || !seen.has(id)) {
      if (id !== undefined) seen.add(id);
      return [];
    }
    return [errorAt(spot.path, DUPLICATE)];
  });
}

const DUPLICATE: Flaw = {
  rule: 'config/duplicate-auditor',
  message: 'Another auditor above has this id: the log could not say who looked.',
  remedy: 'Give each auditor an id of its own; one auditor may have several tokens.',
};
