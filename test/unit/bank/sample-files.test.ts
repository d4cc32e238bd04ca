import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StatementFormat } from '#shared/bank/bank-statement.ts';
import { detectFormat } from '#shared/bank/read-statements.ts';
import { dataFolder } from '#test/builders/data-folder.ts';
import { readWhole } from '../../builders/read-whole.ts';

const folder = join(dataFolder, 'bank');
const absent = existsSync(folder)
  ? ''
  : ` (skipped: no ${folder}; set O2C_DATA to the folder with the samples)`;
const file = (name: string) => readFileSync(join(folder, name));

/** Account, id, opening balance, number of entries, their sum, closing balance; minor units. */
type Figures = [string, string, number, number, number, number];

async function figuresOf(format: StatementFormat, content: string | Uint8Array): Promise<Figures[]> {
  const statements = await readWhole(format, content);
  return statements.map(({ header, entries, sum }) => [
    header.account.iban ?? header.account.number ?? '',
    header.statementId,
    header.openingBalance,
    entries.length,
    sum,
    header.closingBalance,
  ]);
}

// Samples of other projects, changed by their authors to hide real payments: many do not tie any more, and are refused.
describe.skipIf(absent)(`the samples of banks' files${absent}`, () => {
  it('camt.053 version 2 with two statements ties', async () => {
    const content = file('camt/camt053.v2.multi.statement.xml');
    expect(detectFormat(content)).toBe('camt.053');
    expect(await figuresOf('camt.053', content)).toEqual([
      ['NL26VAYB8060476890', '253EURNL26VAYB8060476890', 1_815, 1, 885, 2_700],
      ['NL26VAYB8060476890', '254EURNL26VAYB8060476890', 2_700, 1, -700, 2_000],
    ]);
    const [first, second] = await readWhole('camt.053', content);
    expect([first?.entries, second?.entries]).toEqual([
      [
        {
          line: 1,
          bookedOn: '2014-12-31',
          valueOn: '2015-01-02',
          amount: 885,
          currency: 'EUR',
          endToEndId: '000000001',
          text: 'Transaction Description 1',
          counterparty: { name: 'Company Name 1', iban: 'NL56AGDH9619008421' },
          code: '544',
        },
      ],
      [
        {
          line: 1,
          bookedOn: '2014-12-31',
          valueOn: '2015-01-02',
          amount: -700,
          currency: 'EUR',
          endToEndId: '000000002',
          text: 'Transaction Description 2',
          counterparty: { name: 'Company Name 2', iban: 'NL56AGDH9619008421' },
          code: '544',
        },
      ],
    ]);
  });

  it.each(['v3.xml', 'v4.xml', 'v2.minimal.ultimate.xml'])(
    'camt.053 %s ties once its closing balance is in the currency of the account',
    async (name) => {
      const content = file(`camt/camt053.${name}`).toString();
      await expect(readWhole('camt.053', content)).rejects.toThrow(
        'the account is in EUR, but its closing balance is in SEK.',
      );
      const tied = content.replace(
        /<Amt Ccy="SEK">27\.00<\/Amt>\s*<CdtDbtInd>DBIT/,
        '<Amt Ccy="EUR">27.00</Amt><CdtDbtInd>CRDT',
      );
      const [read] = await readWhole('camt.053', tied);
      expect([read?.header.openingBalance, read?.sum, read?.header.closingBalance]).toEqual([
        1_815, 885, 2_700,
      ]);
      expect(read?.entries[0]).toMatchObject({ amount: 885, creditorReference: '4654654654654654' });
      expect(read?.entries[0]?.counterparty).toEqual(
        {
          'v3.xml': { name: 'NAME NAME', iban: 'NL56AGDH9619008421', bic: 'KREDBEBB' },
          'v4.xml': { name: 'NAME NAME', iban: 'NL56AGDH9619008421' },
        }[name] ?? { name: 'DEBTOR NAME NM' },
      );
    },
  );

  it('BAI2 ties by the available balances where it writes no ledger balances', async () => {
    const content = file('bai2/sample1.txt');
    expect(detectFormat(content)).toBe('bai2');
    expect(await figuresOf('bai2', content)).toEqual([
      ['10200123456', '2006-03-17/1', 0, 11, 0, 0],
      ['10200123456', '2006-03-17/2', 0, 6, 0, 0],
    ]);
    const [first] = await readWhole('bai2', content);
    expect(first?.entries.map(({ amount, code, text }) => [amount, code, text])).toEqual([
      [-2_500, '409', 'RETURNED CHEQUE'],
      [-90_000, '409', 'RTN-UNKNOWN'],
      [-500, '409', 'RTD CHQ SERVICE CHRG'],
      [203_500, '108', 'TFR 1020 0345678'],
      [2_500, '108', 'MACLEOD MALL'],
      [2_500, '108', 'MASCOUCHE QUE'],
      [-20_000, '409', '1000 ISLANDS MALL'],
      [-90_000, '409', 'PENHORA MALL'],
      [-2_000, '409', 'CAPILANO MALL'],
      [-2_500, '409', 'GALERIES LA CAPITALE'],
      [-1_000, '409', 'PLAZA ROCK FOREST'],
    ]);
  });

  // The first statement is in marks, which are no currency any more.
  it('MT940 of three banks ties, read in euros for marks', async () => {
    const content = file('mt940/cmxl/mt940.sta').toString();
    await expect(readWhole('mt940', content)).rejects.toThrow('line 4, :60F:: “DEM” is no currency');
    expect(await figuresOf('mt940', content.replaceAll('DEM', 'EUR'))).toEqual([
      ['45050050/76198810', '27', 8_434_974, 11, 8_730, 8_443_704],
      ['10020030/1234567', '5', 218_795, 2, 220_000, 438_795],
      ['BPHKPLPK/320000546101', '84', 4_000_000, 3, 1_004_000, 5_004_000],
    ]);
    const [, german, polish] = await readWhole('mt940', content.replaceAll('DEM', 'EUR'));
    expect(
      german?.entries.map(({ bookedOn, amount, text, counterparty }) => [
        bookedOn,
        amount,
        text,
        counterparty,
      ]),
    ).toEqual([
      ['2002-11-02', -80_000, 'Miete November', { name: 'MUELLER', account: '234567' }],
      [
        '2002-11-02',
        300_000,
        'Gehalt Oktober FirmaMustermannGmbH',
        { name: 'MUELLER', account: '0847564700' },
      ],
    ]);
    expect(
      polish?.entries.map(({ amount, bankReference, endToEndId }) => [amount, bankReference, endToEndId]),
    ).toEqual([
      [2_000_000, '8327000090031789', undefined],
      [-1_000_000, '8327000090031790', 'REF 25611247'],
      [4_000, '8327000090031791', undefined],
    ]);
    expect(polish?.entries[0]?.counterparty?.iban).toBe('PL08106000760000777777777777');
  });

  it('MT940 of Rabobank: two of four statements tie, with the name after a padded reference', async () => {
    const parts = file('mt940/jejik/rabobank.sta')
      .toString()
      .split(/(?=:20:)/)
      .slice(1);
    expect(parts).toHaveLength(4);
    expect(await figuresOf('mt940', `${parts[1]}${parts[3]}`)).toEqual([
      ['1291.99.348', '940A110616', 100_089, 0, 0, 100_089],
      ['1526.89.184', '940A120829', 419_612, 2, -9_430, 410_182],
    ]);
    const [last] = await readWhole('mt940', parts[3] ?? '');
    expect(last?.entries[0]).toEqual({
      line: 1,
      bookedOn: '2012-08-29',
      valueOn: '2012-08-29',
      amount: -8_810,
      currency: 'EUR',
      endToEndId: 'P000029225',
      text: 'BETALINGSKENM. 173787046000009 FACTUUR * 173787046 000009 ZIE REKENING OP KPN.COM OF HI.NL KPN - MOBIEL',
      counterparty: { name: 'KPN - MOBIEL' },
      code: 'N060',
    });
    await expect(readWhole('mt940', parts[2] ?? '')).rejects.toThrow(
      'the opening balance EUR 1,295.82 and 2 entries of EUR -281.51 make EUR 1,014.31, but the closing balance is EUR 1,250.87.',
    );
  });

  it.each([
    // Its balances only show each type once.
    [
      'camt/camt053.v2.all-balance-types.xml',
      'camt.053',
      'statement 1, line 198: the opening balance EUR 1.01 and 1 entries of EUR 8.85 make EUR 9.86, but the closing balance is EUR 4.04.',
    ],
    ['camt/camt053.v2.wrong.xml', 'camt.053', 'line 9: the file holds no statement.'],
    // A summary of the day at hand, without the balance it ends with.
    ['bai2/sample2.txt', 'bai2', 'line 3: the account reports no closing balance (015).'],
    ['bai2/errors/sample-parseError.txt', 'bai2', 'line 1: “00,0004,1/2/” is no record of BAI2.'],
    // Amounts of all three were changed by hand.
    [
      'mt940/jejik/abnamro.sta',
      'mt940',
      'line 27, :62F:: the opening balance EUR 3,236.28 and 8 entries of EUR -321.44 make EUR 2,914.84, but the closing balance is EUR 876.84.',
    ],
    [
      'mt940/jejik/ing.sta',
      'mt940',
      'line 26, :62F:: the opening balance EUR 0.00 and 7 entries of EUR -45.59 make EUR -45.59, but the closing balance is EUR 3.47.',
    ],
    [
      'mt940/jejik/rabobank.sta',
      'mt940',
      'line 11, :62F:: the opening balance EUR 473.17 and 1 entries of EUR -1,213.28 make EUR -740.11, but the closing balance is EUR 395.82.',
    ],
    // Single fields, no statements.
    ['mt940/cmxl/account_balance_credit.sta', 'mt940', 'line 1, :60F:: a field stands before :20:.'],
    ['mt940/cmxl/account_balance_debit.sta', 'mt940', 'line 1, :60F:: a field stands before :20:.'],
    ['mt940/cmxl/account_identification_iban.sta', 'mt940', 'line 1, :25:: a field stands before :20:.'],
    ['mt940/cmxl/account_identification_legacy.sta', 'mt940', 'line 1, :25:: a field stands before :20:.'],
    ['mt940/cmxl/available_balance.sta', 'mt940', 'line 1, :64:: a field stands before :20:.'],
    ['mt940/cmxl/closing_balance.sta', 'mt940', 'line 1, :62F:: a field stands before :20:.'],
    ['mt940/cmxl/reference.sta', 'mt940', 'line 1: the file holds no statement.'],
    ['mt940/cmxl/statement_details.sta', 'mt940', 'line 1, :61:: a field stands before :20:.'],
    ['mt940/cmxl/statement_line.sta', 'mt940', 'line 1, :61:: a field stands before :20:.'],
    ['mt940/cmxl/statement_number.sta', 'mt940', 'line 1, :28C:: a field stands before :20:.'],
  ] as const)('%s is refused', async (name, format, reason) => {
    await expect(readWhole(format, file(name))).rejects.toMatchObject({
      code: 'statement_invalid',
      message: `The statement is refused at ${reason}`,
    });
  });

  it('a German direct debit names its references and the other side', async () => {
    const details = file('mt940/cmxl/statement_details.sta').toString().trim();
    const whole = [
      ':20:S',
      ':25:DE1',
      ':28C:7/1',
      ':60F:C140901EUR10,00',
      details,
      ':62F:C140901EUR8,38',
    ].join('\n');
    const [read] = await readWhole('mt940', whole);
    expect(read?.entries).toEqual([
      {
        line: 1,
        bookedOn: '2014-09-02',
        valueOn: '2014-09-01',
        amount: -162,
        currency: 'EUR',
        bankReference: '025498557/000001',
        endToEndId: 'TRX-0A4A47C3-F846-4729-8A1B-5DF620F',
        mandateId: 'CAC97D2144174318AC18D9BF815BD4FB',
        text: 'FOO TRX-0A4A47C3-F84 6-4729-8A1B-5DF620F',
        counterparty: { name: 'Peter Pan', account: 'HUkkbbbsssskcccccccccccccccx', bic: 'HYVEDEMMXXX' },
        code: 'NTRF',
      },
    ]);
  });
});
