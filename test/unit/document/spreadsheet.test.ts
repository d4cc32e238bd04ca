import { parse } from 'csv-parse/sync';
import { readXlsx } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import { morningReportCsv } from '#shared/document/morning-report-csv.ts';
import { morningReportXlsx } from '#shared/document/morning-report-xlsx.ts';
import { decimalText, neutralText } from '#shared/document/spreadsheet.ts';
import { Currency } from '#shared/kernel/money.ts';
import { morningReport, openItem } from './report-sample.ts';

describe('text in a cell', () => {
  it.each(['=1+1', '+44 113', '-2+3', '@SUM(A1)', '\t=1+1', '\r=1+1', ' =cmd|x', '＝1+1'])(
    'is no formula: %j',
    (text) => {
      expect(neutralText(text)).toBe(`'${text}`);
    },
  );

  it('stays as it is where nothing could run it', () => {
    expect(neutralText('Harbour Lane = home + garden')).toBe('Harbour Lane = home + garden');
    expect(neutralText('')).toBe('');
  });
});

describe('an amount as a decimal', () => {
  it.each([
    [123450, 'GBP', '1234.50'],
    [5, 'GBP', '0.05'],
    [-5, 'GBP', '-0.05'],
    [1234, 'JPY', '1234'],
    [1234, 'BHD', '1.234'],
    [999_999_999_999, 'EUR', '9999999999.99'],
  ])('%i %s is %s', (amount, currency, text) => {
    expect(decimalText(amount, currency)).toBe(text);
  });
});

describe('the open items as CSV', () => {
  it('is one table with plain dates and decimals, and a harmless name', () => {
    const csv = morningReportCsv(
      morningReport({
        openItems: [
          openItem({ customerName: '=HYPERLINK("https://evil.example","x")' }),
          openItem({ daysOverdue: -3 }),
        ],
      }),
    );
    expect(csv.startsWith('\ufeff')).toBe(true);
    expect(csv.endsWith('\r\n')).toBe(true);
    const [header, first, second] = parse(csv, { bom: true });
    expect(header).toEqual([
      'Invoice',
      'Customer',
      'Name',
      'Issued',
      'Due',
      'Days overdue',
      'Currency',
      'Balance',
      'Status',
    ]);
    expect(first).toEqual([
      'INV-2026-000042',
      'cus_14075',
      `'=HYPERLINK("https://evil.example","x")`,
      '2026-02-18',
      '2026-03-20',
      '12',
      'GBP',
      '1234.50',
      'open',
    ]);
    expect(second?.[5]).toBe('-3');
  });
});

describe('the morning report as a workbook', () => {
  it('holds numbers, dates and harmless text', async () => {
    const workbook = await readXlsx(
      await morningReportXlsx(
        morningReport({
          openItems: [
            openItem(),
            openItem({
              customerName: '=1+1',
              currency: Currency.parse('JPY'),
              balance: 5000,
              status: 'disputed',
            }),
          ],
        }),
      ),
      { readStyles: true },
    );
    expect(workbook.sheets.map(({ name }) => name)).toEqual(['Summary', 'Open items', 'Call list']);
    const items = workbook.sheets[1];
    expect(items?.rows[1]).toEqual([
      'INV-2026-000042',
      'cus_14075',
      'Harbour Lane Interiors Ltd',
      new Date('2026-02-18T00:00:00Z'),
      new Date('2026-03-20T00:00:00Z'),
      12,
      'GBP',
      1234.5,
      'open',
    ]);
    expect(items?.rows[2]?.[2]).toBe("'=1+1");
    expect(items?.rows[2]?.[7]).toBe(5000);
    expect(items?.freezePane).toMatchObject({ rows: 1 });
    expect(items?.cells?.get('0,0')?.style?.font?.bold).toBe(true);
    expect(items?.cells?.get('1,7')?.style?.numFmt).toBe('#,##0.00');
    expect(items?.cells?.get('2,7')?.style?.numFmt).toBe('#,##0');
  });

  it('sums up the day', async () => {
    const { sheets } = await readXlsx(await morningReportXlsx(morningReport()));
    const summary = new Map(sheets[0]?.rows.map((row) => [row[0], row.slice(1)]));
    expect(summary.get('Orders placed, net')).toEqual(['GBP', 137, 45123.9]);
    expect(summary.get('Received, total')).toEqual(['GBP', 70, 25284.75]);
    expect(summary.get('Open: 31–60 days overdue')).toEqual(['GBP', 21, 6400.75]);
    expect(summary.get('Open invoices, total')).toEqual(['GBP', 423, 143185.25]);
    expect(summary.get('Receivables')).toEqual(['GBP', null, 142000]);
    expect(summary.get('Right the first time')).toEqual([null, 398, 0.995]);
    expect(summary.get('Never credited at all')).toEqual([null, 394, 0.985]);
    expect(summary.get('Corrected: wrong price')).toEqual(['GBP', 2, 24]);
  });

  it('is the same to the byte when made again', async () => {
    const first = await morningReportXlsx(morningReport());
    expect(Buffer.from(await morningReportXlsx(morningReport())).equals(Buffer.from(first))).toBe(true);
  });

  it('is a valid workbook when nothing is open', async () => {
    const { sheets } = await readXlsx(
      await morningReportXlsx(morningReport({ currencies: [], openItems: [], callList: [] })),
    );
    expect(sheets[1]?.rows.length).toBe(1);
  });
});
