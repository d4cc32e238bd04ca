import { describe, expect, it } from 'vitest';
import { detectFormat } from '#shared/bank/read-statements.ts';
import { readWhole } from '../../builders/read-whole.ts';

const good = [
  '01,122099999,123456789,260331,0200,1,,,2/',
  '02,031001234,122099999,1,260331,2359,USD,2/',
  '03,0123456789,,010,100000,,,015,112550,,/',
  '16,142,20000,V,260401,,BR1,CR1,ACH CREDIT, INVOICE 17',
  '88,AND INVOICE 18/',
  '16,475,5000,S,5000,0,0,,CHK99/',
  '16,555,2450,,BR3,,DEPOSITED ITEM RETURNED/',
  '49,240000,6/',
  '98,240000,1,8/',
  '99,240000,1,10/',
].join('\n');

describe('BAI2', () => {
  it('reads credits, debits, value dates and texts that go on', async () => {
    expect(detectFormat(Buffer.from(good))).toBe('bai2');
    const [read] = await readWhole('bai2', good);
    expect(read?.header).toEqual({
      account: { number: '0123456789' },
      currency: 'USD',
      statementId: '2026-03-31/1',
      openingBalance: 100_000,
      closingOn: '2026-03-31',
      closingBalance: 112_550,
    });
    expect(read?.entries).toEqual([
      {
        line: 1,
        bookedOn: '2026-03-31',
        valueOn: '2026-04-01',
        amount: 20_000,
        currency: 'USD',
        bankReference: 'BR1',
        endToEndId: 'CR1',
        text: 'ACH CREDIT, INVOICE 17 AND INVOICE 18',
        code: '142',
      },
      {
        line: 2,
        bookedOn: '2026-03-31',
        amount: -5_000,
        currency: 'USD',
        endToEndId: 'CHK99',
        text: '',
        code: '475',
      },
      {
        line: 3,
        bookedOn: '2026-03-31',
        amount: -2_450,
        currency: 'USD',
        bankReference: 'BR3',
        text: 'DEPOSITED ITEM RETURNED',
        code: '555',
      },
    ]);
  });

  it('reads alike wherever its pieces end', async () => {
    const whole = await readWhole('bai2', good);
    for (const size of [1, 2, 5, 33]) expect(await readWhole('bai2', good, { size })).toEqual(whole);
  });

  it.each([
    [
      'whose account total is wrong',
      good.replace('49,240000', '49,240001'),
      'line 8: the control total of the account is 240000, but the trailer says 240001',
    ],
    [
      'that lost a record',
      good.replace('49,240000,6', '49,240000,7'),
      'the number of records of the account is 6, but the trailer says 7',
    ],
    [
      'whose group total is wrong',
      good.replace('98,240000', '98,1'),
      'the control total of the group is 240000',
    ],
    [
      'that lost an account',
      good.replace('98,240000,1', '98,240000,2'),
      'the number of accounts of the group is 1',
    ],
    [
      'whose file total is wrong',
      good.replace('99,240000', '99,0'),
      'line 10: the control total of the file is 240000',
    ],
    [
      'that lost a group',
      good.replace('99,240000,1', '99,240000,3'),
      'the number of groups of the file is 1',
    ],
    ['that breaks off', good.slice(0, good.indexOf('\n99')), 'the file trailer (99) is missing'],
    [
      'whose entries do not make the balance',
      good.replace('015,112550', '015,112551').replaceAll('240000', '240001'),
      'make USD 1,125.50, but the closing balance is USD 1,125.51',
    ],
    [
      'that is a test',
      good.replace('122099999,1,260331', '122099999,4,260331'),
      'line 2: the group is a test (status 4)',
    ],
    [
      'with a type that has no side',
      good.replace('16,555', '16,720'),
      '“720” is neither a credit nor a debit',
    ],
    ['with half an amount', good.replace('16,475,5000', '16,475,50.00'), '“50.00” is no whole amount'],
  ])('refuses a file %s', async (_, file, reason) => {
    await expect(readWhole('bai2', file)).rejects.toMatchObject({
      code: 'statement_invalid',
      message: expect.stringContaining(reason),
    });
  });
});
