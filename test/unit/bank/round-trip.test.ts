import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StatementEntry, StatementHeader } from '#shared/bank/bank-statement.ts';
import { detectFormat } from '#shared/bank/read-statements.ts';
import { readWhole } from '../../builders/read-whole.ts';
import { camt053, camtEntry, csv, csvMapping, mt940, type Written } from '../../builders/statement-files.ts';

const words = fc
  .array(
    fc.constantFrom('Invoice', 'INV-2026-000017', 'Müller & Söhne', '<4711>', '"Rate"', 'été', '12.50'),
    {
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(' '));
const id = fc.stringMatching(/^[A-Z0-9]{4,20}$/);
const day = fc.integer({ min: 1, max: 28 }).map((day) => `2026-02-${String(day).padStart(2, '0')}`);
const money = fc.integer({ min: 1, max: 99_999_999_999 });

const entry = fc.record({
  bookedOn: day,
  valueOn: day,
  amount: fc.tuple(money, fc.boolean()).map(([size, out]) => (out ? -size : size)),
  bankReference: id,
  endToEndId: fc.option(id, { nil: undefined }),
  text: words,
  counterparty: fc.record({
    name: fc.constantFrom('Anna Berg', 'Müller GmbH', 'A/S Nordlys'),
    iban: fc.constantFrom('DE89370400440532013000', 'GB29NWBK60161331926819'),
    bic: fc.constant('COBADEFFXXX'),
  }),
  code: fc.constantFrom('NTRF', 'NMSC'),
});

const statement: fc.Arbitrary<Written> = fc
  .record({
    currency: fc.constantFrom('EUR', 'JPY', 'BHD'),
    opening: fc.integer({ min: -99_999_999, max: 99_999_999 }),
    entries: fc.array(entry, { minLength: 1, maxLength: 8 }),
  })
  .map(({ currency, opening, entries }) => ({
    header: StatementHeader.parse({
      account: { iban: 'GB33BUKB20201555555555' },
      currency,
      statementId: '71',
      openingOn: '2026-02-01',
      openingBalance: opening,
      closingOn: '2026-02-28',
      closingBalance: entries.reduce((sum, { amount }) => sum + amount, opening),
    }),
    entries: entries.map(({ endToEndId, ...rest }, index) =>
      StatementEntry.parse({ line: index + 1, currency, ...rest, ...(endToEndId && { endToEndId }) }),
    ),
  }));

const camt = ({ header, entries }: Written, version: '02' | '03' | '04' | '08') =>
  [
    ...camt053(
      header,
      entries.map((one) => camtEntry(one, version)),
      version,
    ),
  ].join('');
const sumOf = (entries: StatementEntry[]) => entries.reduce((sum, { amount }) => sum + amount, 0);

describe('a statement written and read back is the same', () => {
  it.each(['02', '03', '04', '08'] as const)('as camt.053 version %s', async (version) => {
    await fc.assert(
      fc.asyncProperty(statement, async (written) => {
        const file = camt(written, version);
        expect(detectFormat(Buffer.from(file))).toBe('camt.053');
        expect(await readWhole('camt.053', file)).toEqual([{ ...written, sum: sumOf(written.entries) }]);
      }),
    );
  });

  it('as MT940', async () => {
    await fc.assert(
      fc.asyncProperty(statement, async (written) => {
        const file = mt940(written);
        expect(detectFormat(Buffer.from(file))).toBe('mt940');
        expect(await readWhole('mt940', file)).toEqual([{ ...written, sum: sumOf(written.entries) }]);
      }),
    );
  });

  it('as CSV, with the balance after each entry', async () => {
    await fc.assert(
      fc.asyncProperty(statement, async (written) => {
        const [read] = await readWhole('csv', csv(written), {
          csv: csvMapping(written.header),
          openingBalance: written.header.openingBalance,
          statementId: '71',
        });
        const openingOn = written.entries[0]?.bookedOn;
        const closingOn = written.entries.at(-1)?.bookedOn;
        expect(read).toEqual({
          header: { ...written.header, openingOn, closingOn },
          entries: written.entries,
          sum: sumOf(written.entries),
        });
      }),
    );
  });

  it('wherever its pieces end', async () => {
    const [written] = fc.sample(statement, { numRuns: 1, seed: 7 });
    if (!written) throw new Error('no sample');
    const mapping = { csv: csvMapping(written.header) };
    const files = [
      ['camt.053', camt(written, '08'), {}],
      ['mt940', mt940(written), {}],
      ['csv', csv(written), mapping],
    ] as const;
    for (const [format, file, options] of files) {
      const whole = await readWhole(format, file, options);
      expect(whole[0]?.entries).toHaveLength(written.entries.length);
      for (const size of [1, 2, 3, 7, 64]) {
        expect(await readWhole(format, file, { ...options, size })).toEqual(whole);
      }
    }
  });

  it('and one cent more in any entry is refused', async () => {
    await fc.assert(
      fc.asyncProperty(statement, fc.nat(), async ({ header, entries }, at) => {
        const changed = entries.map((one, index) =>
          index === at % entries.length ? { ...one, amount: one.amount + (one.amount > 0 ? 1 : -1) } : one,
        );
        const wrong = { header, entries: changed };
        await expect(readWhole('camt.053', camt(wrong, '02'))).rejects.toThrow('but the closing balance is');
        await expect(readWhole('mt940', mt940(wrong))).rejects.toThrow('but the closing balance is');
      }),
      { numRuns: 30 },
    );
  });
});
