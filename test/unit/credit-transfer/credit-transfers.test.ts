import { beforeEach, describe, expect, it } from 'vitest';
import { Crash } from '../../builders/memory-table.ts';
import { ELSTER, fay, type RefundDesk, refundDesk } from '../../builders/refund-desk.ts';

let desk: RefundDesk;
beforeEach(async () => {
  desk = await refundDesk();
});

const sound = async () => expect(await desk.violations()).toEqual([]);

/** `count` refunds of 1.00, 1.01 and so on, of one payment. */
async function refunds(count: number): Promise<{ paymentId: string; endToEndIds: string[] }> {
  const paymentId = await desk.paid(200_000);
  const endToEndIds: string[] = [];
  for (let n = 0; n < count; n++) {
    const { json } = await desk.refund(paymentId, 100 + n);
    endToEndIds.push(String(json.transfer.endToEndId));
  }
  return { paymentId, endToEndIds };
}

describe('a credit transfer run', () => {
  it('collects what waits, and gives the bank the same file whenever it is asked for', async () => {
    const { endToEndIds } = await refunds(3);
    const { status, json, headers } = await desk.run({ executeOn: '2026-04-02' });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      status: 'ready',
      format: 'iso20022',
      currency: 'EUR',
      executeOn: '2026-04-02',
      count: 3,
      total: 303,
      createdBy: 'Fay Finance',
    });
    expect(json.items.map((item: { endToEndId: string }) => item.endToEndId)).toEqual(endToEndIds);
    expect(headers['location']).toBe(`/v1/credit-transfers/${json.creditTransferId}`);
    expect(await desk.waiting()).toEqual([]);
    const file = await desk.getRun(json.creditTransferId, 'application/xml');
    expect(file.headers['content-type']).toContain('application/xml');
    expect(file.text).toContain('urn:iso:std:iso:20022:tech:xsd:pain.001.001.09');
    expect(file.text).toContain('<CtrlSum>3.03</CtrlSum>');
    expect(file.text.match(/<EndToEndId>\w+/g)).toEqual(endToEndIds.map((id) => `<EndToEndId>${id}`));
    await desk.release(json.creditTransferId, { outcome: 'undo' });
    expect((await desk.getRun(json.creditTransferId, 'application/xml')).text).toBe(file.text);
    expect((await desk.getRun(json.creditTransferId, 'text/plain')).json.status).toBe('cancelled');
    await sound();
  });

  it('is one run when it is asked for twice with one key', async () => {
    await refunds(2);
    const once = { headers: { 'idempotency-key': 'run' } };
    const first = await desk.run({}, once);
    await desk.release(first.json.creditTransferId);
    expect((await desk.run({}, once)).json).toEqual(first.json);
    await sound();
  });

  it('takes what waits for its currency and format only', async () => {
    await refunds(1);
    const nothing = await desk.run({ format: 'nacha' });
    expect(nothing.json).toMatchObject({ code: 'credit_transfer_not_configured' });
    expect((await desk.run({ bankAccountId: 'other' })).json).toMatchObject({
      code: 'bank_account_not_found',
    });
    expect((await desk.run({ executeOn: '2026-03-31' })).json).toMatchObject({
      code: 'validation_failed',
      issues: [{ path: 'executeOn', message: 'must be 2026-04-01 or later' }],
    });
    expect((await desk.run()).status).toBe(201);
    expect((await desk.run()).json).toMatchObject({ code: 'nothing_to_transfer' });
    await sound();
  });

  it('is for finance only', async () => {
    await refunds(1);
    const as = { sub: 's', roles: ['sales'] } as const;
    expect((await desk.run({}, { as })).status).toBe(403);
  });

  it('of any number is whole wherever the process dies, once it is asked for again', async () => {
    // Three chunks of 45 at most.
    const build = async () => {
      desk = await refundDesk();
      await refunds(100);
    };
    const body = { bankAccountId: 'main', format: 'iso20022' };
    for (const when of ['crashBefore', 'crashAfter'] as const) {
      for (let write = 1; write <= 5; write++) {
        for (const again of ['the same request', 'another'] as const) {
          await build();
          const headers = { 'idempotency-key': 'run' };
          const { client, send } = desk.process('createCreditTransfer', { body, headers });
          client.faults[when](write);
          const died = await send().then(
            (answer) => Number(answer.status) >= 500,
            (error: unknown) => error instanceof Crash,
          );
          expect([when, write, died]).toEqual([when, write, true]);
          const next = await desk.run({}, again === 'another' ? {} : { headers });
          const started = !(when === 'crashBefore' && write === 1);
          const name = `${again} after ${when} ${write}`;
          if (again === 'another' && started)
            expect([name, next.json.code]).toEqual([name, 'nothing_to_transfer']);
          else expect([name, next.json.count, next.json.total]).toEqual([name, 100, 14_950]);
          expect(await desk.waiting()).toEqual([]);
          await sound();
        }
      }
    }
  });

  it('takes each refund once when two runs are made at the same moment', async () => {
    await refunds(50);
    const body = { bankAccountId: 'main', format: 'iso20022' };
    const processes = [1, 2].map(() => desk.process('createCreditTransfer', { body }));
    await Promise.all(processes.map(({ send }) => send()));
    await desk.run();
    expect(await desk.waiting()).toEqual([]);
    await sound();
  });
});

describe('what the bank refused', () => {
  it('waits for another run, under another end-to-end id', async () => {
    const { endToEndIds } = await refunds(2);
    const [first = '', second = ''] = endToEndIds;
    const run = await desk.run();
    const released = await desk.release(run.json.creditTransferId, { endToEndIds: [first] });
    expect(released).toMatchObject({ status: 200, json: { status: 'ready', count: 2 } });
    expect(released.json.items).toMatchObject([
      { endToEndId: first, released: { as: 'requeued', reason: 'AC04 closed account' } },
      { endToEndId: second },
    ]);
    const [waiting] = await desk.waiting();
    expect(waiting).toMatchObject({ amount: 100, attempt: 2 });
    expect(endToEndIds).not.toContain(waiting.endToEndId);
    await sound();
    expect((await desk.run()).json.items).toMatchObject([{ endToEndId: waiting.endToEndId }]);
    // The first attempt's id means nothing any more.
    expect(await desk.line({ amount: -100, endToEndId: waiting.endToEndId })).toMatchObject({
      status: 'matched',
    });
    await sound();
  });

  it('is undone with its money unused again, and no more than once', async () => {
    const { endToEndIds, paymentId } = await refunds(2);
    const run = await desk.run();
    const some = { endToEndIds: endToEndIds.slice(0, 1), outcome: 'undo' };
    expect((await desk.release(run.json.creditTransferId, some)).status).toBe(200);
    expect(await desk.payment(paymentId)).toMatchObject({ refunded: 101, unapplied: 199_899 });
    expect(await desk.release(run.json.creditTransferId, some)).toMatchObject({
      status: 409,
      json: { code: 'credit_transfer_not_open' },
    });
    expect(
      (await desk.release(run.json.creditTransferId, { endToEndIds: ['R00000000000000'] })).json.code,
    ).toBe('refund_transfer_not_found');
    await sound();
  });

  it('leaves alone what a bank line says went out, even when the whole run is cancelled', async () => {
    const { endToEndIds, paymentId } = await refunds(3);
    const run = await desk.run();
    await desk.line({ amount: -101, endToEndId: String(endToEndIds[1]) });
    const all = await desk.release(run.json.creditTransferId, { outcome: 'undo' });
    expect(all.json).toMatchObject({ status: 'cancelled' });
    expect(await desk.payment(paymentId)).toMatchObject({ refunded: 101 });
    expect((await desk.release(run.json.creditTransferId)).json.code).toBe('credit_transfer_not_open');
    await sound();
  });

  it.each(['requeue', 'undo'])('is given back by %s wherever the process dies', async (outcome) => {
    for (const when of ['crashBefore', 'crashAfter'] as const) {
      for (let write = 1; write <= 4; write++) {
        desk = await refundDesk();
        const { paymentId } = await refunds(3);
        const creditTransferId = String((await desk.run()).json.creditTransferId);
        const headers = { 'idempotency-key': 'release' };
        const body = { reason: 'AC04 closed account', outcome };
        const { client, send } = desk.process('releaseCreditTransfer', {
          params: { creditTransferId },
          body,
          headers,
        });
        client.faults[when](write);
        await send().catch(() => undefined);
        client.faults.clear();
        expect((await send()).json).toMatchObject({ status: 'cancelled' });
        const left = outcome === 'undo' ? [0, 200_000] : [3, 199_697];
        const { unapplied } = await desk.payment(paymentId);
        expect([when, write, (await desk.waiting()).length, unapplied]).toEqual([when, write, ...left]);
        await sound();
      }
    }
  });
});

describe('a credit note paid out', () => {
  it('goes out by transfer, comes back, and is there to be used again', async () => {
    const sku = 'MUG-1';
    const customs = { hsCode: '691200', origin: 'GB', weightGrams: 350 };
    const mug = { description: 'Mug', prices: { EUR: 5_000 }, customs };
    const at = '2026-04-01T08:00:00.000Z';
    await desk.done('putProduct', { params: { sku }, body: mug, at });
    await desk.done('recordStockMovement', {
      params: { sku },
      body: { quantity: 4, reason: 'received' },
      at,
    });
    const order = { customerId: 'cus_elster', currency: 'EUR', lines: [{ sku, quantity: 1 }] };
    const { orderId } = await desk.done('placeOrder', { body: order, at });
    await desk.done('createShipment', { params: { orderId }, body: {}, at });
    const [document] = desk.table.items(({ PK, SK }) => PK.startsWith('inv_') && SK === 'OPEN');
    const invoiceId = String(document?.PK);
    const gross = Number(document?.['balance']);
    const paymentId = await desk.paid(gross, ELSTER, { allocations: [{ invoiceId, amount: gross }] });
    const why = { scope: 'full', reasonCode: 'other', reason: 'Not as ordered' };
    const { creditNoteId } = await desk.done('createCreditNote', { at, params: { invoiceId }, body: why });
    const out = await desk.ask('refundCreditNote', {
      as: fay,
      at,
      params: { creditNoteId },
      body: { amount: 2_500, reason: 'Wants no other goods' },
    });
    expect(out.json).toMatchObject({ status: 'done', transfer: { account: 'DE…2051' } });
    const { endToEndId } = out.json.transfer;
    await desk.run();
    expect(await desk.line({ amount: -2_500, endToEndId })).toMatchObject({
      status: 'matched',
      outcome: { paymentId, creditNoteId },
    });
    await sound();
    expect(await desk.line({ amount: 2_500, endToEndId })).toMatchObject({ status: 'matched' });
    expect(await desk.payment(paymentId)).not.toHaveProperty('paidOut');
    expect(await desk.receivable()).toBe(-gross);
    await sound();
  });
});
