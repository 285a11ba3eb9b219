import { errorAt, type Flaw, type Problem } from '../problem.ts';
import { field, isSection, items, type Spot } from '../spot.ts';

/** With OpenID Connect some group leads to some role: accounts of the console open nothing then. */
export function consoleRoleProblems(root: Spot): Problem[] {
  const openId = field(root, 'engine', 'console', 'openId');
  if (!isSection(openId.value)) return [];
  const roles = field(openId, 'roles');
  if (roles.value === undefined) return [errorAt(openId.path, NO_WAY_IN, 'key')];
  if (!isSection(roles.value)) return [];
  const leads = Object.keys(roles.value).some((role) => items(field(roles, role)).length > 0);
  return leads ? [] : [errorAt(roles.path, NO_WAY_IN, 'key')];
}

const NO_WAY_IN: Flaw = {
  rule: 'config/no-way-in',
  message: 'No group of the sign-in service leads to a role here: nobody could open the console.',
  remedy: 'Name under `roles` which groups are auditors, engineers or operators: `roles: { auditor: [records-team] }`.',
};
