import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { StateMachine } from 'aws-local-stepfunctions';
import { beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { withDiagrams, workflowsOf } from '../../infra/diagrams.ts';
import {
  type Answers,
  Definition,
  definitionOf as definitionIn,
  type Json,
  runWorkflow,
  type State,
} from './run-workflow.ts';
import { type Synthesised, synthesised } from './synthesised.ts';

let dev: Synthesised;
beforeAll(async () => {
  dev = await synthesised();
}, 180_000);

const definitionOf = (name: string) => definitionIn(dev, name);
const run = (name: string, input: Json, answers: Answers) => runWorkflow(dev, name, input, answers);

const fail = (): never => {
  throw new Error('the function threw');
};

const verification = { policyVersion: 'shipped-1', score: 0 };

describe('accept-order', () => {
  const placed = { id: 'ord_1/placed', type: 'order.placed', subject: 'ord_1', data: { orderId: 'ord_1' } };
  const inOrder: Answers = {
    VerifyOrder: () => ({ verdict: 'ok', verification }),
    ReserveStock: () => ({ outcome: 'reserved' }),
    AssessCredit: () => ({ decision: 'confirm' }),
  };

  it('verifies, reserves stock and assesses credit', async () => {
    const { outcome, path, calls } = await run('accept-order', placed, inOrder);
    expect({ outcome, path }).toEqual({
      outcome: 'succeeded',
      path: ['VerifyOrder', 'ReserveStock', 'AssessCredit'],
    });
    const task = { orderId: 'ord_1', at: '2011-12-05T09:00:01.000Z' };
    expect(calls.map(({ payload }) => payload)).toEqual([task, task, { ...task, verification }]);
  });

  it('goes straight to credit when the order reserved its goods itself', async () => {
    const { outcome, path } = await run('accept-order', placed, {
      ...inOrder,
      VerifyOrder: () => ({ verdict: 'reserved', verification }),
    });
    expect({ outcome, path }).toEqual({ outcome: 'succeeded', path: ['VerifyOrder', 'AssessCredit'] });
  });

  it('holds an order that is not in order, with the reasons', async () => {
    const reasons = [{ code: 'customer_blocked' }];
    const { outcome, path, last } = await run('accept-order', placed, {
      ...inOrder,
      VerifyOrder: () => ({ verdict: 'hold', reasons, verification }),
    });
    expect({ outcome, path }).toEqual({ outcome: 'succeeded', path: ['VerifyOrder', 'HoldOrder'] });
    expect(last).toEqual({ orderId: 'ord_1', reasons, verification, at: '2011-12-05T09:00:01.000Z' });
  });

  it('leaves an order that was decided before as it is', async () => {
    const { outcome, path } = await run('accept-order', placed, {
      VerifyOrder: () => ({ verdict: 'settled' }),
    });
    expect({ outcome, path }).toEqual({ outcome: 'succeeded', path: ['VerifyOrder'] });
  });

  it('rejects an order whose goods are not there, with the reasons', async () => {
    const reasons = [{ code: 'insufficient_stock', detail: '85123A: 6 ordered, 2 there' }];
    const { outcome, path, last } = await run('accept-order', placed, {
      ...inOrder,
      ReserveStock: () => ({ outcome: 'insufficient', reasons }),
    });
    expect({ outcome, path }).toEqual({
      outcome: 'succeeded',
      path: ['VerifyOrder', 'ReserveStock', 'RejectOrder'],
    });
    expect(last).toMatchObject({ reasons });
  });

  it.each(['VerifyOrder', 'ReserveStock', 'AssessCredit'])(
    'holds the order when %s fails for good',
    async (task) => {
      const { outcome, path, calls, last } = await run('accept-order', placed, { ...inOrder, [task]: fail });
      expect(outcome).toBe('succeeded');
      expect(path.slice(-2)).toEqual([task, 'HoldFailedOrder']);
      expect(calls.filter((call) => call.task === task).length).toBe(task === 'ReserveStock' ? 2 : 3);
      expect(last).toMatchObject({ orderId: 'ord_1', reasons: [{ code: 'processing_failed' }] });
    },
  );

  it('holds the order when even rejecting it fails', async () => {
    const { path } = await run('accept-order', placed, {
      ...inOrder,
      ReserveStock: () => ({ outcome: 'insufficient', reasons: [{ code: 'insufficient_stock' }] }),
      RejectOrder: fail,
    });
    expect(path).toEqual(['VerifyOrder', 'ReserveStock', 'RejectOrder', 'HoldFailedOrder']);
  });

  it('goes on when a task fails once', async () => {
    let attempts = 0;
    const { outcome, path } = await run('accept-order', placed, {
      ...inOrder,
      VerifyOrder: () => (attempts++ === 0 ? fail() : { verdict: 'ok', verification }),
    });
    expect({ outcome, path }).toEqual({
      outcome: 'succeeded',
      path: ['VerifyOrder', 'ReserveStock', 'AssessCredit'],
    });
  });

  it.each([
    [
      'a hold',
      {
        VerifyOrder: () => ({ verdict: 'hold', reasons: [{ code: 'customer_blocked' }], verification }),
        HoldOrder: fail,
      },
    ],
    ['a hold after a failure', { VerifyOrder: fail, HoldFailedOrder: fail }],
  ])('hands over its whole input and the error when %s fails too, and fails', async (_, answers: Answers) => {
    const { outcome, path, last } = await run('accept-order', placed, answers);
    expect(outcome).toBe('failed');
    expect(path.at(-1)).toBe('QueueFailure');
    expect(last).toEqual({
      workflow: 'accept-order',
      execution: 'run-1',
      at: '2011-12-05T09:00:01.000Z',
      input: placed,
      error: expect.objectContaining({ Error: expect.any(String) }),
    });
  });
});

describe('invoice-shipment', () => {
  const dispatched = {
    type: 'shipment.dispatched',
    subject: 'ord_1',
    data: { orderId: 'ord_1', shipmentId: 'shp_1' },
  };

  it('issues the invoice, whose fact has it delivered', async () => {
    const { outcome, calls } = await run('invoice-shipment', dispatched, {
      IssueInvoice: () => ({ invoiceId: 'inv_1' }),
    });
    expect(outcome).toBe('succeeded');
    expect(calls).toEqual([
      {
        task: 'IssueInvoice',
        payload: {
          orderId: 'ord_1',
          data: { orderId: 'ord_1', shipmentId: 'shp_1' },
          at: '2011-12-05T09:00:01.000Z',
        },
      },
    ]);
  });

  it('asks for the invoice of an order billed whole when what was left of it is cancelled', async () => {
    const data = { orderId: 'ord_1', status: 'shipped' };
    const cancelled = { ...dispatched, type: 'order.lines_cancelled', data };
    const { outcome, calls } = await run('invoice-shipment', cancelled, {
      IssueInvoice: () => ({ invoiceId: 'inv_1' }),
    });
    expect(outcome).toBe('succeeded');
    expect(calls).toEqual([
      { task: 'IssueInvoice', payload: { orderId: 'ord_1', data, at: '2011-12-05T09:00:01.000Z' } },
    ]);
  });

  it('hands over when issuing fails for good, and fails', async () => {
    const { outcome, path, last } = await run('invoice-shipment', dispatched, { IssueInvoice: fail });
    expect(outcome).toBe('failed');
    expect(path.at(-1)).toBe('QueueFailure');
    expect(last).toMatchObject({ workflow: 'invoice-shipment', input: dispatched });
  });
});

describe('collect-account', () => {
  const account = { customerId: 'cus_1', date: '2012-01-16', at: '2012-01-16T08:00:00.000Z' };

  it('sends the reminders that are due, one after the other', async () => {
    const { outcome, calls } = await run('collect-account', account, {
      AssessAccount: () => ({
        action: 'remind',
        reminders: [
          { step: 2, invoiceIds: ['inv_1', 'inv_2'] },
          { step: 1, invoiceIds: ['inv_3'] },
        ],
      }),
      RemindAccount: () => ({ outcome: 'reminded' }),
    });
    expect(outcome).toBe('succeeded');
    const on = { customerId: 'cus_1', date: '2012-01-16', at: '2011-12-05T09:00:01.000Z' };
    expect(calls).toEqual([
      { task: 'AssessAccount', payload: on },
      { task: 'RemindAccount', payload: { ...on, step: 2, invoiceIds: ['inv_1', 'inv_2'] } },
      { task: 'RemindAccount', payload: { ...on, step: 1, invoiceIds: ['inv_3'] } },
    ]);
  });

  it('ends when nothing is due', async () => {
    const { outcome, path } = await run('collect-account', account, {
      AssessAccount: () => ({ action: 'none' }),
    });
    expect({ outcome, path }).toEqual({ outcome: 'succeeded', path: ['AssessAccount'] });
  });

  it.each([
    ['assessing', { AssessAccount: fail }],
    [
      'a reminder',
      {
        AssessAccount: () => ({ action: 'remind', reminders: [{ step: 1, invoiceIds: ['inv_1'] }] }),
        RemindAccount: fail,
      },
    ],
  ])('hands over when %s fails for good, and fails', async (_, answers: Answers) => {
    const { outcome, path, last } = await run('collect-account', account, answers);
    expect(outcome).toBe('failed');
    expect(path.at(-1)).toBe('QueueFailure');
    expect(last).toMatchObject({ workflow: 'collect-account', input: account });
  });
});

describe('state-account', () => {
  const order = {
    customerId: 'cus_1',
    from: '2011-11-01',
    to: '2011-11-30',
    notBefore: '2011-12-05T09:00:00.000Z',
  };

  it('sends one customer the statement of a month when its turn has come', async () => {
    const { outcome, calls } = await run('state-account', order, { SendStatement: () => ({ sent: true }) });
    expect(outcome).toBe('succeeded');
    const { notBefore: _notBefore, ...month } = order;
    expect(calls).toEqual([{ task: 'SendStatement', payload: { ...month, at: '2011-12-05T09:00:01.000Z' } }]);
  });

  it('hands over when sending fails for good, and fails', async () => {
    const { outcome, path, last } = await run('state-account', order, { SendStatement: fail });
    expect(outcome).toBe('failed');
    expect(path.at(-1)).toBe('QueueFailure');
    expect(last).toMatchObject({ workflow: 'state-account', input: order });
  });
});

describe('every workflow', () => {
  it.each(['accept-order', 'invoice-shipment', 'collect-account', 'state-account'])(
    'such as %s is valid',
    (name) => {
      expect(
        () => new StateMachine(definitionOf(name), { validationOptions: { checkArn: false } }),
      ).not.toThrow();
    },
  );

  it('retries each task, and catches what fails for good', () => {
    for (const name of ['accept-order', 'invoice-shipment', 'collect-account', 'state-account']) {
      for (const [task, state] of Object.entries(Definition.parse(definitionOf(name)).States)) {
        if (state.Type !== 'Task') continue;
        expect(state.Retry.at(-1)?.ErrorEquals, task).toEqual(['States.ALL']);
        if (task !== 'QueueFailure') expect(state.Catch.length, task).toBe(1);
      }
    }
  });

  it('that is Express reaches its end within the 300 seconds it has, however slow its tasks are', () => {
    expect(longest('accept-order')).toBe(291);
    expect(longest('invoice-shipment')).toBe(119);
  });

  it('hands its failures to the queue that has an alarm', () => {
    for (const name of ['accept-order', 'invoice-shipment', 'collect-account', 'state-account']) {
      const { QueueFailure } = Definition.parse(definitionOf(name)).States;
      expect(QueueFailure?.Parameters['QueueUrl'], name).toContain('workflowfailures');
    }
  });
});

/** Seconds of the slowest way through a workflow: every task at its last attempt, each attempt up to its timeout. */
function longest(name: string): number {
  const { StartAt, States } = Definition.parse(definitionOf(name));
  const from = (state: string | undefined): number => {
    const found = state === undefined ? undefined : States[state];
    if (!found) return 0;
    const next = [found.Next, found.Default, ...found.Choices.map((choice) => choice.Next)];
    return worst(found) + Math.max(...[...next, ...found.Catch.map((caught) => caught.Next)].map(from));
  };
  return from(StartAt);
}

function worst({ Retry: retries, TimeoutSeconds = 0 }: z.infer<typeof State>): number {
  const waits = retries.flatMap(({ IntervalSeconds, BackoffRate, MaxAttempts }) =>
    Array.from({ length: MaxAttempts }, (_, attempt) => IntervalSeconds * BackoffRate ** attempt),
  );
  // Refusals of the Lambda service are quick; only other failures take as long as the task may.
  const slow = retries.find(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'))?.MaxAttempts ?? 0;
  return TimeoutSeconds * (1 + slow) + waits.reduce((sum, wait) => sum + wait, 0);
}

describe('ARCHITECTURE.md', () => {
  it('shows the workflows as they are deployed (npm run diagrams)', () => {
    const document = readFileSync(fileURLToPath(new URL('../../ARCHITECTURE.md', import.meta.url)), 'utf8');
    expect(withDiagrams(document, workflowsOf(dev.service, 'o2c-dev'))).toBe(document);
  });
});
