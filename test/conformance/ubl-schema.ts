import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XmlDocument, XmlValidateError, XsdValidator } from 'libxml2-wasm';
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';
import { dataFolder } from '../builders/data-folder.ts';

type Root = 'Invoice' | 'CreditNote' | 'Order' | 'OrderResponse';

const pathOf = (root: Root) => join(dataFolder, `ubl21-xsd/xsdrt/maindoc/UBL-${root}-2.1.xsd`);

/** Whether the schemas of UBL 2.1 are on this machine. */
export const hasUblSchemas = existsSync(pathOf('Order'));

let registered = false;

/** A check of documents against the official schema of UBL 2.1. @returns what it says against them; nothing when valid */
export function ublSchema(root: Root): (xml: string) => string[] {
  if (!registered) xmlRegisterFsInputProviders();
  registered = true;
  const path = pathOf(root);
  const schema = XsdValidator.fromDoc(XmlDocument.fromBuffer(readFileSync(path), { url: path }));
  return (xml) => {
    const document = XmlDocument.fromString(xml);
    try {
      schema.validate(document);
      return [];
    } catch (error) {
      if (!(error instanceof XmlValidateError)) throw error;
      return [error.message];
    } finally {
      document.dispose();
    }
  };
}
