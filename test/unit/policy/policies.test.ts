import { describe, expect, it, vi } from 'vitest';
import { dunningPolicy } from '#shared/collection/dunning-policy.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { nextVersion } from '#shared/policy/policy-version.ts';
import { send, type Token } from '#test/builders/http-event.ts';
import { lambdaTable as table } from '#test/builders/lambda-table.ts';

vi.mock('#shared/table/dynamo-table.ts', () => import('#test/builders/lambda-table.ts'));
vi.spyOn(process.stdout, 'write').mockReturnValue(true);
const { aCompany } = await import('#test/builders/company.ts');
vi.stubEnv('COMPANY', JSON.stringify(aCompany()));
const { handler } = await import('../../../functions/http/policies.ts');

const fiona: Token = { sub: 'fiona', name: 'Fiona Finance', roles: ['finance'] };
const gentle = { steps: [{ name: 'first reminder', afterDays: 10 }], callAfterDays: 60, redeliveryDays: 7 };
const strict = { steps: [{ name: 'first reminder', afterDays: 3 }], callAfterDays: 14, redeliveryDays: 7 };

const put = (name: string, body: unknown, at = '2026-03-31T10:00:00.000Z', as = fiona) =>
  send(handler, 'putPolicy', { params: { name }, body, as, at });
const get = (name: string, at: string, as = fiona) =>
  send(handler, 'getPolicy', { params: { name }, as, at });

describe('a policy', () => {
  it('is the one shipped until the company puts its own in force', async () => {
    expect(await get('credit', '2026-03-31T10:00:00.000Z')).toMatchObject({
      status: 200,
      json: { name: 'credit', version: 'shipped-1', upcoming: [] },
    });
  });

  it('takes effect on its day, and not before', async () => {
    expect(await put('dunning', { effectiveFrom: '2026-04-02', policy: gentle })).toMatchObject({
      status: 201,
      json: { name: 'dunning', version: '2026-04-02.01', effectiveFrom: '2026-04-02', policy: gentle },
    });
    // British summer time: the day begins at 23:00 UTC.
    expect((await get('dunning', '2026-04-01T22:59:59.000Z')).json).toMatchObject({
      version: 'shipped-1',
      upcoming: [{ version: '2026-04-02.01', effectiveFrom: '2026-04-02' }],
    });
    expect((await get('dunning', '2026-04-01T23:00:00.000Z')).json).toMatchObject({
      version: '2026-04-02.01',
      policy: gentle,
      upcoming: [],
    });
    expect(table.items()).toContainEqual(
      expect.objectContaining({
        type: 'policy.changed',
        actor: 'Fiona Finance',
        data: { name: 'dunning', version: '2026-04-02.01' },
      }),
    );
  });

  it('of calendars is shipped for ten countries, and may be the company’s own', async () => {
    const shipped = await get('calendar', '2026-03-31T10:00:00.000Z');
    expect(shipped.json).toMatchObject({ version: 'shipped-1', policy: { countries: { length: 10 } } });
    const policy = { countries: [{ country: 'AE', weekend: [6, 7], holidays: [] }] };
    expect(await put('calendar', { effectiveFrom: '2026-04-01', policy })).toMatchObject({
      status: 201,
      json: { version: '2026-04-01.01', policy },
    });
    const without = { countries: [{ country: 'AE', weekend: [1, 2, 3, 4, 5, 6, 7], holidays: [] }] };
    expect(await put('calendar', { effectiveFrom: '2026-04-01', policy: without })).toMatchObject({
      status: 422,
      json: { code: 'policy_invalid' },
    });
  });

  it('may be put twice on a day: the later holds, and the same content again is no new version', async () => {
    await put('dunning', { effectiveFrom: '2026-05-01', policy: gentle });
    expect((await put('dunning', { effectiveFrom: '2026-05-01', policy: strict })).json.version).toBe(
      '2026-05-01.02',
    );
    expect(await put('dunning', { effectiveFrom: '2026-05-01', policy: strict })).toMatchObject({
      status: 200,
      json: { version: '2026-05-01.02' },
    });
    const inForce = await policyInForce(table, dunningPolicy, CalendarDate.parse('2026-05-01'));
    expect(inForce).toEqual({ version: '2026-05-01.02', policy: strict });
  });

  it('can’t take effect in the past of the company’s own calendar', async () => {
    // In London it is 1 April already.
    const late = '2026-03-31T23:30:00.000Z';
    expect(await put('dunning', { effectiveFrom: '2026-03-31', policy: gentle }, late)).toMatchObject({
      status: 422,
      json: {
        code: 'policy_invalid',
        issues: [{ path: 'effectiveFrom', message: 'must be 2026-04-01 or later' }],
      },
    });
  });

  it('is checked field by field', async () => {
    const backwards = {
      steps: [
        { name: 'a', afterDays: 20 },
        { name: 'b', afterDays: 10 },
      ],
      callAfterDays: 30,
    };
    expect((await put('dunning', { effectiveFrom: '2026-06-01', policy: backwards })).json).toMatchObject({
      code: 'policy_invalid',
      issues: [
        {
          path: 'policy',
          message: 'each step must come later than the one before it, and the call after the last',
        },
      ],
    });
    const odd = { steps: [{ name: 'a', afterDays: 0 }], callAfterDays: 30, colour: 'red' };
    expect((await put('dunning', { effectiveFrom: '2026-06-01', policy: odd })).json.issues).toEqual([
      { path: 'policy.steps.0.afterDays', message: 'Too small: expected number to be >=1' },
      { path: 'policy.colour', message: 'is not a known field' },
    ]);
  });

  it('has one of the names there are', async () => {
    expect(await get('discounts', '2026-03-31T10:00:00.000Z')).toMatchObject({
      status: 404,
      json: {
        code: 'policy_not_found',
        detail: expect.stringContaining(
          'calendar, carriers, cases, chart, credit, debit, dunning, matching, order-desk, payment, refunds',
        ),
      },
    });
    expect((await get('toString', '2026-03-31T10:00:00.000Z')).status).toBe(404);
  });

  it('is changed by finance and credit, not by sales', async () => {
    const sally: Token = { sub: 'sally', roles: ['sales'] };
    expect(
      (await put('dunning', { effectiveFrom: '2026-06-01', policy: gentle }, undefined, sally)).status,
    ).toBe(403);
  });
});

describe('the version of a policy', () => {
  it('counts within its day in two digits, so that it sorts', () => {
    const day = CalendarDate.parse('2026-04-01');
    expect(nextVersion(day, undefined)).toBe('2026-04-01.01');
    expect(nextVersion(day, '2026-04-01.09')).toBe('2026-04-01.10');
    expect(() => nextVersion(day, '2026-04-01.99')).toThrow('There are 99 versions of 2026-04-01 already');
  });
});
