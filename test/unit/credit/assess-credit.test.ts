import { describe, expect, it } from 'vitest';
import { assessCredit } from '#shared/credit/assess-credit.ts';
import { CreditPolicy } from '#shared/credit/credit-policy.ts';
import { anAccount } from '#test/builders/customer.ts';
import { anOrder } from '#test/builders/order.ts';

const policy = (rules: object = {}) => ({ version: '2026-01-01.1', policy: CreditPolicy.parse(rules) });

describe('assessing credit for an order of GBP 60.00', () => {
  it('confirms when limit and exposure leave exactly as much', () => {
    expect(assessCredit(anAccount({ creditLimit: 10_000, exposure: 4_000 }), anOrder(), policy())).toEqual({
      decision: 'confirm',
      policyVersion: '2026-01-01.1',
      reasons: [{ code: 'within_limit', detail: 'limit GBP 100.00, exposure GBP 100.00 with this order' }],
    });
  });

  it('holds an order one penny over the limit, with all three figures', () => {
    expect(assessCredit(anAccount({ creditLimit: 10_000, exposure: 4_001 }), anOrder(), policy())).toEqual({
      decision: 'hold',
      policyVersion: '2026-01-01.1',
      reasons: [
        { code: 'credit_limit_exceeded', detail: 'limit GBP 100.00, exposure GBP 40.01, order GBP 60.00' },
      ],
    });
  });

  it('holds what is larger than the policy lets through, even within the limit', () => {
    expect(assessCredit(anAccount(), anOrder(), policy({ reviewAbove: { GBP: 5_999 } }))).toMatchObject({
      decision: 'hold',
      reasons: [{ code: 'large_order' }],
    });
    expect(assessCredit(anAccount(), anOrder(), policy({ reviewAbove: { GBP: 6_000 } })).decision).toBe(
      'confirm',
    );
  });

  it('confirms over every rule what a person released, and names them', () => {
    const released = anOrder({
      release: { by: 'carla@example.com', reason: 'bank guarantee', at: '2026-03-03T09:00:00.000Z' },
    });
    expect(assessCredit(anAccount({ creditLimit: 0 }), released, policy())).toMatchObject({
      decision: 'confirm',
      reasons: [{ code: 'released', detail: 'by carla@example.com: bank guarantee' }],
    });
  });
});
