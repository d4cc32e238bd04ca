import type * as z from 'zod';
import { Account, Customer } from '#shared/customer/customer.ts';
import { Product } from '#shared/product/product.ts';

/** A customer in London who may owe GBP 1,000.00 and pays in 30 days. */
export function aCustomer(overrides: Partial<z.input<typeof Customer>> = {}): Customer {
  return Customer.parse({
    customerId: 'cus_harbour',
    name: 'Harbour Books Ltd',
    email: 'orders@harbour.example',
    address: { lines: ['3 Quay Street'], city: 'Bristol', postalCode: 'BS1 4QA', country: 'GB' },
    currency: 'GBP',
    paymentTermDays: 30,
    creditLimit: 100_000,
    language: 'en',
    status: 'active',
    version: 1,
    ...overrides,
  });
}

/** The customer's account: nothing owed yet. */
export function anAccount(overrides: Partial<z.input<typeof Account>> = {}): Account {
  return Account.parse({
    customerId: 'cus_harbour',
    currency: 'GBP',
    creditLimit: 100_000,
    exposure: 0,
    receivable: 0,
    ...overrides,
  });
}

/** Goods at GBP 12.50 before tax. */
export function aProduct(overrides: Partial<z.input<typeof Product>> = {}): Product {
  return Product.parse({
    sku: 'MUG-1',
    description: 'Mug, blue glaze',
    kind: 'goods',
    taxClass: 'standard',
    prices: { GBP: 1_250 },
    version: 1,
    ...overrides,
  });
}

/** Postage at GBP 4.00 before tax, without stock. */
export function aCharge(overrides: Partial<z.input<typeof Product>> = {}): Product {
  return aProduct({
    sku: 'POST',
    description: 'Postage',
    kind: 'charge',
    prices: { GBP: 400 },
    ...overrides,
  });
}
