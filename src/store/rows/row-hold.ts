import type { Finding } from '../../core/finding.ts';
import { HOLD_KINDS, type Hold } from '../../core/message.ts';
import { type Bindings, json, optionalText, type Row, text, withoutAbsent, word } from './row.ts';

export function toHold(row: Row): Hold {
  return withoutAbsent({
    id: text(row, 'id'),
    kind: word(row, 'kind', HOLD_KINDS),
    key: text(row, 'hold_key'),
    partner: optionalText(row, 'partner'),
    referral: optionalText(row, 'referral'),
    findings: json<Finding[]>(row, 'findings'),
    openedAt: text(row, 'opened_at'),
    resolvedAt: optionalText(row, 'resolved_at'),
    resolvedBy: optionalText(row, 'resolved_by'),
    resolution: optionalText(row, 'resolution'),
  });
}

export function fromHold(hold: Hold): Bindings {
  return {
    id: hold.id,
    kind: hold.kind,
    holdKey: hold.key,
    partner: hold.partner ?? null,
    referral: hold.referral ?? null,
    findings: JSON.stringify(hold.findings),
    openedAt: hold.openedAt,
    resolvedAt: hold.resolvedAt ?? null,
    resolvedBy: hold.resolvedBy ?? null,
    resolution: hold.resolution ?? null,
  };
}
