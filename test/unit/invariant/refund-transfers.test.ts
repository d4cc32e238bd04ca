import { beforeAll, expect, it } from 'vitest';
import { readPicture } from '#shared/invariant/read-picture.ts';
import { refundsGoOutOnce } from '#shared/invariant/refund-transfers.ts';
import type { Item } from '#shared/table/table.ts';
import { refundDesk } from '../../builders/refund-desk.ts';

let items: Item[] = [];

/** One refund that waits, one that lies in a run, one that was paid, one that came back, one that waits for approval. */
beforeAll(async () => {
  const desk = await refundDesk();
  const paymentId = await desk.paid(200_000);
  const ids: string[] = [];
  for (const amount of [100, 200, 300])
    ids.push((await desk.refund(paymentId, amount)).json.transfer.endToEndId);
  await desk.run();
  await desk.line({ amount: -200, endToEndId: String(ids[1]) });
  await desk.line({ amount: 300, endToEndId: String(ids[2]) });
  await desk.refund(paymentId, 400);
  await desk.refund(paymentId, 60_000);
  items = desk.table.items();
});

const found = async (edit: (item: Item) => Item | undefined) => {
  const picture = await readPicture(items.flatMap((item) => edit(item) ?? []));
  expect(picture.unreadable).toEqual([]);
  return [...refundsGoOutOnce(picture)].map(({ detail }) => detail);
};
const transfer = (status: string) => (item: Item) =>
  item.SK.startsWith('TRANSFER#') && item['status'] === status;

it('holds of a table at work', async () => {
  expect(await found((item) => item)).toEqual([]);
});

it.each<[string, (item: Item) => Item | undefined, string]>([
  [
    'a refund that waits and is in no queue',
    (item) => (transfer('waiting')(item) ? { ...item, DPK: undefined } : item),
    'waits in its queue',
  ],
  [
    'a run without one of its transfers',
    (item) => (item.SK === 'CREDIT#00001' ? undefined : item),
    'transfers of ctr_',
  ],
  [
    'a transfer that two runs hold',
    (item) => (item.SK === 'CREDIT#00001' ? { ...item, PK: 'ctr_01k0000000000000000000000e' } : item),
    'has transfers, but is not there',
  ],
  [
    'a transfer that its run says is released',
    (item) =>
      item.SK === 'CREDIT#00001'
        ? { ...item, released: { at: '2026-04-01T08:00:00.000Z', reason: 'AC04', as: 'requeued' } }
        : item,
    'runs that the transfer of',
  ],
  [
    'a paid one without its bank line',
    (item) => (item.SK.startsWith('ON_STATEMENT#') && item.SK !== 'ON_STATEMENT#000001' ? undefined : item),
    'the line of the transfer of',
  ],
  [
    'an amount that is not the refund’s',
    (item) => (transfer('collected')(item) ? { ...item, amount: 101 } : item),
    'gave',
  ],
  [
    'a run that is cancelled with a transfer in it',
    (item) => (item.PK.startsWith('ctr_') && item.SK === 'HEAD' ? { ...item, status: 'cancelled' } : item),
    'which is cancelled',
  ],
  [
    'a run that is ready and collected still',
    (item) => (item.PK.startsWith('ctr_') && item.SK === 'HEAD' ? { ...item, status: 'collecting' } : item),
    'is collected',
  ],
  [
    'refunds that were not counted',
    (item) => (item.SK === 'REFUNDS#EUR' ? { ...item, days: [] } : item),
    'refunds counted of cus_elster in EUR are 0, not between 60000 and 61000',
  ],
  [
    'refunds that were counted twice',
    (item) => (item.SK === 'REFUNDS#EUR' ? { ...item, days: [{ on: '2026-04-01', amount: 61_001 }] } : item),
    'refunds counted of cus_elster in EUR are 61001',
  ],
])('finds %s', async (_, edit, detail) => {
  expect((await found(edit)).join('\n')).toContain(detail);
});
