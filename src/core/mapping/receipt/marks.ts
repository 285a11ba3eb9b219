import type { Rule, TranslatedCode, Use } from './receipt.ts';
import type { Spot } from './spot.ts';

const NONE: readonly never[] = [];

/** What is known of one element of the input while a run is looked at. */
export class Mark {
  uses: readonly Use[] = NONE;
  translations: readonly HeardTranslation[] = NONE;
  /** The part of the template that looked at it in a condition. */
  decidedBy: Rule | undefined;
  /** The part that read it and took another value, or none. */
  passedBy: Rule | undefined;
  /** Set when the input is gone through at the end. */
  element = '';

  use(use: Use): void {
    this.uses = this.uses.length === 0 ? [use] : [...this.uses, use];
  }

  translated(heard: HeardTranslation): void {
    this.translations = this.translations.length === 0 ? [heard] : [...this.translations, heard];
  }
}

export interface HeardTranslation {
  readonly told: TranslatedCode;
  /** What the map gave: its code, system and display. Not shown. */
  readonly gave: readonly unknown[];
}

/** The marks of an input's elements, by where they stand. An element without one was read by nothing. */
export class Marks {
  readonly #byHolder = new Map<object, Map<string | number, Mark>>();

  at({ holder, key }: Spot): Mark {
    const known = this.#byHolder.get(holder);
    const marks = known ?? new Map<string | number, Mark>();
    if (known === undefined) this.#byHolder.set(holder, marks);
    const mark = marks.get(key) ?? new Mark();
    marks.set(key, mark);
    return mark;
  }

  known({ holder, key }: Spot): Mark | undefined {
    return this.#byHolder.get(holder)?.get(key);
  }

  within(holder: object): ReadonlyMap<string | number, Mark> | undefined {
    return this.#byHolder.get(holder);
  }
}
