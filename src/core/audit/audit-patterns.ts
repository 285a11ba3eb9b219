import type { AuditEvent, Coding } from 'fhir/r4.js';
import { EVENT, SUB } from './audit-codes.ts';
import type { LogEntry } from './log-entry.ts';

/** How entries of a kind are said as an AuditEvent. */
export interface AuditPattern {
  readonly type: Coding;
  readonly subtype?: readonly Coding[];
  readonly action: NonNullable<AuditEvent['action']>;
  /**
   * Who did it to whom. `in`: the actor sent us something. `out`: we sent the partner that it speaks of something. `read`: the
   * actor was shown something. `own`: the actor, and nobody else.
   */
  readonly flow: 'in' | 'out' | 'read' | 'own';
  /** R4 audit-event-outcome: 0 success, 4 minor, 8 serious, 12 major failure. */
  readonly outcome: '0' | '4' | '8' | '12';
  /** The profile of the Basic Audit Log Patterns that it follows, where a patient is known and the entry holds all that it asks for. */
  readonly profile?: 'PatientRead' | 'PrivacyDisclosure.Source' | 'PrivacyDisclosure.Recipient';
}

const received = { type: EVENT.import, action: 'C', flow: 'in', outcome: '0' } as const;
const disclosedToUs = { ...received, subtype: [SUB.disclose], profile: 'PrivacyDisclosure.Recipient' } as const;
const sent = { type: EVENT.export, subtype: [SUB.disclose], action: 'R', flow: 'out' } as const;
const looked = { type: EVENT.record, action: 'R', flow: 'read', outcome: '0' } as const;
const own = { type: EVENT.activity, action: 'E', flow: 'own', outcome: '0' } as const;
const changed = { type: EVENT.record, action: 'U', flow: 'own', outcome: '0' } as const;
const configured = { type: EVENT.alert, subtype: [SUB.software], action: 'U', flow: 'own', outcome: '0' } as const;
const account = { type: EVENT.alert, subtype: [SUB.userSecurity], action: 'U', flow: 'own', outcome: '0' } as const;
const signIn = { type: EVENT.authentication, subtype: [SUB.login], action: 'E', flow: 'own', outcome: '0' } as const;
const logUsed = { type: EVENT.logUsed, action: 'R', flow: 'read', outcome: '0' } as const;

/** By kind; a family (`loop.read`, `message.read` …) by the word behind the dot; anything else is an activity of its actor. */
const KINDS: Readonly<Record<string, AuditPattern>> = {
  'message.received': disclosedToUs,
  'message.refused': { ...received, outcome: '4' },
  'message.repeated': received,
  'message.conflict': { ...received, outcome: '4' },
  'message.unrecordable': { ...received, outcome: '12' },
  'message.answered': received,
  'message.made': { ...changed, action: 'C' },
  'leg.acknowledged': { ...sent, outcome: '0', profile: 'PrivacyDisclosure.Source' },
  'leg.failed': { ...sent, outcome: '4' },
  'resource.read': {
    type: EVENT.rest,
    subtype: [SUB.read],
    action: 'R',
    flow: 'read',
    outcome: '0',
    profile: 'PatientRead',
  },
  'event.recorded': changed,
  'patient.changed': changed,
  'patient.merged': changed,
  'code.translated': changed,
  'code.repaired': changed,
  'configuration.loaded': { ...own, subtype: [SUB.start] },
  'mapping.loaded': configured,
  'mapping.refused': { ...configured, outcome: '4' },
  'terminology.loaded': configured,
  'store.copied': { ...own, type: EVENT.export, action: 'R' },
  'log.searched': logUsed,
  'log.verified': logUsed,
  'log.exported': { ...logUsed, type: EVENT.export },
  'entry.read': logUsed,
  'log.pruned': { ...own, action: 'D' },
  'log.key-rotated': { ...configured, subtype: [SUB.security] },
  'log.key-replaced': { ...configured, subtype: [SUB.security] },
  'user.signed-in': signIn,
  'user.sign-in-failed': { ...signIn, outcome: '4' },
  'user.locked-out': { ...account, outcome: '4' },
  'user.signed-out': { ...signIn, subtype: [SUB.logout] },
  'user.refused': { ...own, type: EVENT.alert, outcome: '4' },
};

const FAMILIES: Readonly<Record<string, AuditPattern>> = { read: looked, listed: looked, unmasked: looked };

export function patternOf({ kind, detail }: Pick<LogEntry, 'kind' | 'detail'>): AuditPattern {
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  // What a person must look at is a graver failure than what is tried again.
  if (known !== undefined && kind === 'leg.failed' && detail['kind'] !== 'transient') return { ...known, outcome: '8' };
  if (known !== undefined) return known;
  const [subject = '', word = ''] = kind.split('.');
  if (subject === 'account') return account;
  return Object.hasOwn(FAMILIES, word) ? (FAMILIES[word] ?? own) : own;
}
