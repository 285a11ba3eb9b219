import nunjucks from 'nunjucks';
import type { Flash } from './page.ts';
import { VIEW_DIRECTORIES } from './static-files.ts';
import { instantInWords, numberInWords, spanInWords } from './words.ts';

/** What every page has around it. */
export interface Frame {
  /** Random for each answer: the one inline script of the NHS template may run, and no other. */
  readonly nonce: string;
  /** Path of the static files, with a slash at its end. */
  readonly assets: string;
  readonly user?: { readonly name: string; readonly roles: string; readonly partners?: string };
  readonly navigation: readonly { readonly href: string; readonly text: string; readonly current: boolean }[];
  readonly formToken: string;
  readonly flash?: Flash;
  /** When the page was made, as an instant: what it shows may be older a minute later. */
  readonly madeAt: string;
  /** The path of this page: what a form may come back to. */
  readonly here: string;
}

export interface Shown {
  readonly view: string;
  readonly title: string;
  readonly model: Readonly<Record<string, unknown>>;
}

let made: nunjucks.Environment | undefined;

/** A page as HTML. Every value is escaped on its way into it; no template may say otherwise (test/unit/console/views.test.ts). */
export function renderPage({ view, title, model }: Shown, frame: Frame): string {
  made ??= environment();
  // What a page shows comes first, so that no model can stand in the place of the frame.
  return made.render(`${view}.njk`, {
    ...model,
    title,
    frame,
    cspNonce: frame.nonce,
    assetPath: frame.assets.slice(0, -1),
  });
}

function environment(): nunjucks.Environment {
  const loader = new nunjucks.FileSystemLoader([...VIEW_DIRECTORIES], { noCache: false, watch: false });
  const made = new nunjucks.Environment(loader, { autoescape: true, trimBlocks: true, lstripBlocks: true });
  made.addFilter('instant', (value: unknown, precision?: 'second') => timeElement(value, precision));
  made.addFilter('span', (value: unknown) => (typeof value === 'number' ? spanInWords(value) : ''));
  made.addFilter('number', (value: unknown) => (typeof value === 'number' ? numberInWords(value) : ''));
  return made;
}

/** `<time>` of an instant. What is none is shown as it is, escaped like everything else. */
function timeElement(value: unknown, precision?: 'second'): unknown {
  const words = typeof value === 'string' ? instantInWords(value, precision) : undefined;
  if (words === undefined) return value;
  return new nunjucks.runtime.SafeString(`<time datetime="${new Date(String(value)).toISOString()}">${words}</time>`);
}
