import type { Finding } from '../../core/finding.ts';
import { WORD_HELD } from '../../core/loop/promises/word-hold.ts';
import type { Hold } from '../../core/message.ts';
import type { OpenConcept } from '../../core/terminology/choose-in-content.ts';
import type { RoadParts } from '../road-parts.ts';
import { codeKey, shownCode } from './shown-code.ts';

/** Begins the key of a hold about a code that a GP system sent, before anybody is chosen to hear of it. */
const SENDER = 'code|';

/** What a hold about a code asks. One partner, one map, one code: one question, however many messages wait. */
export interface CodeQuestion {
  /** `leg`: what to send to the partner; `report`: what it said; `sender`: what a referral means. */
  readonly about: 'leg' | 'report' | 'sender';
  readonly partner: string;
  readonly map: string;
  readonly system: string;
  /** Absent when it is not shown, because it may say something about somebody. */
  readonly code?: string;
}

export function codeHoldKey(
  about: CodeQuestion['about'],
  partner: string,
  { map, system, code }: { readonly map: string; readonly system: string; readonly code: string },
): string {
  const before = { leg: '', report: WORD_HELD, sender: SENDER }[about];
  return `${before}${partner}|${map}|${system}|${codeKey(system, code)}`;
}

/** Reads the key of a hold of kind `unmapped-code`; undefined when it is another's. */
export function readCodeHoldKey(key: string): CodeQuestion | undefined {
  const about = key.startsWith(SENDER) ? 'sender' : key.startsWith(WORD_HELD) ? 'report' : 'leg';
  const rest = key.slice({ leg: 0, report: WORD_HELD.length, sender: SENDER.length }[about]);
  const [, partner, map, system, code] = /^([^|]+)\|([^|]+)\|([^|]+)\|(.+)$/.exec(rest) ?? [];
  if (partner === undefined || map === undefined || system === undefined || code === undefined) return undefined;
  return { about, partner, map, system, ...(!code.startsWith('sha256:') && { code }) };
}

interface Asked {
  readonly partner: { readonly id: string };
  readonly referral?: string;
  readonly now: string;
}

/** The questions to a person about codes that nobody has decided, each once. */
export function codeHolds(
  about: CodeQuestion['about'],
  open: readonly OpenConcept[],
  { partner, referral, now }: Asked,
  { ids }: Pick<RoadParts, 'ids'>,
): Hold[] {
  const holds = new Map<string, Hold>();
  for (const { open: one } of open) {
    const key = codeHoldKey(about, partner.id, one);
    if (holds.has(key)) continue;
    holds.set(key, {
      id: ids.next(),
      kind: 'unmapped-code',
      key,
      partner: partner.id,
      ...(referral !== undefined && { referral }),
      openedAt: now,
      findings: [question(one)],
    });
  }
  return [...holds.values()];
}

function question({ map, system, code, element, why, candidates, damaged }: OpenConcept['open']): Finding {
  const meant = candidates.length === 0 ? '' : ` It may mean ${candidates.join(' or ')}.`;
  return {
    severity: 'error',
    rule: damaged ? 'code/damaged' : 'mapping/unmapped-code',
    place: { expression: element },
    message: `Nobody has decided what ${shownCode(system, code)} of ${system} means (map "${map}"). ${why}${meant}`,
    remedy: 'hearback holds resolve with --map-to SYSTEM|CODE, or with --no-match: what waits goes on without it.',
    issue: 'code-invalid',
  };
}
