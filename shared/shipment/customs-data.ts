import * as z from 'zod';
import { Incoterm } from './incoterm.ts';

/**
 * What the customs know goods by: the code of the Harmonized System (six digits, up to ten nationally), the country they
 * come from, and what a unit weighs without packing.
 */
export const CustomsData = z.strictObject({
  hsCode: z.string().regex(/^\d{6}(\d{2}){0,2}$/, 'must be 6, 8 or 10 digits'),
  origin: z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code such as GB'),
  weightGrams: z.int().min(1).max(50_000_000),
});
export type CustomsData = z.infer<typeof CustomsData>;

/** What was declared of a shipment's goods when they left, by line of the order. */
export const CustomsDeclaration = z.strictObject({
  incoterm: Incoterm,
  lines: z.array(CustomsData.extend({ line: z.int().min(1) })),
});
export type CustomsDeclaration = z.infer<typeof CustomsDeclaration>;
