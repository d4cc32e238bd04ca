import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { BankLine } from './bank-line.ts';

/** What people decide about bank lines; subject is the statement. `line` is the line as it was then. */
export const bankLineFacts = [
  factOf('bank_line.decided', z.strictObject({ line: BankLine })),
  factOf('bank_line.undone', z.strictObject({ line: BankLine, reason: z.string() })),
] as const;
