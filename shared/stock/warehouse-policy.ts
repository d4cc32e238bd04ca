import * as z from 'zod';
import { Address } from '../customer/customer.ts';
import { WarehouseId } from '../kernel/ids.ts';
import type { PolicyDefinition } from '../policy/policy-definition.ts';

/** The warehouse that every company has, and the only one of most. */
export const MAIN = WarehouseId.parse('main');

/**
 * A place that keeps stock and ships. `preference`: the lowest first, where nothing else decides. `countries`: the only
 * ones it ships to. An inactive one is allocated no more; what is reserved there still ships, and it still counts.
 */
export const Warehouse = z.strictObject({
  id: WarehouseId,
  name: z.string().min(1).max(80),
  address: Address.optional(),
  active: z.boolean().default(true),
  preference: z.int().min(0).max(1000).default(100),
  countries: z.array(Address.shape.country).min(1).optional(),
});
export type Warehouse = z.infer<typeof Warehouse>;

/** The warehouses, how long a waiting order keeps its goods, and who is told when a product runs low. */
export const WarehousePolicy = z
  .strictObject({
    warehouses: z
      .array(Warehouse)
      .min(1)
      .max(20)
      .prefault([{ id: 'main', name: 'Main warehouse' }]),
    /** Days that an order on hold keeps its reservation. */
    reservationDays: z.union([z.int().min(1).max(365), z.literal('never')]).default(14),
    /** Who is mailed when a product falls below its reorder point; nobody when empty. */
    lowStockRecipients: z.array(z.email()).max(10).default([]),
  })
  .check(({ value, issues }) => {
    const { warehouses } = value;
    const ids = warehouses.map(({ id }) => id);
    const issue = (message: string) =>
      issues.push({ code: 'custom', path: ['warehouses'], message, input: warehouses });
    if (new Set(ids).size < ids.length) issue('must each have an id of its own');
    // Orders of what lies in `main` only are placed without asking this policy.
    const main = warehouses.find(({ id }) => id === MAIN);
    if (!main?.active || main.countries)
      issue('must have `main`, active and without countries: give it the name and address of your first one');
  });
export type WarehousePolicy = z.infer<typeof WarehousePolicy>;

export const warehousePolicy: PolicyDefinition<WarehousePolicy> = {
  name: 'warehouses',
  schema: WarehousePolicy,
  shipped: WarehousePolicy.parse({}),
};
