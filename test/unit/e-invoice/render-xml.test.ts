import { describe, expect, it } from 'vitest';
import { type EInvoiceFormat, renderXml } from '#shared/e-invoice/render-xml.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { TaxTreatment } from '#shared/tax/tax.ts';
import { type Draft, drafted } from '../../conformance/draft.ts';
import { examples } from '../../conformance/examples.ts';
import { buyer, sellers } from '../../conformance/parties.ts';

function example(name: string): Draft {
  const draft = examples[name];
  if (draft === undefined) throw new Error(`no example ${name}`);
  return draft;
}

function render(format: EInvoiceFormat, draft: Draft): string {
  return renderXml(format, drafted(draft)).content;
}

function textsOf(xml: string, element: string): string[] {
  return [...xml.matchAll(new RegExp(`<${element}(?: [^>]*)?>([^<]*)</${element}>`, 'g'))].map(
    ([, text = '']) => text,
  );
}

function refusal(format: EInvoiceFormat, draft: Draft): string {
  try {
    render(format, draft);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'e_invoice_not_possible') return error.message;
    throw error;
  }
  return 'none';
}

describe('an e-invoice', () => {
  it('has the same bytes when it is rendered again', () => {
    for (const draft of Object.values(examples)) expect(render('cii', draft)).toBe(render('cii', draft));
  });

  it('has the same number, totals, groups and lines in either syntax', () => {
    for (const [name, draft] of Object.entries(examples)) {
      const ubl = render('ubl', draft);
      const cii = render('cii', draft);
      const pairs = [
        ['cbc:LineExtensionAmount', 'ram:LineTotalAmount'],
        ['cbc:PayableAmount', 'ram:DuePayableAmount'],
        ['cbc:TaxInclusiveAmount', 'ram:GrandTotalAmount'],
        ['cbc:TaxExclusiveAmount', 'ram:TaxBasisTotalAmount'],
        ['cbc:TaxableAmount', 'ram:BasisAmount'],
        ['cbc:PriceAmount', 'ram:ChargeAmount'],
        ['cbc:TaxExemptionReasonCode', 'ram:ExemptionReasonCode'],
      ] as const;
      for (const [one, other] of pairs) {
        // A percentage's base has the name of a group's base in CII.
        const bases = one === 'cbc:TaxableAmount' ? textsOf(ubl, 'cbc:BaseAmount') : [];
        expect([name, one, [...textsOf(ubl, one), ...bases].toSorted()]).toEqual([
          name,
          one,
          textsOf(cii, other).toSorted(),
        ]);
      }
      expect(cii).toContain(`<ram:ID>${textsOf(ubl, 'cbc:ID')[0]}</ram:ID>`);
    }
  });

  it('asks to be paid under the creditor reference, and under its number where it has none', () => {
    const draft: Draft = {
      kind: 'invoice',
      currency: 'EUR',
      lines: [{ quantity: 1, unitPrice: 500, tax: { category: 'S', rate: '20' } }],
    };
    const before: Draft = { ...draft, head: { creditorReference: undefined } };
    expect(textsOf(render('ubl', draft), 'cbc:PaymentID')).toEqual(['RF94INV2026000001']);
    expect(textsOf(render('cii', draft), 'ram:PaymentReference')).toEqual(['RF94INV2026000001']);
    expect(textsOf(render('ubl', before), 'cbc:PaymentID')).toEqual(['INV-2026-000001']);
  });

  it('says what it is: an invoice, a deposit or a credit note', () => {
    expect(textsOf(render('ubl', example('counter sale')), 'cbc:InvoiceTypeCode')).toEqual(['380']);
    expect(textsOf(render('ubl', example('deposit invoice')), 'cbc:InvoiceTypeCode')).toEqual(['386']);
    expect(textsOf(render('ubl', example('credit note in full')), 'cbc:CreditNoteTypeCode')).toEqual(['381']);
  });

  it('takes deposits off as lines of a negative quantity', () => {
    const xml = render('ubl', example('final invoice with deposits deducted'));
    expect(textsOf(xml, 'cbc:InvoicedQuantity')).toEqual(['4', '1', '-1']);
    expect(textsOf(xml, 'cbc:LineExtensionAmount')).toEqual(['40.00', '50.00', '10.00', '-20.00']);
    expect(textsOf(xml, 'cbc:PayableAmount')).toEqual(['46.50']);
  });

  it("tells an early-payment discount in XRechnung's own syntax", () => {
    const xml = render('xrechnung', example('2/10 net 30'));
    expect(xml).toContain('Zahlung bis 2026-03-13.\n#SKONTO#TAGE=10#PROZENT=2.00#\n</cbc:Note>');
    expect(render('ubl', example('2/10 net 30'))).not.toContain('#SKONTO');
  });

  it('writes yen without digits after the point and dinars with two', () => {
    expect(textsOf(render('ubl', example('Japanese yen')), 'cbc:PayableAmount')).toEqual(['7136']);
    expect(textsOf(render('ubl', example('Bahraini dinar in tens of fils')), 'cbc:PayableAmount')).toEqual([
      '123.45',
    ]);
  });

  it('is refused for an amount with a third digit after the point', () => {
    const fils = { ...example('Bahraini dinar in tens of fils') };
    expect(
      refusal('ubl', {
        ...fils,
        lines: [{ quantity: 1, unitPrice: 12_345, tax: { category: 'G', rate: '0' } }],
      }),
    ).toContain('12.345 BHD');
  });

  it('is refused for sales tax of several jurisdictions', () => {
    const tax: TaxTreatment = {
      category: 'S',
      rate: '8.5',
      jurisdictions: [{ name: 'California', rate: '8.5' }],
    };
    expect(
      refusal('ubl', { kind: 'invoice', currency: 'USD', lines: [{ quantity: 1, unitPrice: 100, tax }] }),
    ).toContain('sales tax');
  });

  it('is refused where a VAT id is missing that the category asks for', () => {
    const { vatId: _, ...withoutVatId } = buyer('FR');
    expect(
      refusal('cii', {
        ...example('intra-community supply (K)'),
        kind: 'invoice',
        head: { buyer: withoutVatId },
      }),
    ).toContain("an intra-community supply needs the buyer's VAT id");
  });

  it('is refused when it mixes what is outside the scope of VAT with other supplies', () => {
    expect(
      refusal('cii', {
        kind: 'invoice',
        currency: 'EUR',
        lines: [
          { quantity: 1, unitPrice: 100, tax: { category: 'O', rate: '0' } },
          { quantity: 1, unitPrice: 100, tax: { category: 'S', rate: '20' } },
        ],
      }),
    ).toContain('BR-O-11');
  });

  it('goes into the Peppol network only to who has an address there, and by mail otherwise', () => {
    const { vatId: _, ...unknown } = buyer('GB');
    const draft: Draft = { ...example('standard invoice'), kind: 'invoice', head: { buyer: unknown } };
    expect(refusal('ubl', draft)).toContain('the buyer has no address in the Peppol network');
    expect(render('cii', draft)).toContain('<ram:URIID schemeID="EM">orders@harbour.example</ram:URIID>');
  });

  it('is refused as XRechnung without what German authorities ask for', () => {
    const draft: Draft = {
      kind: 'invoice',
      currency: 'EUR',
      seller: { ...sellers.DE, phone: undefined },
      lines: [{ quantity: 1, unitPrice: 100, tax: { category: 'S', rate: '19' } }],
      head: { buyer: buyer('US') },
    };
    expect(refusal('xrechnung', draft)).toContain(
      "the seller's telephone number and the buyer's city and the buyer's post code",
    );
  });

  it('keeps markup and characters that XML forbids out of its text', () => {
    const draft: Draft = {
      kind: 'invoice',
      currency: 'GBP',
      lines: [
        {
          quantity: 1,
          unitPrice: 1,
          tax: { category: 'Z', rate: '0' },
          description: 'A <b> & "c"\u0007\ud800',
        },
      ],
    };
    expect(render('ubl', draft)).toContain('<cbc:Name>A &lt;b&gt; &amp; &quot;c&quot;\ufffd</cbc:Name>');
  });
});
