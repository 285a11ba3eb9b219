import type { ConsoleProposal } from '../../ports-console.ts';
import type { Flash } from '../page.ts';
import type { ConsolePath } from '../paths.ts';
import type { ConsoleUser } from '../session/console-user.ts';

interface Ways {
  readonly confirm: ConsolePath;
  readonly withdraw: ConsolePath;
}

/** What a page shows of a decision that waits for a second person. `what`: the decision in words, line by line. */
export function viewProposal(
  { proposedBy, proposedAt, version }: ConsoleProposal,
  what: readonly string[],
  user: Pick<ConsoleUser, 'name' | 'roles'>,
  ways: Ways,
) {
  const decides = user.roles.includes('engineer');
  const isOwn = proposedBy === user.name;
  return {
    ...{ proposedBy, proposedAt, what, isOwn, version },
    ...(decides && !isOwn && { confirm: ways.confirm }),
    ...(decides && { withdraw: ways.withdraw }),
  };
}

/** The version of the proposal that a form was made for; 0 for none. */
export function versionIn(form: URLSearchParams): number {
  const version = Number(form.get('version'));
  return Number.isSafeInteger(version) ? version : 0;
}

export const PROPOSED: Flash = { kind: 'success', text: 'Your decision waits: another person has to confirm it.' };
export const TAKEN: Flash = { kind: 'problem', text: 'Somebody else has proposed a decision meanwhile: see below.' };
export const WITHDRAWN: Flash = { kind: 'success', text: 'The proposal is taken back. Nothing was done.' };

/** Why a proposal was not settled. */
export const NOT_SETTLED: Readonly<Record<'own' | 'gone', Flash>> = {
  own: { kind: 'problem', text: 'You proposed it: another person has to confirm it.' },
  gone: { kind: 'problem', text: 'That proposal is no longer there: somebody settled it. Look again.' },
};
