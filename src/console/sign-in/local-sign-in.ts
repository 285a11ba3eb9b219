import type { JournalEntry } from '../../ports-changes.ts';
import type { ConsoleAccount, ConsoleRecord, SignInAttempts } from '../../ports-console.ts';
import type { ConsoleRules } from '../console-parts.ts';
import { actorOf } from '../session/console-user.ts';
import { beginSession } from '../session/sessions.ts';
import { addressKey, type CountedFor, countAttempt, forgiveAttempt, nameKey, waitOf } from './lock-out.ts';
import type { PasswordCheck } from './password.ts';

export interface SignInTry {
  readonly name: string;
  readonly password: string;
  readonly address: string;
  readonly now: Date;
}

/** `no` says neither whether there is such an account, nor whether it is disabled. `wait`: also for names that nobody has. */
export type SignInAnswer =
  | { readonly kind: 'in'; readonly secret: string }
  | { readonly kind: 'no' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'busy' };

export interface SignInDeps {
  readonly record: ConsoleRecord;
  readonly passwords: PasswordCheck;
  readonly rules: Pick<ConsoleRules, 'idleMs' | 'limitMs'>;
}

/** Others count at the same time; so often it is decided anew. */
const MOST_TRIES = 20;

/**
 * Signs in with a name and a password:
 *
 *   counted for the name and the address ──▶ password looked at ──▶ right: forgiven, session begun
 *        └─▶ too many: wait                        └─▶ not: entry in the message log
 *
 * The same is done, and takes as long, whether there is such an account or not.
 */
export async function signInLocally(tried: SignInTry, deps: SignInDeps): Promise<SignInAnswer> {
  if (deps.passwords.isBusy) return { kind: 'busy' };
  const counted = await count(tried, deps.record);
  if (counted.kind !== 'counted') return counted;
  const account = await deps.record.consoleAccount(tried.name);
  const isRight = await deps.passwords.isRight(tried.password, account?.password);
  if (account === undefined || account.disabled || !isRight) {
    const journal = failureEntries(tried, account, counted.attempts);
    // Also where nobody ever gets in: what is forgotten must not pile up.
    await deps.record.changeConsole({ journal, sweep: tried.now.toISOString() });
    return { kind: 'no' };
  }
  return begin(account, tried, deps);
}

const COUNTED: readonly { readonly of: CountedFor; readonly keyOf: (tried: SignInTry) => string }[] = [
  { of: 'name', keyOf: ({ name }) => nameKey(name) },
  { of: 'address', keyOf: ({ address }) => addressKey(address) },
];

type Counted = { readonly kind: 'counted'; readonly attempts: readonly SignInAttempts[] };

async function count(
  tried: SignInTry,
  record: ConsoleRecord,
): Promise<Counted | Extract<SignInAnswer, { kind: 'wait' | 'busy' }>> {
  const { now } = tried;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const before = await attemptsOf(tried, record);
    const ms = Math.max(...before.map(({ attempts }) => waitOf(attempts, now)));
    if (ms > 0) return { kind: 'wait', ms };
    const next = before.map(({ key, of, attempts }) => countAttempt(attempts, { key, of, now }));
    const changes = next.map(
      (one, position) => ({ ifVersion: before[position]?.attempts?.version ?? 'new', next: one }) as const,
    );
    if ((await record.changeConsole({ attempts: changes, journal: [] })) === 'committed') {
      return { kind: 'counted', attempts: next };
    }
  }
  return { kind: 'busy' };
}

async function attemptsOf(tried: SignInTry, record: ConsoleRecord) {
  return Promise.all(
    COUNTED.map(async ({ of, keyOf }) => {
      const key = keyOf(tried);
      return { key, of, attempts: await record.signInAttempts(key) };
    }),
  );
}

/** A name that nobody has is not written down: it may be a password. */
function failureEntries(
  { now }: SignInTry,
  account: ConsoleAccount | undefined,
  attempts: readonly SignInAttempts[],
): JournalEntry[] {
  const at = now.toISOString();
  const actor = account === undefined ? 'hearback' : actorOf(account);
  const why = account === undefined ? 'unknown-name' : account.disabled ? 'disabled' : 'wrong-password';
  const locks = attempts.flatMap(({ lockedUntil }, position) =>
    lockedUntil === undefined ? [] : [{ kind: COUNTED[position]?.of ?? 'name', until: lockedUntil }],
  );
  return [
    { at, kind: 'user.sign-in-failed', actor, detail: { outcome: why } },
    ...locks.map((detail): JournalEntry => ({ at, kind: 'user.locked-out', actor, detail })),
  ];
}

async function begin(account: ConsoleAccount, tried: SignInTry, deps: SignInDeps): Promise<SignInAnswer> {
  const { now } = tried;
  const { name, roles, partners, version } = account;
  const user = { name, roles, account: version, ...(partners !== undefined && { partners }) };
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const attempts = (await attemptsOf(tried, deps.record)).flatMap(({ of, attempts: kept }) =>
      kept === undefined ? [] : [{ ifVersion: kept.version, next: forgiveAttempt(kept, of) }],
    );
    const { secret, changes } = beginSession(user, now, deps.rules);
    const journal = [
      { at: now.toISOString(), kind: 'user.signed-in', actor: actorOf(account), detail: { how: 'password' } },
    ];
    if ((await deps.record.changeConsole({ attempts, ...changes, journal })) === 'committed')
      return { kind: 'in', secret };
  }
  return { kind: 'busy' };
}
