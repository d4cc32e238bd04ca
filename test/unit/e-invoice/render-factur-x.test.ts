import { inflateSync } from 'node:zlib';
import PDFDocument from 'pdfkit';
import { describe, expect, it } from 'vitest';
import { fontsFromEnv } from '#shared/document/fonts.ts';
import { renderFacturX } from '#shared/e-invoice/render-factur-x.ts';
import { renderXml } from '#shared/e-invoice/render-xml.ts';
import { drafted } from '../../conformance/draft.ts';

const file = drafted({
  kind: 'invoice',
  currency: 'GBP',
  lines: [{ quantity: 4, unitPrice: 1_250, tax: { category: 'S', rate: '20' } }],
});

async function aPdf(subset: 'PDF/A-3b' | undefined): Promise<Buffer> {
  const issued = new Date('2026-03-03T14:00:05.000Z');
  const document = new PDFDocument({
    pdfVersion: '1.7',
    font: fontsFromEnv().regular,
    ...(subset && { subset }),
    info: { Title: 'Invoice', CreationDate: issued, ModDate: issued },
  });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((resolve) => {
    document.on('end', resolve);
  });
  document.text('Invoice INV-2026-000001').end();
  await ended;
  return Buffer.concat(chunks);
}

/** The object that the last cross-reference table to name it points at. */
function objectAt(pdf: Buffer, id: number): string {
  const text = pdf.toString('latin1');
  const table = text.slice(Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1]));
  const offset = Number(new RegExp(`\\n${id} 1\\n(\\d{10}) `).exec(table)?.[1]);
  return text.slice(offset);
}

describe('Factur-X', () => {
  it('carries the invoice in CII as an alternative of the pages, which stay as they were', async () => {
    const pdf = await aPdf('PDF/A-3b');
    const hybrid = renderFacturX(file, pdf);
    expect(hybrid.subarray(0, pdf.length).equals(pdf)).toBe(true);

    const root = Number(/\/Root (\d+) 0 R/.exec(hybrid.toString('latin1'))?.[1]);
    const specification = Number(/\/AF \[(\d+) 0 R\]/.exec(objectAt(hybrid, root))?.[1]);
    const described = objectAt(hybrid, specification);
    expect(described).toContain('/AFRelationship /Alternative');
    expect(described).toContain('/UF (factur-x.xml)');
    const embedded = objectAt(hybrid, Number(/\/EF << \/F (\d+) 0 R/.exec(described)?.[1]));
    const length = Number(/\/Length (\d+)/.exec(embedded)?.[1]);
    const start = embedded.indexOf('stream\n') + 'stream\n'.length;
    const xml = inflateSync(Buffer.from(embedded.slice(start, start + length), 'latin1')).toString();
    expect(xml).toBe(renderXml('cii', file).content);
    expect(hybrid.toString()).toContain('<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>');
  });

  it('has the same bytes when it is rendered again', async () => {
    const pdf = await aPdf('PDF/A-3b');
    expect(renderFacturX(file, pdf).equals(renderFacturX(file, pdf))).toBe(true);
  });

  it('refuses a PDF that may not carry a file', async () => {
    const plain = await aPdf(undefined);
    expect(() => renderFacturX(file, plain)).toThrow('only PDF/A-3 may carry an invoice');
    expect(() => renderFacturX(file, Buffer.from('not a PDF'))).toThrow('not a PDF as this system writes it');
  });
});
