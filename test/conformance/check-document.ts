import { readFileSync } from 'node:fs';
import SaxonJS from 'saxon-js';
import { type CompiledRules, type RuleSet } from './rules.ts';
import { ublSchema } from './ubl-schema.ts';

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
  const schemas = { Invoice: ublSchema('Invoice'), CreditNote: ublSchema('CreditNote') };
  return (xml, sets = ['en16931', 'peppol']) => {
    const findings = sets.flatMap((set) => findingsOf(sheets[set], xml));
    const schema = /<(?:\w+:)?CreditNote[\s>]/.test(xml) ? schemas.CreditNote : schemas.Invoice;
    return {
      failed: findings.filter(({ flag }) => flag !== 'warning'),
      warnings: findings.filter(({ flag }) => flag === 'warning'),
      schema: schema(xml),
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
