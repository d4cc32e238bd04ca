import * as z from 'zod';
import { factOf } from '../fact/envelope.ts';
import { OrderImportId } from './order-import.ts';

/** What happens to files of orders; subject is the import. */
export const orderImportFacts = [
  factOf('order_import.received', z.strictObject({ importId: OrderImportId, chunk: z.int().min(1) })),
] as const;
