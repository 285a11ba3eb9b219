import {
  CONSOLE_ROLES,
  type ConsoleAccount,
  type ConsoleProposal,
  type ConsoleRole,
  type ConsoleSession,
  type KeptInSession,
  type SignInAttempts,
} from '../../ports-console.ts';
import {
  type Bindings,
  flag,
  integer,
  json,
  optionalJson,
  optionalText,
  type Row,
  text,
  withoutAbsent,
} from './row.ts';

export function toAccount(row: Row): ConsoleAccount {
  return withoutAbsent({
    name: text(row, 'name'),
    version: integer(row, 'version'),
    roles: rolesOf(row),
    partners: optionalJson<string[]>(row, 'partners'),
    password: text(row, 'password'),
    disabled: flag(row, 'disabled'),
    createdAt: text(row, 'created_at'),
    changedAt: text(row, 'changed_at'),
  });
}

export function fromAccount(account: ConsoleAccount): Bindings {
  const { name, version, password, createdAt, changedAt } = account;
  return {
    name,
    version,
    ...fromStanding(account),
    password,
    disabled: account.disabled ? 1 : 0,
    createdAt,
    changedAt,
  };
}

export function toSession(row: Row): ConsoleSession {
  return withoutAbsent({
    id: text(row, 'id'),
    user: text(row, 'user_name'),
    account: row['account'] === null ? undefined : integer(row, 'account'),
    roles: rolesOf(row),
    partners: optionalJson<string[]>(row, 'partners'),
    openedAt: text(row, 'opened_at'),
    seenAt: text(row, 'seen_at'),
    endsAt: text(row, 'ends_at'),
  });
}

export function fromSession(session: ConsoleSession): Bindings {
  const { id, user, account, openedAt, seenAt, endsAt } = session;
  return { id, user, account: account ?? null, ...fromStanding(session), openedAt, seenAt, endsAt };
}

export function toKept(row: Row): KeptInSession {
  return {
    session: text(row, 'session'),
    key: text(row, 'kept_key'),
    value: json<unknown>(row, 'value'),
    until: text(row, 'until'),
  };
}

export function fromKept({ session, key, value, until }: KeptInSession): Bindings {
  return { session, key, value: JSON.stringify(value), until };
}

export function toAttempts(row: Row): SignInAttempts {
  return withoutAbsent({
    key: text(row, 'attempt_key'),
    version: integer(row, 'version'),
    failures: integer(row, 'failures'),
    lockedUntil: optionalText(row, 'locked_until'),
    forgetAt: text(row, 'forget_at'),
  });
}

export function fromAttempts(attempts: SignInAttempts): Bindings {
  return { ...attempts, lockedUntil: attempts.lockedUntil ?? null };
}

export function toProposal(row: Row): ConsoleProposal {
  const decided = withoutAbsent({
    decidedBy: optionalText(row, 'decided_by'),
    decidedAt: optionalText(row, 'decided_at'),
  });
  return {
    subject: text(row, 'subject'),
    version: integer(row, 'version'),
    state: stateOf(row),
    decision: json<unknown>(row, 'decision'),
    proposedBy: text(row, 'proposed_by'),
    proposedAt: text(row, 'proposed_at'),
    ...decided,
  };
}

function stateOf(row: Row): ConsoleProposal['state'] {
  const state = text(row, 'state');
  if (state === 'open' || state === 'confirmed' || state === 'withdrawn') return state;
  throw new Error('a proposal in no state that there is: the record is damaged');
}

export function fromProposal(proposal: ConsoleProposal): Bindings {
  const { subject, version, state, decision, proposedBy, proposedAt, decidedBy, decidedAt } = proposal;
  return {
    ...{ subject, version, state, proposedBy, proposedAt },
    decision: JSON.stringify(decision),
    decidedBy: decidedBy ?? null,
    decidedAt: decidedAt ?? null,
  };
}

function fromStanding({ roles, partners }: Pick<ConsoleSession, 'roles' | 'partners'>) {
  return { roles: JSON.stringify(roles), partners: partners === undefined ? null : JSON.stringify(partners) };
}

/** A role that this program does not know gives nothing. */
function rolesOf(row: Row): ConsoleRole[] {
  const words = json<string[]>(row, 'roles');
  return CONSOLE_ROLES.filter((role) => words.includes(role));
}
