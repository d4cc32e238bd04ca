import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { RenderRequest } from '#shared/document/render-request.ts';
import { request } from '#test/builders/house.ts';
import { aDraft, claimCredit, issue, keepCustomer } from '#test/builders/issued-invoices.ts';
import { type MemoryTable, memoryTable } from '#test/builders/memory-table.ts';
import { readPdf, textOf } from '../document/read-pdf.ts';

vi.mock('#shared/document/render-client.ts', () => ({
  documentRenderer: () => async (wanted: RenderRequest) => {
    const { handler } = await import('../../../functions/invoked/render-document.ts');
    // What travels to the function is JSON.
    return handler(JSON.parse(JSON.stringify(wanted)));
  },
}));

let table: MemoryTable;
beforeEach(async () => {
  table = memoryTable();
  await keepCustomer(table);
  await claimCredit(table, aDraft());
  await issue(table, aDraft());
});

const ask = (query: Record<string, string>, headers: Record<string, string> = {}) =>
  request(table, 'getStatement', { params: { customerId: 'cus_harbour' }, query, headers });

describe('a statement as a file', () => {
  it.each([
    [{ kind: 'period' }, { accept: 'application/pdf' }, 'Closing balance', 'statement-2026-03-31.pdf'],
    [{ format: 'pdf' }, {}, 'Total due', 'open-items-2026-03-31.pdf'],
  ])('comes as PDF for %j %j', async (query, accept, words, filename) => {
    const { status, headers, text } = await ask(query, accept);
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'content-type': 'application/pdf', vary: 'Accept' });
    expect(headers['content-disposition']).toContain(filename);
    const [page] = readPdf(Buffer.from(text, 'base64'));
    expect(textOf(page)).toContain(words);
    expect(textOf(page)).toContain('INV-2026-000001');
    expect((await ask(query, accept)).text).toBe(text);
  });

  it('comes in no other form', async () => {
    expect(await ask({}, { accept: 'text/csv' })).toMatchObject({
      status: 406,
      json: { code: 'not_acceptable' },
    });
  });
});
