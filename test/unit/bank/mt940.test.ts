import { describe, expect, it } from 'vitest';
import { readWhole } from '../../builders/read-whole.ts';

/** One statement of EUR 100.00, written `closing` after `lines`. */
const mt940 = (closing: string, ...lines: string[]) =>
  [
    ':20:X',
    ':25:DE89370400440532013000',
    ':28C:12/1',
    ':60F:C260330EUR100,',
    ...lines,
    `:62F:${closing}`,
    '-',
  ].join('\r\n');
const first = async (file: string | Uint8Array) => (await readWhole('mt940', file))[0]?.entries[0];

describe('pages of one statement', () => {
  const page = (number: number, from: string, entry: string, to: string) =>
    [
      ':20:X',
      ':25:NL91ABNA0417164300',
      `:28C:12/${number}`,
      `:60${from}`,
      `:61:${entry}`,
      `:62${to}`,
      '-',
    ].join('\n');
  const one = page(1, 'F:C260330EUR100,00', '2603310331C20,00NTRFNONREF', 'M:C260331EUR120,00');
  const two = page(2, 'M:C260331EUR120,00', '2603310331D5,50NTRFNONREF', 'F:C260331EUR114,50');

  it('are one statement', async () => {
    const statements = await readWhole('mt940', `${one}\n${two}`);
    expect(
      statements.map(({ header, entries, sum }) => [
        header.statementId,
        header.openingBalance,
        entries.map(({ line, amount }) => [line, amount]),
        sum,
        header.closingBalance,
      ]),
    ).toEqual([
      [
        '12',
        10_000,
        [
          [1, 2_000],
          [2, -550],
        ],
        1_450,
        11_450,
      ],
    ]);
  });

  it.each([
    ['breaks off after a page', one, 'the statement does not go on'],
    [
      'leaves a page out',
      `${one}\n${two.replace('EUR120', 'EUR121')}`,
      'the page before ends at 12000, this one begins at 12100',
    ],
    [
      'begins anew within',
      `${one}\n${page(1, 'F:C260331EUR120,00', '2603310331D5,50NTRFNONREF', 'F:C260331EUR114,50')}`,
      'does not go on',
    ],
    [
      'has a page that does not tie',
      one.replace('EUR120', 'EUR119'),
      'but the closing balance is EUR 119.00',
    ],
  ])('are refused where the file %s', async (_, file, reason) => {
    await expect(readWhole('mt940', file)).rejects.toMatchObject({
      code: 'statement_invalid',
      message: expect.stringContaining(reason),
    });
  });
});

describe('field 61', () => {
  it.each([
    ['RD', 'C260331EUR101,', 100],
    ['RC', 'C260331EUR99,', -100],
    ['CR', 'C260331EUR101,', 100],
    ['D', 'C260331EUR99,', -100],
  ])('%s', async (sign, closing, amount) => {
    expect((await first(mt940(closing, `:61:2603310331${sign}1,NTRFNONREF`)))?.amount).toBe(amount);
  });

  it('takes the year of the entry date from the value date, across New Year', async () => {
    expect(await first(mt940('C260102EUR101,', ':61:2512310102C1,NTRFNONREF'))).toMatchObject({
      valueOn: '2025-12-31',
      bookedOn: '2026-01-02',
    });
    expect(await first(mt940('C260102EUR101,', ':61:2601021231C1,NTRFNONREF'))).toMatchObject({
      valueOn: '2026-01-02',
      bookedOn: '2025-12-31',
    });
  });

  it('has charges and more text in the lines below', async () => {
    expect(
      await first(
        mt940('C260331EUR101,', ':61:2603310331C1,NTRFREF1//B1', 'Transfer /OCMT/EUR3,5/CHGS/EUR2,5/'),
      ),
    ).toMatchObject({
      endToEndId: 'REF1',
      bankReference: 'B1',
      text: 'Transfer',
      charges: 250,
    });
  });
});

describe('field 86', () => {
  it('with tags names references and the other side', async () => {
    const file = mt940(
      'C260331EUR101,',
      ':61:2603310331C1,NTRFNONREF',
      ':86:/TRTP/SEPA OVERBOEKING/IBAN/NL91ABNA0417164300/BIC/ABNANL2A/NAME/',
      'J. de Boer/REMI/Invoice INV-2026-000017/EREF/E-77',
    );
    expect(await first(file)).toMatchObject({
      text: 'Invoice INV-2026-000017',
      endToEndId: 'E-77',
      counterparty: { name: 'J. de Boer', iban: 'NL91ABNA0417164300', bic: 'ABNANL2A' },
    });
  });

  it('with a structured reference in /REMI/', async () => {
    const file = mt940(
      'C260331EUR101,',
      ':61:2603310331C1,NTRFNONREF',
      ':86:/EREF/E1/REMI/STRD/CUR/RF18 5390 0754 7034',
    );
    expect(await first(file)).toMatchObject({ creditorReference: 'RF18539007547034' });
  });

  it('of a German return names its reason and charges', async () => {
    const file = mt940(
      'C260331EUR99,',
      ':61:2603310331D1,NRTINONREF',
      ':86:109?00RUECKLASTSCHRIFT?20EREF+E1?21COAM+0,35?22SVWZ+RETOURE AC04 KONTO AUFGE?23LOEST?32ANNA BERG',
    );
    expect(await first(file)).toMatchObject({
      endToEndId: 'E1',
      charges: 35,
      returnReason: 'AC04',
      text: 'RETOURE AC04 KONTO AUFGELOEST',
      counterparty: { name: 'ANNA BERG' },
    });
  });

  it('is read in Latin-1 and in UTF-8', async () => {
    const file = mt940('C260331EUR101,', ':61:2603310331C1,NTRFNONREF', ':86:Müller Süd');
    expect((await first(Buffer.from(file, 'latin1')))?.text).toBe('Müller Süd');
    expect((await first(file))?.text).toBe('Müller Süd');
  });
});

it('reads a statement in SWIFT blocks', async () => {
  const file = `{1:F01BANKDEFFXXXX}{2:O9400000}{4:\r\n${mt940('C260331EUR101,', ':61:2603310331C1,NTRFNONREF', ':86:Rent').replace(/-$/, '-}')}`;
  expect((await first(file))?.text).toBe('Rent');
});

it('does not take digits that the currency has not', async () => {
  await expect(readWhole('mt940', mt940('C260331EUR101,', ':61:2603310331C1,005NTRFNONREF'))).rejects.toThrow(
    'line 5, :61:: “1.005” is no amount in EUR',
  );
});

it('does not lose a statement that has no end', async () => {
  const file = mt940('C260331EUR101,', ':61:2603310331C1,NTRFNONREF');
  await expect(readWhole('mt940', file.replace(/:62F:.*/, '') + file)).rejects.toThrow(
    'the statement before has no closing balance',
  );
});
