import { beforeEach, describe, expect, it } from 'vitest';
import { factsIn } from '../../builders/house.ts';
import { at, ELSTER, fay, finn, type RefundDesk, refundDesk } from '../../builders/refund-desk.ts';

let desk: RefundDesk;
beforeEach(async () => {
  desk = await refundDesk();
});

const sound = async () => expect(await desk.violations()).toEqual([]);
const other = { kind: 'iban', iban: 'FR1420041010050500013M02606', name: 'Elster SARL' };

describe('a refund of money that came by bank', () => {
  it('waits for a transfer to the account that the bank line tells', async () => {
    const paymentId = await desk.paid(20_000);
    const { status, json } = await desk.refund(paymentId, 5_000);
    expect(status).toBe(201);
    expect(json).toMatchObject({
      status: 'done',
      transfer: { account: 'DE…2051', endToEndId: expect.stringMatching(/^R[0-9A-V]{14}$/) },
    });
    expect(await desk.waiting()).toEqual([
      {
        endToEndId: json.transfer.endToEndId,
        paymentId,
        customerId: 'cus_elster',
        currency: 'EUR',
        amount: 5_000,
        name: 'Elster GmbH',
        account: 'DE…2051',
        foreign: false,
        format: 'iso20022',
        reference: 'E-1',
        reason: 'Paid twice',
        attempt: 1,
        requestedAt: at,
        requestedBy: 'Fay Finance',
        links: { payment: `/v1/payments/${paymentId}` },
      },
    ]);
    await sound();
  });

  it('is refused where nothing tells the account, and says what to give', async () => {
    const paymentId = await desk.paid(20_000, '');
    expect(await desk.refund(paymentId, 5_000)).toMatchObject({
      status: 409,
      json: { code: 'payee_account_unknown', issues: [{ path: 'payee', message: 'is required here' }] },
    });
    const cheque = await desk.paid(20_000, ELSTER, { method: 'cheque' });
    expect((await desk.refund(cheque, 5_000)).json).toMatchObject({ code: 'payee_account_unknown' });
    expect(await desk.waiting()).toEqual([]);
    await sound();
  });

  it('to another account always needs someone else, however small it is', async () => {
    const paymentId = await desk.paid(20_000);
    const { json } = await desk.refund(paymentId, 1, { payee: other });
    expect(json).toMatchObject({ status: 'requested', account: 'FR…2606' });
    expect(await desk.waiting()).toEqual([]);
    expect((await desk.done('listRefunds', { as: finn, at })).items).toMatchObject([
      { payee: { iban: other.iban, name: 'Elster SARL', from: 'request' } },
    ]);
    expect(await desk.approve(json.refundId, fay)).toMatchObject({ json: { code: 'approval_by_requester' } });
    expect((await desk.approve(json.refundId)).json).toMatchObject({
      status: 'done',
      transfer: { account: 'FR…2606' },
    });
    expect(await desk.waiting()).toMatchObject([{ amount: 1, foreign: true, name: 'Elster SARL' }]);
    await sound();
  });

  it('to the account it came from, named again, needs nobody else', async () => {
    const paymentId = await desk.paid(20_000);
    const payee = { kind: 'iban', iban: 'DE02 1203 0000 0000 2020 51', name: 'Somebody' };
    expect((await desk.refund(paymentId, 5_000, { payee })).json).toMatchObject({ status: 'done' });
    expect(await desk.waiting()).toMatchObject([{ name: 'Elster GmbH', foreign: false }]);
  });

  it.each([
    ['check digits that are wrong', { ...other, iban: 'FR1520041010050500013M02606' }],
    ['an account outside SEPA', { ...other, iban: 'TR330006100519786457841326' }],
    ['an account outside the EEA without a BIC', { ...other, iban: 'GB33BUKB20201555555555' }],
    [
      'an ACH account for euros',
      { kind: 'ach', routingNumber: '021000021', account: '12345', scheme: 'CCD', name: 'Elster Inc' },
    ],
  ])('is not sent to %s', async (_, payee) => {
    const paymentId = await desk.paid(20_000);
    expect(await desk.refund(paymentId, 5_000, { payee })).toMatchObject({
      status: 422,
      json: { code: 'validation_failed' },
    });
    expect(await desk.payment(paymentId)).toMatchObject({ unapplied: 20_000 });
  });

  it('is only recorded where somebody sent it already, and takes no account then', async () => {
    const paymentId = await desk.paid(20_000, '');
    expect((await desk.refund(paymentId, 5_000, { alreadySent: true })).json).not.toHaveProperty('transfer');
    expect(await desk.refund(paymentId, 5_000, { alreadySent: true, payee: other })).toMatchObject({
      status: 422,
    });
    expect(await desk.waiting()).toEqual([]);
    await sound();
  });

  it('is undone while it waits, with its money unused again', async () => {
    const paymentId = await desk.paid(20_000);
    const { json } = await desk.refund(paymentId, 5_000);
    expect(await desk.receivable()).toBe(-15_000);
    const cancel = {
      as: fay,
      at,
      params: { endToEndId: json.transfer.endToEndId },
      body: { reason: 'Keeps the credit' },
    };
    expect(await desk.ask('cancelRefundTransfer', cancel)).toMatchObject({
      status: 200,
      json: { status: 'undone' },
    });
    expect(await desk.waiting()).toEqual([]);
    expect(await desk.payment(paymentId)).toMatchObject({ unapplied: 20_000 });
    expect(await desk.payment(paymentId)).not.toHaveProperty('refunded');
    expect(await desk.receivable()).toBe(-20_000);
    expect((await desk.ask('cancelRefundTransfer', cancel)).json).toMatchObject({
      code: 'refund_transfer_not_found',
    });
    await sound();
  });
});

describe('a customer', () => {
  const elster = { sub: 'web-1', name: 'Elke', roles: ['customer'], customerId: 'cus_elster' } as const;
  const stranger = { sub: 'web-2', name: 'Otto', roles: ['customer'], customerId: 'cus_otto' } as const;

  it('asks for its own money back, and finance approves', async () => {
    const paymentId = await desk.paid(20_000);
    const { status, json } = await desk.refund(paymentId, 5_000, {}, { as: elster });
    expect(status).toBe(201);
    expect(json).toMatchObject({ status: 'requested', requestedBy: 'Elke' });
    expect((await desk.done('listRefunds', { as: fay, at })).items).toMatchObject([{ byCustomer: true }]);
    expect((await desk.approve(json.refundId, elster)).status).toBe(403);
    expect((await desk.approve(json.refundId, fay)).json).toMatchObject({ status: 'done' });
    expect(await desk.waiting()).toMatchObject([{ amount: 5_000, account: 'DE…2051' }]);
    await sound();
  });

  it('does not learn of the payments of others, nor say where money goes', async () => {
    const paymentId = await desk.paid(20_000);
    expect(await desk.refund(paymentId, 5_000, {}, { as: stranger })).toMatchObject({
      status: 404,
      json: { code: 'payment_not_found' },
    });
    for (const body of [{ payee: other }, { alreadySent: true }])
      expect(await desk.refund(paymentId, 5_000, body, { as: elster })).toMatchObject({ status: 403 });
    expect(factsIn(desk.table).some(({ type }) => type.startsWith('refund'))).toBe(false);
  });
});

describe('a bank line', () => {
  const sent = async (amount = 5_000) => {
    const paymentId = await desk.paid(20_000);
    const { json } = await desk.refund(paymentId, amount);
    const run = await desk.run();
    expect(run.status).toBe(201);
    const creditTransferId = String(run.json.creditTransferId);
    return { paymentId, endToEndId: String(json.transfer.endToEndId), creditTransferId };
  };

  it.each([
    ['its end-to-end id', (endToEndId: string) => ({ endToEndId })],
    ['its text', (endToEndId: string) => ({ text: `REFUND ${endToEndId} E-1` })],
  ])('of money out is known as a refund by %s', async (_, naming) => {
    const { endToEndId, paymentId } = await sent();
    // Another refund of the same amount and reference would make it ambiguous without.
    await desk.refund(paymentId, 5_000);
    const line = await desk.line({ amount: -5_000, ...naming(endToEndId) });
    expect(line).toMatchObject({ status: 'matched', outcome: { kind: 'confirmation', paymentId } });
    await sound();
  });

  it('of another amount than the transfer waits for a person', async () => {
    const { endToEndId } = await sent();
    expect(await desk.line({ amount: -4_999, endToEndId })).toMatchObject({ status: 'queued' });
    await sound();
  });

  it('of money back undoes the refund by itself, whichever of the two comes first', async () => {
    const { endToEndId, paymentId, creditTransferId } = await sent();
    const back = { amount: 5_000, endToEndId, returnReason: 'AC04' };
    expect(await desk.line(back)).toMatchObject({
      status: 'matched',
      outcome: { kind: 'confirmation', paymentId },
    });
    expect(await desk.payment(paymentId)).toMatchObject({ unapplied: 20_000 });
    expect(await desk.line({ amount: -5_000, endToEndId })).toMatchObject({ status: 'matched' });
    // The same once more is money that nobody knows.
    expect(await desk.line(back)).toMatchObject({ status: 'queued' });
    expect((await desk.getRun(creditTransferId)).json.items).toMatchObject([
      { released: { as: 'returned', reason: 'AC04' } },
    ]);
    expect(await desk.receivable()).toBe(-20_000);
    await sound();
  });

  it('of money back less what the bank kept is offered to a person, who says so', async () => {
    const { endToEndId, paymentId } = await sent();
    await desk.line({ amount: -5_000, endToEndId });
    const { entry, match } = await desk.line({ amount: 4_700, endToEndId });
    expect(match?.reasons).toEqual([
      `a refund of ${paymentId} came back: ${endToEndId} is the end-to-end id of its transfer`,
      '5000 had gone out with it',
    ]);
    await desk.violations();
    const decided = await desk.ask('decideBankLine', {
      as: fay,
      at,
      params: { statementId: 'bst_0123456789abcdef0123456789abcdef', line: String(entry.line) },
      body: { returned: paymentId, fee: 300 },
    });
    expect(decided).toMatchObject({ status: 200, json: { status: 'matched' } });
    expect(await desk.payment(paymentId)).toMatchObject({ unapplied: 20_000 });
    await sound();
  });

  it('that is undone lets the transfer wait for the bank again, and is confirmed again', async () => {
    const { endToEndId, paymentId } = await sent();
    const { entry } = await desk.line({ amount: -5_000, endToEndId });
    await desk.violations();
    const params = { statementId: 'bst_0123456789abcdef0123456789abcdef', line: String(entry.line) };
    const undo = { as: fay, at, params, body: { reason: 'Was wrong' } };
    expect((await desk.ask('undoBankLine', undo)).status).toBe(200);
    await sound();
    const confirm = { as: fay, at, params, body: { confirms: paymentId } };
    expect((await desk.ask('decideBankLine', confirm)).status).toBe(200);
    await sound();
  });

  it('of money back, once undone, is confirmed and not undone twice', async () => {
    const { endToEndId, paymentId } = await sent();
    await desk.line({ amount: -5_000, endToEndId });
    const { entry } = await desk.line({ amount: 5_000, endToEndId });
    await desk.violations();
    const params = { statementId: 'bst_0123456789abcdef0123456789abcdef', line: String(entry.line) };
    await desk.done('undoBankLine', { as: fay, at, params, body: { reason: 'Was wrong' } });
    const confirm = { as: fay, at, params, body: { confirms: paymentId } };
    expect((await desk.ask('decideBankLine', confirm)).status).toBe(200);
    expect(await desk.payment(paymentId)).toMatchObject({ unapplied: 20_000 });
    await sound();
  });

  it('does not confirm a refund that was undone before it went out', async () => {
    const { endToEndId, paymentId, creditTransferId } = await sent();
    await desk.release(creditTransferId, { outcome: 'undo' });
    expect(await desk.line({ amount: -5_000, endToEndId })).toMatchObject({ status: 'queued' });
    expect(await desk.payment(paymentId)).toMatchObject({ unapplied: 20_000 });
    await sound();
  });
});
