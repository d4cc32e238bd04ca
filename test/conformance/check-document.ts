import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XmlDocument, XmlValidateError, XsdValidator } from 'libxml2-wasm';
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';
import SaxonJS from 'saxon-js';
import { dataFolder } from '../builders/data-folder.ts';
import { type CompiledRules, type RuleSet } from './rules.ts';

/** A rule that a document breaks. */
type Finding = { readonly rule: string; readonly text: string };

/** What the official rules and the schema say of a document: valid when `failed` and `schema` are empty. */
export type Verdict = {
  readonly failed: readonly Finding[];
  readonly warnings: readonly Finding[];
  readonly schema: readonly string[];
};

export type Checker = (xml: string, sets?: readonly RuleSet[]) => Verdict;

/** A function that checks UBL documents one after another, with everything it needs loaded once. */
export function checker(rules: CompiledRules): Checker {
  const sheets = {
    en16931: JSON.parse(readFileSync(rules.en16931, 'utf8')),
    peppol: JSON.parse(readFileSync(rules.peppol, 'utf8')),
  } as const satisfies Record<RuleSet, unknown>;
  xmlRegisterFsInputProviders();
  const schemas = { Invoice: schemaOf('Invoice'), CreditNote: schemaOf('CreditNote') };
  return (xml, sets = ['en16931', 'peppol']) => {
    const findings = sets.flatMap((set) => findingsOf(sheets[set], xml));
    const schema = /<(?:\w+:)?CreditNote[\s>]/.test(xml) ? schemas.CreditNote : schemas.Invoice;
    return {
      failed: findings.filter(({ flag }) => flag !== 'warning'),
      warnings: findings.filter(({ flag }) => flag === 'warning'),
      schema: schemaErrors(schema, xml),
    };
  };
}

function findingsOf(stylesheetInternal: unknown, xml: string): (Finding & { flag: string })[] {
  const report = SaxonJS.transform(
    { stylesheetInternal, sourceText: xml, destination: 'serialized' },
    'sync',
  ).principalResult;
  if (!report.includes('fired-rule')) throw new Error('no rule fired: this is no document of UBL');
  return [...report.matchAll(/<svrl:failed-assert([^>]*)>([\s\S]*?)<\/svrl:failed-assert>/g)].map(
    ([, attributes = '', body = '']) => ({
      rule: /\bid="([^"]*)"/.exec(attributes)?.[1] ?? 'unnamed',
      flag: /\bflag="([^"]*)"/.exec(attributes)?.[1] ?? 'fatal',
      text: body
        .replace(/<[^>]*>/g, '')
        .replace(/\s+/g, ' ')
        .trim(),
    }),
  );
}

function schemaOf(root: 'Invoice' | 'CreditNote'): XsdValidator {
  const path = join(dataFolder, `ubl21-xsd/xsdrt/maindoc/UBL-${root}-2.1.xsd`);
  return XsdValidator.fromDoc(XmlDocument.fromBuffer(readFileSync(path), { url: path }));
}

function schemaErrors(schema: XsdValidator, xml: string): string[] {
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
}
