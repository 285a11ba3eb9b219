import type { Leg } from '../message.ts';

/** Whether a delivery tells the GP what happened: as entries of the record, or as a document. */
export function isWriteBack({ purpose }: Pick<Leg, 'purpose'>): boolean {
  return purpose === 'write-back' || purpose === 'document';
}

/** Whether it does so by a document, because the structured way is off or was refused. */
export function isDocument({ purpose }: Pick<Leg, 'purpose'>): boolean {
  return purpose === 'document';
}
