import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countryCode } from '../../../../infra/local/import/countries.ts';
import { readOrders } from '../../../../infra/local/import/read-orders.ts';
import { customersOf, productsOf, sortDocuments } from '../../../../infra/local/import/sort-documents.ts';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const AT = '2011-12-05 08:38:00';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'o2c-read-orders-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(...lines: string[]) {
  const path = join(folder, 'day.csv');
  await writeFile(path, `${[HEADER, ...lines].join('\n')}\n`);
  return readOrders(path);
}

describe('reading a day of orders', () => {
  it('makes one document of an InvoiceNo and keeps the same SKU twice as two lines', async () => {
    const { documents, rejects, linesRead } = await read(
      `580538,23084,RABBIT NIGHT LIGHT,48,${AT},1.79,14075.0,United Kingdom`,
      `580538,23084,RABBIT NIGHT LIGHT,2,${AT},1.79,14075.0,United Kingdom`,
    );
    expect({ rejects, linesRead }).toEqual({ rejects: [], linesRead: 2 });
    expect(documents).toEqual([
      {
        number: '580538',
        date: '2011-12-05T08:38:00',
        customer: '14075',
        country: 'GB',
        lines: [
          { line: 2, sku: '23084', description: 'RABBIT NIGHT LIGHT', quantity: 48, unitPrice: 179 },
          { line: 3, sku: '23084', description: 'RABBIT NIGHT LIGHT', quantity: 2, unitPrice: 179 },
        ],
      },
    ]);
  });

  it.each([
    ['580538,23084,X,1.5', `${AT},1.79,14075.0,United Kingdom`, 'Quantity "1.5"'],
    ['580538,23084,X,0', `${AT},1.79,14075.0,United Kingdom`, 'Quantity "0"'],
    ['580538,23084,X,1', `${AT},1.795,14075.0,United Kingdom`, 'UnitPrice "1.795"'],
    ['580538,23084,X,1', `${AT},free,14075.0,United Kingdom`, 'UnitPrice "free"'],
    ['580538,23084,X,1', 'yesterday,1.79,14075.0,United Kingdom', 'InvoiceDate "yesterday"'],
    ['580538,23084,X,1', `${AT},1.79,anna,United Kingdom`, 'CustomerID "anna"'],
    ['580538,23084,X,1', `${AT},1.79,14075.0,Atlantis`, 'Country "Atlantis"'],
    ['580538,23084,X,-1', `${AT},1.79,14075.0,United Kingdom`, 'a negative quantity has a price'],
    ['C580538,23084,X,1', `${AT},1.79,14075.0,United Kingdom`, 'a cancellation has a positive quantity'],
    [',23084,X,1', `${AT},1.79,14075.0,United Kingdom`, 'InvoiceNo ""'],
    ['580538,23084,X', AT, 'has 4 columns instead of 8'],
  ])('lists %s,%s with its line number and the reason, and takes the rest', async (start, end, reason) => {
    const { documents, rejects } = await read(
      `${start},${end}`,
      `580539,23084,X,1,${AT},1.79,14075.0,United Kingdom`,
    );
    expect(rejects).toEqual([{ line: 2, reason: expect.stringContaining(reason), text: `${start},${end}` }]);
    expect(documents.map(({ number }) => number)).toEqual(['580539']);
  });

  it('refuses a file of another format', async () => {
    const path = join(folder, 'other.csv');
    await writeFile(path, 'a,b\n1,2\n');
    await expect(readOrders(path)).rejects.toThrow('is not in the Online Retail format');
  });

  it('knows today’s country codes by the names the format uses', () => {
    expect(
      ['United Kingdom', 'Germany', 'EIRE', 'USA', 'Channel Islands', 'Atlantis'].map(countryCode),
    ).toEqual(['GB', 'DE', 'IE', 'US', 'JE', undefined]);
  });
});

describe('sorting the documents', () => {
  it('tells orders, returns, stock corrections and counter sales apart', async () => {
    const work = sortDocuments(
      await read(
        `580538,23084,RABBIT NIGHT LIGHT,48,${AT},1.79,14075.0,United Kingdom`,
        `580538,POST,POSTAGE,1,${AT},18.00,14075.0,United Kingdom`,
        `580546,23084,wet,-2,${AT},0.0,,United Kingdom`,
        `580610,23084,RABBIT NIGHT LIGHT,1,${AT},3.29,,United Kingdom`,
        `C580597,23084,RABBIT NIGHT LIGHT,-6,${AT},1.79,16360.0,France`,
      ),
    );
    expect(work.orders.map(({ number }) => number)).toEqual(['580538', '580610']);
    expect(work.returns.map(({ number }) => number)).toEqual(['C580597']);
    expect(work.corrections).toEqual([{ number: '580546', line: expect.objectContaining({ quantity: -2 }) }]);
    expect(work.net).toBe(48 * 179 + 1_800 + 329 - 6 * 179);
    expect(productsOf(work)).toEqual([
      { sku: '23084', description: 'RABBIT NIGHT LIGHT', price: 179, charge: false, openingStock: 51 },
      { sku: 'POST', description: 'POSTAGE', price: 1_800, charge: true, openingStock: 0 },
    ]);
    expect(customersOf(work).map(({ customerId, country }) => [customerId, country])).toEqual([
      ['cus_14075', 'GB'],
      ['cus_counter', 'GB'],
      ['cus_16360', 'FR'],
    ]);
  });

  const data = process.env['O2C_DATA'] ?? join(import.meta.dirname, '../../../../../shared/data');
  // Real trading days, where the data lies beside the project.
  describe.skipIf(!existsSync(join(data, 'online-retail')))('of two real days', () => {
    it.each([
      ['2011-12-05.csv', 5_331, 151, 16, 3, 5_775_132],
      ['2011-12-06.csv', 3_365, 149, 31, 2, 5_422_837],
    ])('%s: %d lines, %d documents, %d returns, %d corrections, %d pence', async (file, ...figures) => {
      const content = await readOrders(join(data, 'online-retail', file));
      const work = sortDocuments(content);
      expect(content.rejects).toEqual([]);
      expect([
        content.linesRead,
        content.documents.length,
        work.returns.length,
        work.corrections.length,
        work.net,
      ]).toEqual(figures);
    });
  });
});
