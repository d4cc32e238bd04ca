import { describe, expect, it } from 'vitest';
import type { Company } from '#shared/company/company.ts';
import { fontsFromEnv } from '#shared/document/fonts.ts';
import { renderInvoicePdf } from '#shared/document/invoice-pdf.ts';
import type { CreditNote, Invoice, InvoiceLine } from '#shared/invoice/invoice.ts';
import { collisions } from './collisions.ts';
import { type PdfPage, readPdf, textOf } from './read-pdf.ts';
import { albion, creditNoteOver, elster, germanBuyer, goodsLines, invoiceOver, lineOf } from './sample.ts';

const payUrl = 'https://api.example.com/pay/token';
const fonts = fontsFromEnv();

type Wanted = {
  company?: Company;
  document: Invoice | CreditNote;
  lines: readonly InvoiceLine[];
  payUrl?: string;
};

async function pagesOf({ company = albion, document, lines, ...rest }: Wanted): Promise<PdfPage[]> {
  return readPdf(await renderInvoicePdf({ company, document, lines, fonts, ...rest }));
}

describe('an invoice as PDF', () => {
  it('says what the law and the customer want to read', async () => {
    const lines = [
      lineOf({
        line: 1,
        sku: '22423',
        description: 'REGENCY CAKESTAND 3 TIER',
        quantity: 4,
        unitPrice: 1275,
      }),
      lineOf({
        line: 2,
        sku: 'POST',
        description: 'POSTAGE',
        quantity: 1,
        unitPrice: 1500,
        tax: { category: 'Z', rate: '0' },
      }),
    ];
    const [page, ...others] = await pagesOf({ document: invoiceOver(lines), lines, payUrl });
    expect(others).toEqual([]);
    const text = textOf(page).split('\n');
    for (const expected of [
      'Albion Gifts',
      'Harbour Lane Interiors Ltd',
      'BS1 5QD',
      'VAT ID GB987654321',
      'VAT ID GB123456782',
      'Invoice INV-2026-000042',
      '31 March 2026',
      '30 April 2026',
      'GBP 76.20 due by 30 April 2026',
      'cus_14075',
      'ord_01k9vj8q2f3g4h5j6k7m8n9p0r',
      'PO 4711/26',
      'REGENCY CAKESTAND 3 TIER',
      '12.75',
      '51.00',
      '20%',
      '66.00',
      '10.20',
      'GBP 76.20',
      'Zero-rated supply.',
      'GB33 BUKB 2020 1555 5555 55',
      'BUKBGB22',
      'Page 1 of 1',
    ]) {
      expect(
        text.some((line) => line.includes(expected)),
        expected,
      ).toBe(true);
    }
    expect(page?.links).toEqual([payUrl]);
  });

  it('is the same to the byte when made again', async () => {
    const lines = goodsLines(20);
    const wanted = { company: albion, document: invoiceOver(lines), lines, payUrl, fonts };
    const first = await renderInvoicePdf(wanted);
    expect((await renderInvoicePdf(wanted)).equals(first)).toBe(true);
    expect(first.toString('latin1')).toContain('(D:20260331093000Z)');
  });

  it.each([1, 20, 200, 721])('shows each of %i lines, none over another', async (count) => {
    const lines = goodsLines(count);
    const pages = await pagesOf({ document: invoiceOver(lines), lines, payUrl });
    const text = pages.map(textOf).join('\n').split('\n');
    const positions = text.filter((line) => /^\d+$/.test(line)).map(Number);
    expect(lines.filter(({ line }) => !positions.includes(line))).toEqual([]);
    expect(pages.every((page, index) => textOf(page).includes(`Page ${index + 1} of ${pages.length}`))).toBe(
      true,
    );
    expect(collisions(pages)).toEqual([]);
  });

  it('repeats the header and carries the sum over from page to page', async () => {
    const lines = goodsLines(60);
    const pages = await pagesOf({ document: invoiceOver(lines), lines });
    expect(pages.length).toBeGreaterThan(2);
    const carried = (page: PdfPage | undefined, label: string) => {
      const texts = page?.texts.map(({ text }) => text) ?? [];
      return texts[texts.indexOf(label) + 1];
    };
    expect(carried(pages[0], 'Carried forward')).toBe(carried(pages[1], 'Brought forward'));
    for (const page of pages.slice(0, 2)) expect(textOf(page)).toContain('Unit price');
  });

  it('holds amounts of twelve digits, long names and long words without cutting anything', async () => {
    const lines = Array.from({ length: 12 }, (_, index) =>
      lineOf({
        line: index + 1,
        sku: 'A-STOCK-KEEPING-UNIT-OF-40-CHARACTERS-42',
        description: index % 2 === 0 ? 'W'.repeat(200) : 'A set of three cake tins '.repeat(8).trim(),
        quantity: index === 0 ? 1_000_000 : 1,
        unitPrice: index === 0 ? 1_000_000 : 999_999_999_999,
      }),
    );
    const document = invoiceOver(lines, {
      customerId: `cus_${'X'.repeat(40)}`,
      orders: [
        {
          orderId: 'ord_01k9vj8q2f3g4h5j6k7m8n9p0r',
          poNumber: 'PO-'.repeat(40),
          shipmentIds: ['shp_01k9vj8q2f3g4h5j6k7m8n9p0s'],
        },
      ],
      buyer: {
        name: `${'N'.repeat(60)} ${'m'.repeat(59)}`,
        email: 'a@example.com',
        address: {
          lines: ['L'.repeat(100), 'K k '.repeat(25), 'J'.repeat(100), 'H'.repeat(100)],
          city: 'C'.repeat(60),
          country: 'FR',
        },
        language: 'en',
      },
    });
    const company = { ...albion, tradingName: undefined, legalName: 'Long Company Name '.repeat(5).trim() };
    const pages = await pagesOf({ company, document, lines, payUrl });
    expect(collisions(pages)).toEqual([]);
    expect(pages.map(textOf).join('\n')).toContain('9,999,999,999.99');
  });

  it('names the provision that frees a supply to another member state, in German', async () => {
    const lines = goodsLines(2, { category: 'K', rate: '0' });
    const buyer = {
      ...germanBuyer,
      address: { ...germanBuyer.address, country: 'AT' },
      vatId: 'ATU12345678',
    };
    const pages = await pagesOf({
      company: elster,
      document: invoiceOver(lines, { currency: 'EUR', buyer }),
      lines,
    });
    const text = pages.map(textOf).join('\n');
    expect(text).toContain('Rechnung INV-2026-000042');
    expect(text).toContain('EUR 36,35, fällig am 30. April 2026');
    expect(text).toContain('Kontor für Wohnkultur Müller & Söhne');
    expect(text).toContain('Österreich');
    expect(text).toContain('USt-IdNr. ATU12345678');
    expect(text).toContain(
      'Steuerfreie innergemeinschaftliche Lieferung (Artikel 138 der Richtlinie 2006/112/EG).',
    );
    expect(text).toContain('Seite 1 von 1');
    expect(pages[0]?.links).toEqual([]);
  });

  it('cites British law for an export from the United Kingdom and the directive for one from the union', async () => {
    const lines = goodsLines(1, { category: 'G', rate: '0' });
    const british = await pagesOf({ document: invoiceOver(lines), lines });
    expect(textOf(british[0])).toContain('section 30(6), Value Added Tax Act 1994');
    const german = await pagesOf({ company: elster, document: invoiceOver(lines), lines });
    expect(textOf(german[0])).toContain('Article 146 of Directive 2006/112/EC');
  });
});

describe('a credit note as PDF', () => {
  it('tells what it corrects and asks for no payment', async () => {
    const lines = goodsLines(2);
    const [page] = await pagesOf({ document: creditNoteOver(lines), lines, payUrl });
    const text = textOf(page);
    expect(text).toContain('Credit note CN-2026-000007');
    expect(text).toContain('GBP 43.62 in your favour');
    expect(text).toContain('INV-2026-000042');
    expect(text).toContain('Reason: Two cake stands arrived broken');
    expect(text).not.toContain('How to pay');
    expect(page?.links).toEqual([]);
  });

  it('is no „Gutschrift“ in German, which would mean self-billing', async () => {
    const lines = goodsLines(1, { category: 'S', rate: '19' });
    const document = creditNoteOver(lines, { buyer: germanBuyer, currency: 'EUR' });
    const text = textOf((await pagesOf({ company: elster, document, lines }))[0]);
    expect(text).toContain('Rechnungskorrektur CN-2026-000007');
    expect(text).not.toContain('Gutschrift');
  });
});

describe('an invoice as PDF/A-3b', () => {
  const lines = goodsLines(2);
  const wanted = { company: elster, document: invoiceOver(lines), lines, payUrl, fonts, archival: true };

  it('says what it is, brings its colour profile, and is the same to the byte', async () => {
    const first = await renderInvoicePdf(wanted);
    expect((await renderInvoicePdf(wanted)).equals(first)).toBe(true);
    const text = first.toString('latin1');
    expect(text).toContain('<pdfaid:part>3</pdfaid:part>');
    expect(text).toContain('<pdfaid:conformance>B</pdfaid:conformance>');
    expect(text).toContain('/S /GTS_PDFA1');
    expect(text).toContain('/F 4');
  });

  it('keeps its metadata well-formed whatever the company is called', async () => {
    const company = { ...elster, legalName: 'Müller & Söhne <Haushalt>' };
    const text = (await renderInvoicePdf({ ...wanted, company })).toString('utf8');
    expect(/<dc:creator>[\s\S]*?<rdf:li>(.*?)<\/rdf:li>/.exec(text)?.[1]).toBe('Müller + Söhne ‹Haushalt›');
  });
});
