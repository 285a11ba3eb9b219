import { scaleBand, scaleLinear } from 'd3-scale';
import { stack } from 'd3-shape';
import { counted, numberInWords } from '../words.ts';

/** Rows of numbers, each row a bar that is made of one piece a series. */
export interface BarsGiven {
  readonly rows: readonly { readonly label: string; readonly counts: readonly number[] }[];
  readonly series: readonly string[];
  /** What is counted, one and several; loops when left out. */
  readonly unit?: readonly [one: string, several: string];
}

/** What a template draws: lengths in units of the picture, which is `width` wide. */
export interface StackedBars {
  readonly width: number;
  readonly height: number;
  readonly bars: readonly {
    readonly label: string;
    readonly y: number;
    readonly middle: number;
    readonly height: number;
    readonly total: { readonly text: string; readonly x: number };
    /** `series` counts from 1: a class of console.css. */
    readonly pieces: readonly {
      readonly x: number;
      readonly width: number;
      readonly series: number;
      readonly title: string;
    }[];
  }[];
  readonly legend: readonly { readonly text: string; readonly series: number; readonly x: number }[];
}

const WIDTH = 640;
const LABELS = 150;
const TOTALS = 60;
const ROW = 32;
const LEGEND = 34;

/** Lies the bars out; nothing in it is a value of a message. */
export function stackedBars({ rows, series, unit = ['loop', 'loops'] }: BarsGiven): StackedBars {
  const totals = rows.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0));
  const x = scaleLinear()
    .domain([0, Math.max(1, ...totals)])
    .range([LABELS, WIDTH - TOTALS]);
  const y = scaleBand<number>()
    .domain(rows.map((_, index) => index))
    .range([LEGEND, LEGEND + rows.length * ROW])
    .paddingInner(0.25)
    .paddingOuter(0.1);
  const layers = stack<(typeof rows)[number], number>()
    .keys(series.map((_, index) => index))
    .value(({ counts }, index) => counts[index] ?? 0)(rows);
  const bars = rows.map(({ label, counts }, row) => {
    const top = y(row) ?? 0;
    const total = totals[row] ?? 0;
    return {
      label,
      y: rounded(top),
      middle: rounded(top + y.bandwidth() / 2),
      height: rounded(y.bandwidth()),
      total: { text: numberInWords(total), x: rounded(x(total) + 8) },
      pieces: layers.flatMap((layer, index) => {
        const [from = 0, to = 0] = layer[row] ?? [];
        if (to <= from) return [];
        const title = `${label}, ${series[index]}: ${counted(counts[index] ?? 0, ...unit)}`;
        return [{ x: rounded(x(from)), width: rounded(x(to) - x(from)), series: index + 1, title }];
      }),
    };
  });
  const step = WIDTH / Math.max(1, series.length);
  const legend = series.map((text, index) => ({ text, series: index + 1, x: rounded(index * step) }));
  return { width: WIDTH, height: LEGEND + rows.length * ROW, bars, legend };
}

function rounded(length: number): number {
  return Math.round(length * 10) / 10;
}
