import { scaleLinear, scalePoint } from 'd3-scale';
import { line } from 'd3-shape';

export interface LinesGiven {
  /** In order; each day with one count a series. */
  readonly days: readonly { readonly label: string; readonly counts: readonly number[] }[];
  readonly series: readonly string[];
}

/** What a template draws: lengths in units of the picture. */
export interface DayLines {
  readonly width: number;
  readonly height: number;
  /** `series` counts from 1: a class of console.css, which tells them apart by colour and by dashes. */
  readonly lines: readonly { readonly path: string; readonly series: number }[];
  readonly legend: readonly { readonly text: string; readonly series: number; readonly x: number }[];
  readonly across: readonly { readonly text: string; readonly x: number }[];
  readonly up: readonly { readonly text: string; readonly y: number }[];
  readonly left: number;
  readonly bottom: number;
}

const WIDTH = 640;
const HEIGHT = 220;
const LEFT = 44;
const TOP = 40;
const BOTTOM = HEIGHT - 28;
/** Labels below the picture stay apart. */
const LABELS = 7;

export function dayLines({ days, series }: LinesGiven): DayLines {
  const most = Math.max(1, ...days.flatMap(({ counts }) => counts));
  const y = scaleLinear().domain([0, most]).nice(4).range([BOTTOM, TOP]);
  const x = scalePoint<number>()
    .domain(days.map((_, index) => index))
    .range([LEFT + 12, WIDTH - 24]);
  const lines = series.map((_, at) => {
    const path = line<(typeof days)[number]>()
      .x((_day, index) => x(index) ?? 0)
      .y(({ counts }) => y(counts[at] ?? 0))
      .digits(1)(days);
    return { path: path ?? '', series: at + 1 };
  });
  const every = Math.max(1, Math.ceil(days.length / LABELS));
  return {
    ...{ width: WIDTH, height: HEIGHT, lines, left: LEFT, bottom: BOTTOM },
    legend: series.map((text, index) => ({ text, series: index + 1, x: LEFT + index * 180 })),
    across: days.flatMap(({ label }, index) =>
      index % every === 0 ? [{ text: label, x: Math.round((x(index) ?? 0) * 10) / 10 }] : [],
    ),
    up: y
      .ticks(4)
      .filter(Number.isInteger)
      .map((value) => ({ text: String(value), y: Math.round(y(value) * 10) / 10 })),
  };
}
