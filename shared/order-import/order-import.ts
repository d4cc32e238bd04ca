import * as z from 'zod';
import { CustomerId, OrderId } from '../kernel/ids.ts';
import { Instant } from '../kernel/time.ts';

/** Made of the file and who sent it, so that the same file again is the same import. */
export const OrderImportId = z
  .string()
  .regex(/^imp_[0-9a-f]{32}$/, 'must be imp_ and 32 hexadecimal digits')
  .brand('OrderImportId');
export type OrderImportId = z.infer<typeof OrderImportId>;

/** A file of orders that was taken. `chunks` of them are worked side by side, each from its first order to its last. */
export const OrderImport = z.strictObject({
  importId: OrderImportId,
  at: Instant,
  by: z.string(),
  byId: z.string(),
  /** Whether sales sent it, who may agree prices. */
  mayAgreePrices: z.boolean(),
  rows: z.int().min(1),
  orders: z.int().min(1),
  chunks: z.int().min(1),
});
export type OrderImport = z.infer<typeof OrderImport>;

/** How far a chunk is. */
export const ChunkProgress = z.strictObject({
  chunk: z.int().min(1),
  orders: z.int().min(1),
  placed: z.int().min(0),
  rejected: z.int().min(0),
});
export type ChunkProgress = z.infer<typeof ChunkProgress>;

/** What became of an order of the file, which begins in `row`: an order, or why it is none. */
export const ImportResult = z.strictObject({
  row: z.int().min(2),
  ref: z.string(),
  customerId: CustomerId,
  orderId: OrderId.optional(),
  reject: z.strictObject({ code: z.string(), detail: z.string() }).optional(),
});
export type ImportResult = z.infer<typeof ImportResult>;
