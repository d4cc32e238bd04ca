import * as z from 'zod';
import { CustomerId } from '../kernel/ids.ts';
import { Instant } from '../kernel/time.ts';

/** Who did it: a user's name or id, or the function that acted by itself. */
const Actor = z.string().min(1).max(128);

/** The schema of facts of one type: the envelope all share, around `data`. */
export const factOf = <const T extends string, D extends z.ZodType>(type: T, data: D) =>
  z.strictObject({
    /** `subject` and `slot`: unique for ever, so that an effect can be claimed by it. */
    id: z.string(),
    type: z.literal(type),
    version: z.literal(1),
    at: Instant,
    /** The id of what it happened to; the fact lies in that partition. */
    subject: z.string(),
    slot: z.string(),
    customerId: CustomerId.optional(),
    actor: Actor,
    data,
  });
