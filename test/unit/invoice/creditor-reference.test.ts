import fc from 'fast-check';
import { validate } from 'node-iso11649';
import { describe, expect, it } from 'vitest';
import { creditorReference, groupedReference } from '#shared/invoice/creditor-reference.ts';
import { remittanceOf } from '#shared/invoice/invoice.ts';
import { anInvoice } from '#test/builders/invoice.ts';

describe('the creditor reference of an invoice', () => {
  it('is its number without separators, with check digits before it', () => {
    expect(creditorReference('INV-2026-000042')).toBe('RF54INV2026000042');
    expect(creditorReference('RE/2026/1')).toBe('RF47RE20261');
    expect(groupedReference('RF54INV2026000042')).toBe('RF54 INV2 0260 0004 2');
  });

  it('is made of a hash where the number would not be told from others, or is too long', () => {
    expect(creditorReference('2026-INV-1')).toBe('RF94VNCQD4LPW26AV8IDH4QSH');
    expect(creditorReference('INV2-2026-1')).not.toBe(creditorReference('INV-2202-61'));
    expect(creditorReference('ABCDEFGHIJ-2026-123456789')).toHaveLength(25);
  });

  it('is valid and differs for different numbers', () => {
    const prefix = fc.stringMatching(/^[A-Z0-9]{1,10}$/);
    const number = fc
      .tuple(prefix, fc.integer({ min: 2000, max: 2999 }), fc.integer({ min: 1, max: 9_999_999 }))
      .map(([before, year, ordinal]) => `${before}-${year}-${String(ordinal).padStart(6, '0')}`);
    fc.assert(
      fc.property(number, number, (one, other) => {
        expect(validate(creditorReference(one))).toBe(true);
        expect(creditorReference(one) === creditorReference(other)).toBe(one === other);
      }),
    );
  });

  it('is what a payer quotes, and the number on invoices that have none', () => {
    expect(remittanceOf(anInvoice())).toBe('INV-2026-000001');
    expect(remittanceOf(anInvoice({ creditorReference: 'RF54INV2026000042' }))).toBe('RF54 INV2 0260 0004 2');
  });
});
