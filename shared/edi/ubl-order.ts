import * as z from 'zod';
import { Address } from '../customer/customer.ts';
import { PeppolId } from '../delivery/preference.ts';
import { CustomerId, Sku } from '../kernel/ids.ts';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';
import { Incoterm } from '../shipment/incoterm.ts';

/** What of an order in UBL 2.1 makes an order here. Prices in minor units, before tax. */
export const UblOrder = z.strictObject({
  /** The buyer's number of it: our purchase-order number. */
  id: z.string().regex(/^[\w./-]{1,40}$/, 'must be 1 to 40 letters, digits or . / - _'),
  issuedOn: CalendarDate,
  currency: Currency,
  /** The buyer by our number of it, or by its id in the Peppol network. */
  buyer: z
    .strictObject({ customerId: CustomerId.optional(), endpoint: PeppolId.optional() })
    .refine(
      ({ customerId, endpoint }) => customerId !== undefined || endpoint !== undefined,
      'must be named by SupplierAssignedAccountID or by EndpointID with its schemeID',
    ),
  shipTo: Address.optional(),
  requestedOn: CalendarDate.optional(),
  incoterm: Incoterm.optional(),
  lines: z
    .array(
      z.strictObject({
        /** The buyer's number of the line, which the response repeats. */
        id: z.string().min(1).max(50),
        sku: Sku,
        quantity: z.int().min(1).max(1_000_000),
        statedPrice: Minor.min(0).max(MAX_AMOUNT).optional(),
      }),
    )
    .min(1)
    .max(1000),
});
export type UblOrder = z.infer<typeof UblOrder>;
