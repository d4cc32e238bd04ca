import { deflateSync } from 'node:zlib';
import type { EInvoiceFile } from './e-invoice.ts';
import { FACTUR_X_FILE, facturXMetadata } from './factur-x-metadata.ts';
import { PdfUpdate } from './pdf-update.ts';
import { renderXml } from './render-xml.ts';

/**
 * `pdf`, the same document in PDF/A-3b as `shared/document` renders it, with the invoice in CII attached as what says
 * the same as the pages (relationship Alternative): Factur-X 1.0 and ZUGFeRD 2, profile EN 16931. The same record and
 * PDF give the same bytes.
 * @throws DomainError `e_invoice_not_possible` when EN 16931 has no form for the document
 * @throws Error when `pdf` is not PDF/A-3 as this system writes it
 */
export function renderFacturX(file: EInvoiceFile, pdf: Uint8Array): Buffer {
  const xml = Buffer.from(renderXml('cii', file).content);
  const update = new PdfUpdate(pdf);
  const catalog = update.dictionary(update.catalog);
  const metadataId = referenceOf(catalog, 'Metadata');
  const metadata = update.stream(metadataId).toString();
  if (!/<pdfaid:part>3<\/pdfaid:part>/.test(metadata)) {
    throw new Error('only PDF/A-3 may carry an invoice: render it as archival');
  }

  const embedded = update.newObject();
  update.putStream(
    embedded,
    `\n/Type /EmbeddedFile\n/Subtype /text#2Fxml\n/Params << /Size ${xml.length} /ModDate ${pdfDate(file.document.issuedAt)} >>\n/Filter /FlateDecode`,
    deflateSync(xml),
  );
  const specification = update.newObject();
  update.putDictionary(
    specification,
    `\n/Type /Filespec\n/F (${FACTUR_X_FILE})\n/UF (${FACTUR_X_FILE})\n/Desc (Invoice in XML, EN 16931)\n/AFRelationship /Alternative\n/EF << /F ${embedded} 0 R /UF ${embedded} 0 R >>\n`,
  );
  const namesId = referenceOf(catalog, 'Names');
  const files = `/EmbeddedFiles << /Names [(${FACTUR_X_FILE}) ${specification} 0 R] >>\n`;
  update.putDictionary(namesId, `${update.dictionary(namesId)}${files}`);
  update.putDictionary(update.catalog, `${catalog}/AF [${specification} 0 R]\n`);
  update.putStream(
    metadataId,
    '\n/Type /Metadata\n/Subtype /XML',
    Buffer.from(metadata.replace('</rdf:RDF>', () => `${facturXMetadata()}</rdf:RDF>`)),
  );
  return update.finish();
}

function referenceOf(dictionary: string, key: string): number {
  const id = new RegExp(`/${key} (\\d+) 0 R`).exec(dictionary)?.[1];
  if (id === undefined) throw new Error(`the catalog of the PDF has no ${key}`);
  return Number(id);
}

function pdfDate(instant: string): string {
  return `(D:${instant.replace(/\D/g, '').slice(0, 14)}Z)`;
}
