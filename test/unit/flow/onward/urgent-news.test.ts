import { describe, expect, it } from '@jest/globals';
import type { LoopEvent } from '../../../../src/core/loop/event.ts';
import type { Hold, Message } from '../../../../src/core/message.ts';
import type { UrgentAnswer } from '../../../../src/core/outcomes/urgent.ts';
import { outcomesJudged } from '../../../../src/flow/onward/outcomes-judged.ts';
import { markUrgent, urgentNews, withUrgent } from '../../../../src/flow/onward/urgent-news.ts';
import type { Snapshot } from '../../../../src/flow/snapshot.ts';

const NOW = '2026-11-26T10:00:00.000Z';
const ANSWER: UrgentAnswer = { concern: 'self-harm', instrument: 'A questionnaire', item: '9', answered: '2026-11-24' };
const message = { id: 'm1', partner: 'casework', at: '2026-11-25T08:00:00.000Z' } as Message;
let number = 0;
const ids = { next: () => `id-${++number}` };

function snapshot(events: readonly LoopEvent[] = []): Snapshot {
  const references = [{ partner: 'casework', kind: 'referral', value: 'r1', referral: 'r1', task: 'child' }];
  return { referral: { id: 'r1', parentTask: 'parent' }, references, events } as unknown as Snapshot;
}
const news = (urgent: readonly UrgentAnswer[], events: readonly LoopEvent[] = []) =>
  urgentNews(urgent, { snapshot: snapshot(events), message, now: NOW }, { ids });

describe('urgent news', () => {
  it('is one event of Hearback’s own about the platform’s part, that belongs to no message', () => {
    const { events, journal } = news([ANSWER, { ...ANSWER, concern: 'safeguarding', item: '1' }]);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ kind: 'escalated', by: 'hearback', task: 'child', at: NOW });
    expect(events[0]).not.toHaveProperty('message');
    expect(events[0]?.note?.split('\n')).toHaveLength(2);
    expect(journal).toMatchObject([
      { kind: 'event.recorded', message: 'm1', detail: { rule: 'outcome/urgent-answer' } },
    ]);
    expect(JSON.stringify(journal)).not.toMatch(/harm|questionnaire/i);
  });

  it('is told once for each answer, whichever message says it again', () => {
    const told = news([ANSWER]).events;
    expect(news([ANSWER], told).events).toEqual([]);
    expect(news([{ ...ANSWER, answered: '2026-11-25' }], told).events).toHaveLength(1);
  });

  it('without a day takes the day on which it came', () => {
    const { answered: _, ...undated } = ANSWER;
    expect(news([undated]).events[0]?.note).toContain('answered on 2026-11-25');
  });

  it('is nothing where nothing is urgent, and comes first where something is', () => {
    expect(news([])).toEqual({ events: [], journal: [] });
    const told = news([ANSWER]);
    const other = { ...told.events[0], id: 'other' } as LoopEvent;
    expect(withUrgent({ events: [other], journal: [] }, told).events?.map(({ id }) => id)).toEqual([
      told.events[0]?.id,
      'other',
    ]);
  });

  it('shows on every hold of its report', () => {
    const hold = { id: 'h', findings: [] } as unknown as Hold;
    expect(markUrgent([hold], [ANSWER])[0]?.findings.map(({ rule }) => rule)).toEqual(['outcome/urgent-answer']);
    expect(markUrgent([hold], [])).toEqual([hold]);
  });
});

describe('what was found about outcomes that are taken', () => {
  it('stands in the message log with rule and place, and nothing else of a report does', () => {
    const finding = (rule: string) => ({
      severity: 'warning' as const,
      rule,
      place: { expression: 'X.item' },
      message: '',
      remedy: '',
    });
    const event = { id: 'e1', referral: 'r1', recordedAt: NOW, message: 'm1' } as LoopEvent;
    expect(outcomesJudged({ findings: [finding('outcome/items-filled'), finding('report/no-reason')] }, event)).toEqual(
      [
        {
          at: NOW,
          kind: 'outcome.judged',
          actor: 'hearback',
          referral: 'r1',
          message: 'm1',
          detail: { event: 'e1', rule: 'outcome/items-filled', place: 'X.item' },
        },
      ],
    );
  });
});
