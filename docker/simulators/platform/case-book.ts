import type { Case, Received } from './dialect.ts';

/** A delivery that was taken: what really arrived, repeats included. */
export interface Delivery {
  /** The webhook-id. */
  readonly id: string;
  readonly kind: Received['kind'];
  readonly reference: string;
  /** True when this webhook-id had come before. */
  readonly repeat: boolean;
}

export interface CaseBook {
  /** Opens a case for a referral, or finds the one that this very delivery opened. */
  open(delivery: string, received: Received, payload: unknown): { readonly one: Case; readonly isNew: boolean };
  /** Enters a delivery that opens nothing. */
  enter(delivery: string, received: Received): { readonly repeat: boolean };
  byReference(taskReference: string): Case | undefined;
  byNumber(number: string): Case | undefined;
  cases(): readonly Case[];
  deliveries(): readonly Delivery[];
}

/**
 * A platform's cases. It keeps the promise of its contract and no more: one webhook-id has one effect. A referral that came
 * again under another id would be a second case for the same person, so whoever counts cases sees a sender's mistake.
 */
export function newCaseBook(prefix: string): CaseBook {
  const cases: Case[] = [];
  const deliveries: Delivery[] = [];
  const enter = (id: string, { kind, reference }: Received): { repeat: boolean } => {
    const repeat = deliveries.some((delivery) => delivery.id === id);
    deliveries.push({ id, kind, reference, repeat });
    return { repeat };
  };
  return {
    enter,
    open(delivery, received, payload) {
      enter(delivery, received);
      const known = cases.find((one) => one.delivery === delivery);
      if (known !== undefined) return { one: known, isNew: false };
      const one: Case = { ...received, number: `${prefix}-${cases.length + 1001}`, delivery, received: payload };
      cases.push(one);
      return { one, isNew: true };
    },
    byReference: (taskReference) => cases.find((one) => one.taskReference === taskReference),
    byNumber: (number) => cases.find((one) => one.number === number),
    cases: () => cases,
    deliveries: () => deliveries,
  };
}
