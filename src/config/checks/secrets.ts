import type { ConfigIo } from '../io.ts';
import { errorAt, type Flaw, type Path, type Problem } from '../problem.ts';
import { type Need, readSecret } from '../read-secret.ts';
import { field, isSection, items, type Spot, textOf } from '../spot.ts';

/** Every secret that is named can be had, has the right form, and no token or webhook secret belongs to two partners. Values are never repeated. */
export function secretProblems(root: Spot, file: string, io: ConfigIo): Problem[] {
  const partners = items(field(root, 'partners'));
  const owners: Owners = new Map();
  const signers: Owners = new Map();
  return [
    ...tlsProblems(field(root, 'engine', 'listen', 'tls'), file, io),
    ...problemsOf(secretAt(field(root, 'engine', 'terminologyServer', 'token'), 'text', { file, io })),
    ...problemsOf(secretAt(field(root, 'engine', 'console', 'openId', 'clientSecret'), 'text', { file, io })),
    ...tlsProblems(field(root, 'engine', 'mllp', 'tls'), file, io),
    ...tlsProblems(field(root, 'engine', 'store', 'postgres', 'tls'), file, io),
    ...problemsOf(secretAt(field(root, 'engine', 'store', 'postgres', 'connection'), 'database', { file, io })),
    ...partners.flatMap((partner) =>
      items(field(partner, 'outlets')).flatMap((outlet) => tlsProblems(field(outlet, 'tls'), file, io)),
    ),
    ...partners.flatMap((partner, owner) =>
      partnerSecrets(partner).flatMap(({ spot, need }) => {
        const found = secretAt(spot, need, { file, io });
        if (Array.isArray(found)) return found;
        if (need === 'digest') return shared(found, owner, owners, SHARED_TOKEN);
        return need === 'webhook' ? shared(found, owner, signers, SHARED_SECRET) : [];
      }),
    ),
    // After the partners: a token that is an auditor's and a partner's would open the log to the partner.
    ...items(field(root, 'engine', 'auditors')).flatMap((auditor, position) =>
      items(field(auditor, 'tokens')).flatMap((spot) => {
        const found = secretAt(spot, 'digest', { file, io });
        return Array.isArray(found) ? found : shared(found, partners.length + position, owners, SHARED_TOKEN);
      }),
    ),
  ];
}

export function problemsOf(found: Found | Problem[]): Problem[] {
  return Array.isArray(found) ? found : [];
}

interface NamedSecret {
  readonly spot: Spot;
  readonly need: Need;
}

function partnerSecrets(partner: Spot): NamedSecret[] {
  const named = (list: Spot, need: Need) => items(list).map((spot) => ({ spot, need }));
  return [
    ...items(field(partner, 'inlets')).flatMap((inlet) => [
      ...named(field(inlet, 'tokens'), 'digest'),
      ...named(field(inlet, 'secrets'), 'webhook'),
    ]),
    ...items(field(partner, 'outlets')).flatMap((outlet): NamedSecret[] => [
      ...named(field(outlet, 'secrets'), 'webhook'),
      { spot: field(outlet, 'token'), need: 'text' },
    ]),
  ];
}

interface Found {
  readonly value: string;
  readonly path: Path;
}

/** The secret with the place that names it; problems; or an empty list when the schema already objects. */
export function secretAt(
  spot: Spot,
  need: Need,
  from: { readonly file: string; readonly io: ConfigIo },
): Found | Problem[] {
  if (!isSection(spot.value)) return [];
  const entries = Object.entries(spot.value);
  const [entry] = entries;
  if (entries.length !== 1 || entry === undefined || typeof entry[1] !== 'string') return [];
  if (entry[0].startsWith('sha256') !== (need === 'digest')) return [];
  const path = [...spot.path, entry[0]];
  const read = readSecret({ key: entry[0], name: entry[1], need }, from);
  if (read === undefined) return [];
  return 'flaw' in read ? [errorAt(path, read.flaw)] : { value: read.value, path };
}

/** Who has named a secret first, by its value. */
type Owners = Map<string, number>;

function shared(found: Found, owner: number, owners: Owners, flaw: Flaw): Problem[] {
  const first = owners.get(found.value) ?? owner;
  owners.set(found.value, first);
  return first === owner ? [] : [errorAt(found.path, flaw)];
}

/** The files of a `tls` section hold what they should. */
export function tlsProblems(tls: Spot, file: string, io: ConfigIo): Problem[] {
  return ['cert', 'key', 'ca'].flatMap((part) => {
    const spot = field(tls, part);
    const name = textOf(spot);
    if (name === undefined || name === '') return [];
    const need: Need = part === 'key' ? 'private-key' : 'certificate';
    const read = readSecret({ key: 'file', name, need }, { file, io });
    return read !== undefined && 'flaw' in read ? [errorAt(spot.path, read.flaw)] : [];
  });
}

const SHARED_SECRET: Flaw = {
  rule: 'config/shared-secret',
  message: 'Another partner has the same webhook secret: each could sign as the other.',
  remedy: 'Give each of them a secret of its own.',
};

const SHARED_TOKEN: Flaw = {
  rule: 'config/shared-token',
  message: 'Another partner, or auditor, has the same token: nobody could tell who speaks.',
  remedy: 'Give each of them a token of its own.',
};
