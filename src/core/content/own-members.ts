/** Adds a value under a name; a second one makes a list of them. False for a name that would not become a member. */
export function addMember(object: Record<string, unknown>, name: string, value: unknown): boolean {
  if (name === '__proto__') return false;
  const known = Object.hasOwn(object, name) ? object[name] : undefined;
  object[name] = known === undefined ? value : Array.isArray(known) ? [...known, value] : [known, value];
  return true;
}
