import jsQR from 'jsqr';
import { describe, expect, it } from 'vitest';
import { epcPayment, qrModules } from '#shared/document/epc-qr.ts';
import { elster } from './sample.ts';

const due = { amount: 149_854, currency: 'EUR', remittance: 'INV-2026-000042' };

/** The modules as a scanner sees them: four pixels each, with the quiet zone around. */
function scanned(modules: readonly (readonly boolean[])[]): string | undefined {
  const scale = 4;
  const size = (modules.length + 8) * scale;
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const dark = modules[Math.floor(y / scale) - 4]?.[Math.floor(x / scale) - 4] === true;
      if (dark) pixels.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3);
    }
  }
  return jsQR.default(pixels, size, size)?.data;
}

describe('the code for SEPA credit transfers', () => {
  it('says what EPC069-12 wants in its order, and can be read', () => {
    const payment = epcPayment(elster, due);
    expect(payment).toBe(
      [
        'BCD',
        '002',
        '1',
        'SCT',
        'COBADEFFXXX',
        'Elster Handelsgesellschaft mbH',
        'DE89370400440532013000',
        'EUR1498.54',
        '',
        '',
        'INV-2026-000042',
      ].join('\n'),
    );
    expect(scanned(qrModules(payment ?? ''))).toBe(payment);
  });

  it('carries a creditor reference in its structured field, and then no text', () => {
    const payment = epcPayment(elster, { ...due, creditorReference: 'RF54INV2026000042' });
    expect(payment?.split('\n').slice(8)).toEqual(['', 'RF54INV2026000042', '']);
    expect(scanned(qrModules(payment ?? ''))).toBe(payment);
  });

  it('can be read with umlauts and at its longest', () => {
    const company = {
      ...elster,
      legalName: `Großhändler für Öle & Äpfel ${'ü'.repeat(70)}`,
      iban: `MT84MALT011000012345MTLCAST001S`,
    };
    const payment = epcPayment(company, {
      ...due,
      amount: 99_999_999_999,
      remittance: `Rechnung ${'é'.repeat(200)}`,
    });
    expect(Buffer.byteLength(payment ?? '')).toBeLessThanOrEqual(331);
    expect(payment?.split('\n')[5]).toMatch(/^Großhändler für Öle & Äpfel ü+$/);
    expect(scanned(qrModules(payment ?? ''))).toBe(payment);
  });

  it('takes an IBAN with spaces, of any country in SEPA', () => {
    const british = { ...elster, iban: 'GB33 BUKB 2020 1555 5555 55' };
    expect(epcPayment(british, due)?.split('\n')[6]).toBe('GB33BUKB20201555555555');
  });

  it.each([
    ['pounds', elster, { ...due, currency: 'GBP' }],
    ['an account outside SEPA', { ...elster, iban: 'TR330006100519786457841326' }, due],
    ['nothing to pay', elster, { ...due, amount: 0 }],
    ['more than a transfer carries', elster, { ...due, amount: 100_000_000_000 }],
  ])('is not made for %s', (_, company, payment) => {
    expect(epcPayment(company, payment)).toBeUndefined();
  });
});
