import type { Standing } from '../summarise.ts';

/** What a contender is meant to reach: at least `times` the speed of another one. */
interface Aim {
  readonly who: string;
  readonly than: string;
  readonly times: number;
}

const AIMS: readonly Aim[] = [
  { who: 'hearback', than: 'fhirpath', times: 10 },
  { who: 'hearback', than: 'handlebars', times: 2 },
  { who: 'hearback', than: 'hand', times: 1 / 6 },
  { who: 'hearback-receipts', than: 'fhirpath', times: 5 },
];

/** What was aimed at and what was reached, a line for each aim of which both sides were measured. */
export function aimLines(standings: readonly Standing[]): string[] {
  const ratios = new Map(standings.map(({ name, ratio }) => [name, ratio]));
  return AIMS.flatMap(({ who, than, times }) => {
    const one = ratios.get(who);
    const other = ratios.get(than);
    if (one === undefined || other === undefined) return [];
    const reached = one / other;
    const verdict = reached >= times ? 'reached' : 'missed';
    return [`aim ${verdict}: ${who} at ${timesText(reached)} ${than} (at least ${timesText(times)})`];
  });
}

/** `10 x`, or `1/6 of` below one. */
function timesText(times: number): string {
  return times < 1 ? `1/${figure(1 / times)} of` : `${figure(times)} x`;
}

function figure(value: number): string {
  return value.toLocaleString('en-GB', { maximumFractionDigits: 1 });
}
