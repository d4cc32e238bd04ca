import { describe, expect, it } from 'vitest';
import { CsvMapping } from '#shared/bank/csv-mapping.ts';
import { detectFormat } from '#shared/bank/read-statements.ts';
import { readWhole } from '../../builders/read-whole.ts';

const british = CsvMapping.parse({
  account: { number: '20-20-15 55555555' },
  currency: 'GBP',
  delimiter: ',',
  decimal: '.',
  dateFormat: 'DD/MM/YYYY',
  header: true,
  order: 'newest first',
  columns: {
    bookedOn: 'Date',
    debit: 'Paid out',
    credit: 'Paid in',
    text: ['Type', 'Details'],
    balance: 'Balance',
  },
});
const file = `Date,Type,Details,Paid out,Paid in,Balance
31/03/2026,BACS,"Berg, INV-17",,"1,250.00","1,349.50"
30/03/2026,CHQ,101,0.50,,99.50
`;
const bare = CsvMapping.parse({
  account: { iban: 'DE89370400440532013000' },
  currency: 'EUR',
  encoding: 'latin1',
  delimiter: ';',
  decimal: ',',
  dateFormat: 'DD.MM.YY',
  skipLines: 2,
  header: false,
  columns: { bookedOn: 0, amount: 1, text: [2], iban: 3 },
});

describe('CSV', () => {
  it('is read newest first, with debit and credit columns and a balance on each line', async () => {
    expect(detectFormat(Buffer.from(file))).toBeUndefined();
    expect(await readWhole('csv', file, { csv: british })).toEqual([
      {
        header: {
          account: { number: '20-20-15 55555555' },
          currency: 'GBP',
          statementId: '2026-03-30..2026-03-31',
          openingOn: '2026-03-30',
          openingBalance: 10_000,
          closingOn: '2026-03-31',
          closingBalance: 134_950,
        },
        sum: 124_950,
        entries: [
          { line: 1, bookedOn: '2026-03-31', amount: 125_000, currency: 'GBP', text: 'BACS Berg, INV-17' },
          { line: 2, bookedOn: '2026-03-30', amount: -50, currency: 'GBP', text: 'CHQ 101' },
        ],
      },
    ]);
  });

  it('is read without header, in Latin-1, by balances that are given', async () => {
    const bytes = Buffer.from(
      'Bank\n\n31.03.26;1.250,00;Müller;DE89370400440532013000\n31.03.26;0,50-;Gebühr;\n',
      'latin1',
    );
    const [read] = await readWhole('csv', bytes, { csv: bare, openingBalance: 0, closingBalance: 124_950 });
    expect(read?.entries.map(({ amount, text, counterparty }) => [amount, text, counterparty])).toEqual([
      [125_000, 'Müller', { iban: 'DE89370400440532013000' }],
      [-50, 'Gebühr', undefined],
    ]);
    await expect(readWhole('csv', bytes, { csv: bare })).rejects.toThrow('were not given');
    await expect(
      readWhole('csv', bytes, { csv: bare, openingBalance: 0, closingBalance: 124_951 }),
    ).rejects.toThrow('make EUR 1,249.50, but the closing balance is EUR 1,249.51');
  });

  it.each([
    [
      'whose balance does not follow',
      file.replace('99.50\n', '99.51\n'),
      'line 3: the balance is 9951, but the row before makes it 9950 (minor units)',
    ],
    [
      'without a column of the mapping',
      file.replace('Paid in', 'In'),
      'line 1: the header has no column “Paid in”',
    ],
    ['with a day that is none', file.replace('31/03', '31/02'), 'line 2: “2026-02-31” is no date'],
    [
      'with a day in another form',
      file.replace('31/03/2026', '2026-03-31'),
      '“2026-03-31” is no date as DD/MM/YYYY',
    ],
    ['with a decimal comma', file.replace('0.50', '"0,50"'), 'line 3: “0,50” is no amount'],
    ['with open quotes', file.replace('INV-17"', 'INV-17'), 'line '],
    [
      'without entries',
      'Date,Type,Details,Paid out,Paid in,Balance\n',
      'stand in no column and were not given',
    ],
    ['that is empty', '', 'the file holds no statement'],
  ])('is refused %s', async (_, text, reason) => {
    await expect(readWhole('csv', text, { csv: british })).rejects.toMatchObject({
      code: 'statement_invalid',
      message: expect.stringContaining(reason),
    });
  });

  it('needs a mapping that says where the amount stands', async () => {
    const { debit: _, ...columns } = british.columns;
    expect(CsvMapping.safeParse({ ...british, columns }).error?.issues[0]?.message).toBe(
      'name either amount, or debit and credit',
    );
    expect(CsvMapping.safeParse({ ...british, header: false }).success).toBe(false);
    await expect(readWhole('csv', file)).rejects.toThrow('a CSV file needs the mapping of its bank');
  });
});
