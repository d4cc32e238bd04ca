import { writeCii } from './cii.ts';
import { type EInvoiceFile, semanticInvoice } from './e-invoice.ts';
import { writeUbl } from './ubl.ts';

/** `ubl` is Peppol BIS Billing 3, `xrechnung` XRechnung 3.0 in UBL, `cii` EN 16931 in UN/CEFACT's syntax. */
export type EInvoiceFormat = 'ubl' | 'xrechnung' | 'cii';

/** A file to send or to hand out. */
export type RenderedFile = {
  readonly filename: string;
  readonly contentType: string;
  readonly content: string;
};

const billingProcess = 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0';
const en16931 = 'urn:cen.eu:en16931:2017';
const peppol = {
  customizationId: `${en16931}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0`,
  profileId: billingProcess,
};
const xrechnung = {
  customizationId: `${en16931}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0`,
  profileId: billingProcess,
};

/**
 * A frozen document as an electronic invoice. The same record gives the same bytes.
 * @throws DomainError `e_invoice_not_possible` when the format has no form for it; the detail says why
 */
export function renderXml(format: EInvoiceFormat, file: EInvoiceFile): RenderedFile {
  return {
    filename: `${file.document.number.replace(/[^\w.-]/g, '_')}.xml`,
    contentType: 'application/xml',
    content: xmlOf(format, file),
  };
}

function xmlOf(format: EInvoiceFormat, file: EInvoiceFile): string {
  switch (format) {
    case 'ubl':
      return writeUbl(semanticInvoice(file, 'peppol'), peppol);
    case 'xrechnung':
      return writeUbl(semanticInvoice(file, 'xrechnung'), xrechnung);
    case 'cii':
      return writeCii(semanticInvoice(file, 'en16931'), en16931);
    default:
      return format satisfies never;
  }
}
