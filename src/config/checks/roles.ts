import { errorAt, type Problem } from '../problem.ts';
import { rolesFlaw } from '../roles.ts';
import { field, isSection, type Spot } from '../spot.ts';

/** Roles can be split among processes only where several may share the record. */
export function roleProblems(root: Spot): Problem[] {
  const engine = field(root, 'engine');
  const roles = field(engine, 'roles');
  if (!Array.isArray(roles.value)) return [];
  const store = isSection(field(engine, 'store').value) ? 'postgres' : 'sqlite';
  const flaw = rolesFlaw(store, roles.value, field(engine, 'console').value !== undefined);
  return flaw === undefined ? [] : [errorAt(roles.path, flaw)];
}
