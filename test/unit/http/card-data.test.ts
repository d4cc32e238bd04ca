import { describe, expect, it, vi } from 'vitest';
import { refuseCardData } from '#shared/http/card-data.ts';
import { aCompany } from '../../builders/company.ts';
import { send } from '../../builders/http-event.ts';
import { memoryTable } from '../../builders/memory-table.ts';

const table = memoryTable();
vi.mock('#shared/table/dynamo-table.ts', () => ({ dynamoTable: () => table }));
vi.stubEnv('COMPANY', JSON.stringify(aCompany()));
const payments = await import('../../../functions/http/payments.ts');

describe('card data in a request body', () => {
  it.each([
    ['a Visa number', { reference: '4242424242424242' }, 'reference'],
    ['a Visa number in groups', { note: '4242 4242 4242 4242' }, 'note'],
    ['a Mastercard number with hyphens', { note: '5555-5555-5555-4444' }, 'note'],
    ['a Mastercard number of the 2 series', { note: '2223003122003222' }, 'note'],
    ['an American Express number in its groups', { note: '3782 822463 10005' }, 'note'],
    ['a Discover number', { note: '6011111111111117' }, 'note'],
    ['a JCB number', { note: '3530111333300000' }, 'note'],
    ['a number that is no text', { amount: 4242424242424242 }, 'amount'],
    ['a number amid text', { reason: 'Paid by card 4242424242424242, exp. 12/30' }, 'reason'],
    ['a number deep down', { lines: [{}, { note: '4242424242424242' }] }, 'lines.1.note'],
    ['a field for a card number', { card: { cardNumber: 'x' } }, 'card.cardNumber'],
    ['a field for a security code', { CVC: 123 }, 'CVC'],
    ['a field in another spelling', { card_number: '1' }, 'card_number'],
  ])('is refused: %s', (_, body, path) => {
    expect(() => refuseCardData(body)).toThrow(
      expect.objectContaining({
        code: 'card_data_refused',
        issues: [{ path, message: 'must not hold card data' }],
      }),
    );
  });

  it.each([
    ['a number with a wrong check digit', { reference: '4242424242424241' }],
    ['a number that no issuer gives out', { reference: '1234567812345670' }],
    ['a GTIN-13', { sku: '4006381333931' }],
    ['a GTIN-14', { sku: '14006381333938' }],
    ['an SSCC', { carton: '340123450000000018' }],
    ['a tracking number', { trackingNumber: '378282246310005' }],
    ['an RF reference in groups', { reference: 'RF18 4242 4242 4242 4242' }],
    ['a Lithuanian IBAN in groups', { text: 'LT12 4242 4242 4242 4242' }],
    ['digits within a word', { reference: 'INV4242424242424242' }],
    ['digits within a longer number', { reference: '42424242424242420000' }],
    ['the largest amount', { amount: 1_000_000_000_000 }],
    ['an empty field', { cvc: '' }],
    ['no fields', undefined],
  ])('is not %s', (_, body) => {
    expect(() => refuseCardData(body)).not.toThrow();
  });

  it('leaves as a problem, without the number, and nothing is written', async () => {
    const answer = await send(payments.handler, 'recordPayment', {
      as: { roles: ['finance'] },
      headers: { 'idempotency-key': 'k-1' },
      body: {
        customerId: 'cus_harbour',
        method: 'cash',
        currency: 'GBP',
        amount: 100,
        reference: '4242 4242 4242 4242',
      },
    });
    expect([answer.status, answer.json['code']]).toEqual([422, 'card_data_refused']);
    expect(answer.text).not.toContain('4242');
    expect(table.items()).toEqual([]);
  });
});
