import { Message } from 'node-hl7-client';
import simpleHl7, { type SimpleSegment } from 'simple-hl7';
import { characterSetNamed } from '../../src/core/hl7v2/character-set.ts';
import { type Hl7Message, readMessageText } from '../../src/core/hl7v2/message.ts';
import type { Hl7Segment } from '../../src/core/hl7v2/segment.ts';

/** What the hand-written mapping needs of a reader: the same few questions, whoever reads. */
export interface SegmentView {
  readonly name: string;
  /** A text with its escape sequences read; empty when it is not there. All count from 1. */
  readonly get: (field: number, component?: number, repetition?: number) => string;
  readonly repetitions: (field: number) => number;
}

export interface Reader {
  readonly name: string;
  /** All segments but the header, in their order. */
  readonly read: (text: string) => readonly SegmentView[];
}

const UTF8 = characterSetNamed('UTF-8');

const hearback: Reader = {
  name: 'hearback',
  read: (text) => {
    const message: Hl7Message | undefined = readMessageText(text, UTF8);
    return message === undefined ? [] : message.segments.slice(1).map((segment) => new OwnView(segment));
  },
};

class OwnView implements SegmentView {
  readonly name: string;
  readonly #segment: Hl7Segment;
  constructor(segment: Hl7Segment) {
    this.name = segment.name;
    this.#segment = segment;
  }
  get(field: number, component?: number, repetition?: number): string {
    return this.#segment.value(field, component, repetition) ?? '';
  }
  repetitions(field: number): number {
    return this.#segment.repetitions(field).length;
  }
}

const simple: Reader = {
  name: 'simple-hl7',
  // A parser of its own for each message, as its server makes one for each connection.
  read: (text) => new simpleHl7.Parser().parse(text).segments.map((segment) => new SimpleView(segment)),
};

class SimpleView implements SegmentView {
  readonly name: string;
  readonly #segment: SimpleSegment;
  constructor(segment: SimpleSegment) {
    this.name = segment.name;
    this.#segment = segment;
  }
  get(field: number, component = 1, repetition = 1): string {
    const value = this.#segment.fields[field - 1]?.value ?? [];
    // A field with repetitions holds fields, one without holds its components.
    let one: unknown = value[repetition - 1];
    if (isValued(one)) one = one.value[0];
    const part: unknown = Array.isArray(one) ? one[component - 1] : undefined;
    return isValued(part) ? unescaped(String(Array.isArray(part.value[0]) ? part.value[0][0] : part.value[0])) : '';
  }
  repetitions(field: number): number {
    const value = this.#segment.fields[field - 1]?.value ?? [];
    return value.length === 1 && this.get(field) === '' ? 0 : value.length;
  }
}

function isValued(part: unknown): part is { readonly value: readonly unknown[] } {
  return typeof part === 'object' && part !== null && 'value' in part && Array.isArray(part.value);
}

const client: Reader = {
  name: 'node-hl7-client',
  read: (text) => {
    const message = new Message({ text });
    const views: SegmentView[] = [];
    const count = new Map<string, number>();
    // It gives segments by name only; their order is seen in the text.
    for (const line of text.split('\r').slice(1)) {
      const name = line.slice(0, 3);
      if (name === '') continue;
      const index = count.get(name) ?? 0;
      count.set(name, index + 1);
      views.push(new ClientView(name, message, index));
    }
    return views;
  },
};

class ClientView implements SegmentView {
  readonly name: string;
  readonly #message: Message;
  readonly #index: number;
  #found: ReturnType<Message['get']> | undefined;
  constructor(name: string, message: Message, index: number) {
    this.name = name;
    this.#message = message;
    this.#index = index;
  }
  /** Looked up once for each segment, when it is first asked for. */
  get #segment(): ReturnType<Message['get']> {
    this.#found ??= this.#message.get(this.name).get(this.#index);
    return this.#found;
  }
  get(field: number, component = 1, repetition = 1): string {
    const repeated = this.#segment.get(`${field}`);
    if (repeated.isEmpty()) return '';
    const part =
      repeated.length > 1 || repetition > 1
        ? repeated.get(repetition - 1).get(`${component}`)
        : this.#segment.get(`${field}.${component}`);
    return part.isEmpty() ? '' : unescaped(part.toString());
  }
  repetitions(field: number): number {
    const repeated = this.#segment.get(`${field}`);
    return repeated.isEmpty() ? 0 : repeated.length;
  }
}

/** What the others leave in the text and our messages hold: `\T\` and line ends. */
function unescaped(text: string): string {
  return text.includes('\\') ? text.replaceAll('\\T\\', '&').replaceAll('\\.br\\', '\n') : text;
}

/** The first is the one that the others are compared with. */
export const READERS: readonly Reader[] = [hearback, simple, client];
