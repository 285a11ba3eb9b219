/**
 * A value as canonical JSON (RFC 8785): members in the order of their names by UTF-16 code units, nothing between them, numbers
 * and texts as ECMAScript writes them. Members that hold `undefined` are left out. Half a surrogate pair, which the RFC does
 * not allow, is written as its escape: what came into the log must be provable, whatever it is.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return scalar(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}

function scalar(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('JSON has no such number');
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError('JSON has no such value');
  return text;
}
