import { beforeAll, describe, expect, it, vi } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { InvoiceId } from '#shared/kernel/ids.ts';
import { Currency } from '#shared/kernel/money.ts';
import { Instant } from '#shared/kernel/time.ts';
import { applyProviderEvent } from '#shared/payment/provider-payment-store.ts';
import type { Item } from '#shared/table/table.ts';
import { sellFourMugs, trading } from '../../builders/trading.ts';

vi.mock('#shared/payment/signing-secret-client.ts', () => ({
  signingSecret: () => () => Promise.resolve('a-secret-of-this-test-that-is-long-enough'),
}));

const at = Instant.parse('2026-03-03T10:00:00.000Z');

/** GBP 90.00 collected for 60.00 by the sandbox; 10.00 are on their way back, 5.00 came back to us, 3.00 are not sent. */
async function soundTable(): Promise<Item[]> {
  const company = trading();
  const { table, done } = company;
  const invoiceId = InvoiceId.parse(await sellFourMugs(company, at));
  const doing = { at, by: 'test', timeZone: 'Europe/London' };
  const event = { eventId: 'evt_1', providerPaymentId: 'sbx_1', currency: Currency.parse('GBP') };
  await applyProviderEvent(
    table,
    'sandbox',
    { ...event, type: 'payment_succeeded', invoiceId, amount: 9_000 },
    doing,
  );
  const [head] = table.items(({ PK, SK }) => PK.startsWith('pay_') && SK === 'HEAD');
  const params = { paymentId: head?.PK ?? '' };
  const refund = (amount: number) =>
    done('refundPayment', { at, params, body: { amount, reason: 'Paid too much' } });
  vi.stubGlobal('fetch', () => Promise.resolve({ status: 200 }));
  await refund(1_000);
  await refund(500);
  const failed = { type: 'refund_news', state: 'failed', reason: 'Account closed' } as const;
  const refundKey = `${params.paymentId}.000003`;
  const [sent] = table.items(({ SK }) => SK === 'REFUND#000003');
  const providerRefundId = String(sent?.['providerRefundId']);
  const news = { ...event, ...failed, refundKey, providerRefundId, amount: 500 };
  await applyProviderEvent(table, 'sandbox', news, doing);
  vi.stubGlobal('fetch', () => Promise.resolve({ status: 503 }));
  await refund(300).catch(() => {});
  vi.unstubAllGlobals();
  return table.items();
}

type Edit = (items: Item[]) => Item[];

const changed =
  (slot: string, change: Record<string, unknown>): Edit =>
  (items) =>
    items.map((item) => (item.SK === `REFUND#${slot}` ? { ...item, ...change } : item));
const without =
  (SK: string): Edit =>
  (items) =>
    items.filter((item) => item.SK !== SK);
const factChanged =
  (type: string, change: Record<string, unknown>): Edit =>
  (items) =>
    items.map((item) =>
      item['type'] === type ? { ...item, data: Object.assign({}, item['data'], change) } : item,
    );

const plants: [string, Edit][] = [
  ['a refund that nobody will send', without('REFUND#000002')],
  ['one of another amount', changed('000002', { amount: 999 })],
  ['one that no fact tells of', changed('000002', { slot: '000009' })],
  ['one under way that waits in no queue', changed('000005', { DPK: undefined })],
  ['one that failed and finance does not see', changed('000003', { DPK: undefined })],
  [
    'one that failed and was not undone',
    changed('000002', { state: 'failed', DPK: 'QUEUE#failed-refund#0' }),
  ],
  ['one that was undone and did not fail', changed('000003', { state: 'succeeded', DPK: undefined })],
  ['one undone by another amount', factChanged('payment.refund_failed', { amount: 499 })],
];

describe('refunds through a provider (D)', () => {
  let sound: Item[] = [];
  beforeAll(async () => {
    sound = await soundTable();
  });
  const found = async (items: Item[], settled = false) =>
    (await checkInvariants(items, { settled })).violations.map(({ invariant }) => invariant);

  it('are sound here', async () => {
    expect(await found(sound)).toEqual([]);
  });

  it.each(plants)('shows %s', async (_, edit) => {
    expect(await found(edit(structuredClone(sound)))).toContain('D');
  });

  it('are not left half way once all is settled', async () => {
    const never = changed('000005', { state: 'pending' })(structuredClone(sound));
    expect(await found(never, true)).toContain('J');
  });
});
