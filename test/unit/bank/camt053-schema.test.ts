import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { StatementEntry, StatementHeader } from '#shared/bank/bank-statement.ts';
import { dataFolder } from '#test/builders/data-folder.ts';
import { readWhole } from '../../builders/read-whole.ts';
import { camt053, camtEntry } from '../../builders/statement-files.ts';

const folder = join(dataFolder, 'iso20022-xsd');
const absent = existsSync(folder)
  ? ''
  : ` (skipped: no ${folder}; set O2C_DATA to the folder with the schemas)`;

const header = StatementHeader.parse({
  account: { iban: 'GB33BUKB20201555555555' },
  currency: 'EUR',
  statementId: '71',
  openingOn: '2026-03-31',
  openingBalance: -5_000,
  closingOn: '2026-03-31',
  closingBalance: 7_345,
});
const entry = StatementEntry.parse({
  line: 1,
  bookedOn: '2026-03-31',
  valueOn: '2026-04-01',
  amount: 12_345,
  currency: 'EUR',
  bankReference: 'B-1',
  endToEndId: 'E-1',
  mandateId: 'M-1',
  creditorReference: 'RF18539007547034',
  text: 'Invoice 17 & 18',
  counterparty: { name: 'Anna Berg', iban: 'DE89370400440532013000', bic: 'COBADEFFXXX' },
  code: 'NTRF',
});

// What the tests read is what the official schemas allow, so that reading it back means something.
describe.skipIf(absent)(`camt.053 as tests write it${absent}`, () => {
  it.each(['02', '03', '04', '08'] as const)(
    'version %s is valid by its schema and read as written',
    async (version) => {
      const file = [...camt053(header, [camtEntry(entry, version)], version)].join('');
      const schema = XsdValidator.fromDoc(
        XmlDocument.fromBuffer(readFileSync(join(folder, `camt.053.001.${version}.xsd`))),
      );
      const document = XmlDocument.fromString(file);
      expect(() => schema.validate(document)).not.toThrow();
      document.dispose();
      schema.dispose();
      expect(await readWhole('camt.053', file)).toEqual([{ header, entries: [entry], sum: 12_345 }]);
    },
  );
});
