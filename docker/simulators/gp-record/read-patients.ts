import { z } from 'zod';
import type { Registered } from './registered.ts';

const patients = z.array(
  z
    .strictObject({
      nhsNumber: z.string().regex(/^\d{10}$/),
      family: z.string().min(1),
      given: z.string().min(1),
      birthDate: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
      gender: z.enum(['male', 'female', 'other', 'unknown']),
      movedTo: z.string().min(1).optional(),
    })
    .transform(({ movedTo, ...one }): Registered => ({ ...one, ...(movedTo !== undefined && { movedTo }) })),
);

/** A practice's list as it stands in a file or comes to the control door. Throws what is wrong with it. */
export function readPatients(value: unknown): readonly Registered[] {
  return patients.parse(value);
}
