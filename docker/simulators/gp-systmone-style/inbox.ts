import type { Hl7Message } from './hl7-message.ts';

/** A message that a person at the practice must look at before it is anywhere in the record. */
export interface InboxItem {
  readonly id: string;
  /** MSH-10. */
  readonly controlId: string;
  /** `ORU^R01` */
  readonly kind: string;
  readonly nhsNumber: string;
  /** An ISO instant. */
  readonly received: string;
  readonly state: 'waiting' | 'filed' | 'rejected';
  readonly message: Hl7Message;
  /** When it was filed or rejected. */
  readonly decided?: string;
  /** How often the same bytes came once more. */
  readonly repeats: number;
}

export type Entered =
  | { readonly kind: 'new' | 'repeat'; readonly item: InboxItem }
  /** The same MSH-10 with other content. */
  | { readonly kind: 'conflict' };

export interface Inbox {
  /** The same message has one effect, however often it comes. */
  enter(item: Pick<InboxItem, 'controlId' | 'kind' | 'nhsNumber' | 'received' | 'message'>): Entered;
  /** By its own id or by MSH-10. Throws when there is none, or it is already so. */
  decide(id: string, state: 'filed' | 'rejected', at: string): InboxItem;
  /** In order of arrival. */
  items(): readonly InboxItem[];
}

export function newInbox(): Inbox {
  const items = new Map<string, InboxItem>();
  const set = (item: InboxItem): InboxItem => {
    items.set(item.controlId, item);
    return item;
  };
  return {
    enter(given) {
      const known = items.get(given.controlId);
      if (known === undefined) {
        const item = set({ ...given, id: `W${items.size + 1}`, state: 'waiting', repeats: 0 });
        return { kind: 'new', item };
      }
      if (known.message.text !== given.message.text) return { kind: 'conflict' };
      return { kind: 'repeat', item: set({ ...known, repeats: known.repeats + 1 }) };
    },
    decide(id, state, at) {
      const item = items.get(id) ?? [...items.values()].find((one) => one.id === id);
      if (item === undefined) throw new Error(`the inbox has no ${id}`);
      // What is filed may still be rejected later (an error found by a person); what is rejected is over.
      const next = item.state === 'waiting' || (item.state === 'filed' && state === 'rejected');
      if (!next) throw new Error(`${item.id} is ${item.state} already`);
      return set({ ...item, state, decided: at });
    },
    items: () => [...items.values()],
  };
}
