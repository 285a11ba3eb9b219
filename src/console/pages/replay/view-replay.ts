import type { Difference } from '../../../core/mapping/difference.ts';
import type { KeptMapping, Leg } from '../../../core/message.ts';
import type { ConsoleRole } from '../../../ports-console.ts';
import type { ReplayShown } from '../../engine-desk.ts';
import { maskedValue } from '../../mask/mask.ts';

interface Seen {
  readonly unmasked: boolean;
  readonly roles: readonly ConsoleRole[];
}

/** So many differences are shown. */
const MOST = 300;

/** What a replay would do: its plan in words, and each place that would differ; what stands there only once it was asked for. */
export function viewReplay({ plan, version }: ReplayShown, seen: Seen, nameOf: (partner: string) => string) {
  return {
    isPossible: plan.kind !== 'impossible',
    plan: planInWords({ plan, ...(version && { version }) }, nameOf),
    ...(version && {
      mapping: version.mapping,
      differences: version.differences.slice(0, MOST).map((one) => ofDifference(one, seen)),
      more: Math.max(0, version.differences.length - MOST),
    }),
  };
}

function ofDifference({ path, expected, actual }: Difference, seen: Seen) {
  const change = expected === 'nothing' ? 'added' : actual === 'nothing' ? 'removed' : 'changed';
  const show = (value: string) => (value === 'nothing' ? undefined : maskedValue('message', value, seen));
  return { path, change, before: show(expected), after: show(actual) };
}

const PURPOSES: Readonly<Record<Leg['purpose'], string>> = {
  referral: 'referral',
  update: 'update',
  cancel: 'cancellation',
  'write-back': 'write-back',
  document: 'document',
};

function planInWords({ plan, version }: ReplayShown, nameOf: (partner: string) => string): string {
  if (plan.kind === 'impossible') return plan.why;
  if (plan.kind === 'onward') return 'It is taken onward again: what was already done is found done.';
  const what = `The ${PURPOSES[plan.purpose]}`;
  const to = nameOf(plan.partner);
  return version === undefined
    ? `${what} is delivered to ${to} again, the same bytes under the same id (${plan.leg}).`
    : `${what} is made anew and delivered to ${to} under a new id; the one that was not taken (${plan.leg}) is given up.`;
}

/** The versions that can be chosen, the newest first. */
export function versionsToChoose(kept: readonly KeptMapping[], chosen: string | undefined) {
  return [...kept]
    .reverse()
    .map(({ version, digest, keptAt }) => ({ version, digest, keptAt, chosen: digest === chosen }));
}
