import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderXml } from '#shared/e-invoice/render-xml.ts';
import { dataFolder } from '../builders/data-folder.ts';
import { type Checker, checker } from './check-document.ts';
import { type Checked, checkOurDocuments, failures, summary } from './conformance.ts';
import { drafted } from './draft.ts';
import { examples } from './examples.ts';
import { compileRules, missingData } from './rules.ts';

const missing = missingData();
/** Compiling takes half a minute alone, and much longer where other tests run beside it. */
const PATIENCE = 400_000;

describe.skipIf(missing !== undefined)(
  `the official rules and schemas${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    let check: Checker;
    let checked: readonly Checked[];
    beforeAll(async () => {
      const started = performance.now();
      checked = await checkOurDocuments();
      console.log(summary(checked, performance.now() - started));
      check = checker(await compileRules());
    }, PATIENCE);

    it('pass every invoice and credit note of ours, 200 generated ones among them', () => {
      expect(failures(checked)).toEqual([]);
      expect(checked.filter(({ kind }) => kind.startsWith('generated'))).toHaveLength(200);
      expect(checked.length).toBeGreaterThanOrEqual(200 + Object.keys(examples).length);
    });

    it('pass the official examples, so that a failure is ours', () => {
      const directory = join(dataFolder, 'en16931/examples');
      const names = readdirSync(directory).filter((name) => name.endsWith('.xml'));
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) {
        const { failed, schema } = check(readFileSync(join(directory, name), 'utf8'), ['en16931']);
        expect({ name, failed, schema }).toEqual({ name, failed: [], schema: [] });
      }
    });

    const rulesBroken = (from: RegExp, to: string) => {
      const { content } = renderXml('ubl', drafted({ ...standard }));
      const broken = content.replace(from, to);
      expect(broken).not.toBe(content);
      return check(broken);
    };
    const standard = examples['standard invoice'] ?? fail();

    it('fail an invoice whose sum is wrong', () => {
      const { failed } = rulesBroken(/(<cbc:TaxInclusiveAmount[^>]*>)60\.00/, '$161.00');
      expect(failed.map(({ rule }) => rule)).toContain('BR-CO-15');
    });

    it('fail an invoice that Peppol alone refuses', () => {
      const { failed } = rulesBroken(/<cbc:ProfileID>[^<]*<\/cbc:ProfileID>\n/, '');
      expect(failed.map(({ rule }) => rule)).toEqual(['PEPPOL-EN16931-R001', 'PEPPOL-EN16931-R007']);
    });

    it('fail an invoice whose elements stand in the wrong order', () => {
      const { schema } = rulesBroken(
        /(<cbc:ID>[^<]*<\/cbc:ID>\n)(\s*<cbc:IssueDate>[^<]*<\/cbc:IssueDate>\n)/,
        '$2$1',
      );
      expect(schema.join()).toContain('This element is not expected');
    });

    it('refuse to judge what is no document of UBL', () => {
      expect(() => check('<order/>')).toThrow('no rule fired');
    });
  },
);

function fail(): never {
  throw new Error('there is no standard invoice among the examples');
}
