import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { Asked, SatisfactionKind, Score } from './satisfaction.ts';

/** What customers say; subject is the question's partition. */
export const satisfactionFacts = [
  factOf(
    'satisfaction.answered',
    z.strictObject({ subject: Asked.shape.subject, kind: SatisfactionKind, score: Score }),
  ),
] as const;
