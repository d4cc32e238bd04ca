import { parse } from 'csv-parse/sync';
import { readXlsx } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import { type Figures, figuresOf } from '#shared/invariant/figures.ts';
import { readPicture } from '#shared/invariant/read-picture.ts';
import { FIRST_DAY, type World } from './world.ts';

/** The mail that finance finds on the next morning, checked against what the whole table comes to. */
export function morningReport(world: () => World): void {
  describe('the morning report', () => {
    let figures: Figures;
    const attached = async (date: string, type: string) => {
      const { run } = world();
      const found = run.mailbox
        .list({ to: 'finance@example.com' })
        .filter(({ subject, attachments }) => subject.startsWith('Morning report') && attachments === 2);
      for (const { id } of found) {
        const mail = await run.mailbox.get(id);
        const attachment = mail?.attachments.find(({ name }) => name.includes(date) && name.endsWith(type));
        if (attachment) return attachment.content;
      }
      throw new Error(`no ${type} of ${date} in the mailbox of finance`);
    };

    it('comes once, early on the next day', async () => {
      const { run } = world();
      await run.quiesce();
      figures = figuresOf(await readPicture(world().items()));
      await run.clock.advanceTo('2026-03-03T06:29:00Z');
      expect(run.mailbox.list({ to: 'finance@example.com' })).toEqual([]);
      await run.clock.advanceTo('2026-03-03T09:00:00Z');
      expect(run.mailbox.list({ to: 'finance@example.com' })).toMatchObject([
        { subject: 'Morning report for 2 March 2026', attachments: 2 },
      ]);
    });

    it('sums the day up in a workbook', async () => {
      const { sheets } = await readXlsx(await attached(FIRST_DAY, '.xlsx'));
      const rows = new Map(sheets[0]?.rows.map((row) => [row[0], row.slice(1)]));
      const pounds = (amounts: Record<string, number>) => (amounts['GBP'] ?? 0) / 100;
      const { orders, invoices } = figures;
      expect(rows.get('Orders placed, net')).toEqual(['GBP', orders.placed, pounds(figures.ordered)]);
      expect(rows.get('Orders on hold now')?.slice(0, 2)).toEqual(['GBP', orders.waiting]);
      expect(rows.get('Invoices issued, total')).toEqual(['GBP', invoices.issued, pounds(figures.invoiced)]);
      expect(rows.get('Credit notes issued')).toEqual(['GBP', figures.returns, pounds(figures.credited)]);
      expect(rows.get('Received, total')?.[2]).toBe(pounds(figures.collected));
      expect(rows.get('Receivables')?.[2]).toBe(pounds(figures.outstanding));
      expect(pounds(figures.invoiced)).toBeGreaterThan(0);
      expect(pounds(figures.collected)).toBeGreaterThan(0);
    });

    it('lists every open item as CSV, which adds up to what is outstanding', async () => {
      const rows: Record<string, string>[] = parse(await attached(FIRST_DAY, '.csv'), {
        bom: true,
        columns: true,
      });
      expect(rows).toHaveLength(figures.invoices.open);
      const pence = rows.map(({ Balance = '' }) => Math.round(Number(Balance) * 100));
      expect(pence.reduce((sum, balance) => sum + balance, 0)).toBe(figures.outstanding['GBP']);
      expect(rows[0]).toMatchObject({ Issued: FIRST_DAY, Currency: 'GBP', Status: 'open' });
    });
  });
}
