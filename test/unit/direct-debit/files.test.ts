import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import {
  type AchDebit,
  AchItem,
  DirectDebit,
  filesOf,
  partOf,
  type SepaDebit,
  SepaItem,
  sumOf,
  withItems,
} from '#shared/direct-debit/direct-debit.ts';
import { nacha } from '#shared/direct-debit/nacha.ts';
import { pain008 } from '#shared/direct-debit/pain-008.ts';
import { sepaText } from '#shared/direct-debit/sepa-text.ts';
import { dataFolder } from '#test/builders/data-folder.ts';

const schemas = join(dataFolder, 'iso20022-xsd');
const versions = ['pain.008.001.02', 'pain.008.001.08'] as const;

const shared = {
  endToEndId: 'D0123456789ABCD',
  invoiceId: 'inv_01k0000000000000000000000b',
  number: 'INV-2026-000001',
  customerId: 'cus_harbour',
  signedOn: '2026-01-15',
  mandateId: 'M-1042',
  remittance: 'INV-2026-000001',
};

const run = {
  directDebitId: 'ddb_01k0000000000000000000000e',
  status: 'ready',
  collectOn: '2026-04-02',
  createdAt: '2026-03-12T09:30:00.000Z',
  createdBy: 'finance@example.com',
  version: 1,
};

const oneOf = <const T>(...values: readonly T[]) => fc.constantFrom(...values);

const sepaItem = fc
  .record({
    amount: fc.integer({ min: 1, max: 99_999_999_999 }),
    scheme: oneOf('CORE', 'B2B'),
    sequence: oneOf('FRST', 'RCUR', 'OOFF'),
    name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 }),
    bic: oneOf(undefined, 'COBADEFFXXX'),
  })
  .map((item) => SepaItem.parse({ ...shared, iban: 'DE89370400440532013000', ...item }));

const achItem = fc
  .record({
    amount: fc.integer({ min: 1, max: 9_999_999_999 }),
    scheme: oneOf('CCD', 'PPD'),
    accountKind: oneOf('checking', 'savings'),
    routingNumber: oneOf('021000021', '121000358', '011401533', '991000003'),
    account: fc.stringMatching(/^[A-Za-z0-9-]{1,17}$/),
    name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  })
  .map((item) => AchItem.parse({ ...shared, ...item }));

function sepaRun(items: readonly SepaItem[], message: (typeof versions)[number]): SepaDebit {
  const made = DirectDebit.parse({
    ...run,
    format: 'sepa',
    message,
    batchBooking: true,
    currency: 'EUR',
    count: items.length,
    total: sumOf(items),
    batches: withItems([], items, 0),
    creditor: {
      name: 'Elster Händler & Söhne',
      iban: 'DE89370400440532013000',
      bic: 'COBADEFFXXX',
      creditorId: 'DE98ZZZ09999999999',
    },
  });
  if (made.format !== 'sepa') throw new Error('not a SEPA run');
  return made;
}

function achRun(items: readonly AchItem[]): AchDebit {
  const made = DirectDebit.parse({
    ...run,
    format: 'nacha',
    currency: 'USD',
    count: items.length,
    total: sumOf(items),
    batches: withItems([], items, 0),
    originator: {
      name: 'Albion Gifts Inc.',
      destination: '021000021',
      destinationName: 'JPMorgan Chase',
      companyId: '1123456789',
    },
  });
  if (made.format !== 'nacha') throw new Error('not an ACH run');
  return made;
}

const textsOf = (xml: string, element: string) =>
  [...xml.matchAll(new RegExp(`<${element}(?: [^>]*)?>([^<]*)<`, 'g'))].map(([, text = '']) => text);

const cents = (text: string) => BigInt(text.replace('.', ''));

describe('a SEPA direct debit file', () => {
  it.skipIf(!existsSync(schemas)).each(versions)('%s is valid by its schema, and adds up', (message) => {
    const schema = XmlDocument.fromBuffer(readFileSync(join(schemas, `${message}.xsd`)));
    const validator = XsdValidator.fromDoc(schema);
    fc.assert(
      fc.property(fc.array(sepaItem, { minLength: 1, maxLength: 20 }), (items) => {
        const xml = pain008(sepaRun(items, message), items);
        const document = XmlDocument.fromString(xml);
        validator.validate(document);
        document.dispose();
        const [total = '', ...parts] = textsOf(xml, 'CtrlSum').map(cents);
        const [count, ...counts] = textsOf(xml, 'NbOfTxs').map(Number);
        expect(total).toBe(BigInt(sumOf(items)));
        expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(total);
        expect(
          textsOf(xml, 'InstdAmt')
            .map(cents)
            .reduce((sum, part) => sum + part, 0n),
        ).toBe(total);
        expect(count).toBe(items.length);
        expect(counts.reduce((sum, part) => sum + part, 0)).toBe(count);
        expect(
          textsOf(xml, 'Nm').every((name) =>
            /^[A-Za-z0-9/\-?:().,'+ ]{1,70}$/.test(name.replaceAll('&apos;', "'")),
          ),
        ).toBe(true);
      }),
      { numRuns: 60 },
    );
    validator.dispose();
    schema.dispose();
  });

  it('keeps first and recurring debits, and the two schemes, apart', () => {
    const items = (['CORE FRST', 'CORE RCUR', 'B2B RCUR', 'CORE FRST'] as const).map((kind) => {
      const [scheme, sequence] = kind.split(' ');
      return SepaItem.parse({
        ...shared,
        iban: 'DE89370400440532013000',
        name: 'A',
        amount: 5,
        scheme,
        sequence,
      });
    });
    const xml = pain008(sepaRun(items, 'pain.008.001.08'), items);
    expect(textsOf(xml, 'SeqTp')).toEqual(['FRST', 'RCUR', 'RCUR']);
    expect(textsOf(xml, 'CtrlSum')).toEqual(['0.20', '0.10', '0.05', '0.05']);
    expect(textsOf(xml, 'PmtInfId')[2]).toBe('01K0000000000000000000000E-3');
  });

  it('is one of several where there are more than a file holds: each names its batches by their place in the run', () => {
    const items = Array.from({ length: 5_001 }, (_, index) =>
      SepaItem.parse({
        ...shared,
        iban: 'DE89370400440532013000',
        bic: 'COBADEFFXXX',
        name: 'N'.repeat(70),
        mandateId: 'M'.repeat(35),
        amount: 99_999_999_999,
        scheme: 'CORE',
        sequence: index === 0 ? 'FRST' : 'RCUR',
      }),
    );
    const whole = sepaRun(items, 'pain.008.001.08');
    expect(filesOf(whole)).toBe(2);
    const [first = '', second = ''] = [1, 2].map((file) =>
      pain008(partOf(whole, file), items.slice((file - 1) * 5_000, file * 5_000), file),
    );
    expect(textsOf(first, 'NbOfTxs')).toEqual(['5000', '1', '4999']);
    expect(textsOf(second, 'NbOfTxs')).toEqual(['1', '1']);
    expect(textsOf(second, 'MsgId')).toEqual(['01K0000000000000000000000E-F2']);
    expect(textsOf(first, 'PmtInfId')).toEqual([
      '01K0000000000000000000000E-1',
      '01K0000000000000000000000E-2',
    ]);
    expect(textsOf(second, 'PmtInfId')).toEqual(['01K0000000000000000000000E-3']);
    // An answer of a function is 6 MB at most, of which its text is JSON: this is the longest that there is.
    expect(Buffer.byteLength(JSON.stringify(first))).toBeLessThan(6_000_000);
  });

  it('asks the bank to book each payment information as one sum, or not to', () => {
    const items = fc.sample(sepaItem, { numRuns: 1, seed: 1 });
    const made = sepaRun(items, 'pain.008.001.08');
    expect(textsOf(pain008(made, items), 'BtchBookg')).toEqual(['true']);
    expect(textsOf(pain008({ ...made, batchBooking: false }, items), 'BtchBookg')).toEqual(['false']);
  });

  it('is not written of other items than the run was made of', () => {
    const items = fc.sample(sepaItem, { numRuns: 2, seed: 1 });
    expect(() => pain008(sepaRun(items, 'pain.008.001.02'), items.slice(1))).toThrow(RangeError);
  });
});

describe('a name in the characters of SEPA', () => {
  it.each([
    ['Müller & Söhne GmbH', 'Mueller + Soehne GmbH'],
    ['Straße Ægir Ørsted Łódź', 'Strasse Aegir Orsted Lodz'],
    ['Αθήνα ΑΕ', 'Athina AE'],
    ['София ООД', 'Sofiya OOD'],
    ['Ça va, José?', 'Ca va, Jose?'],
    ['東京', '..'],
    [' ', 'NOTPROVIDED'],
  ])('%s is %s', (name, written) => {
    expect(sepaText(name, 70)).toBe(written);
  });
});

describe('a NACHA file', () => {
  it('has 94 columns in blocks of ten lines, and its counts, hashes and totals are right', () => {
    fc.assert(
      fc.property(fc.array(achItem, { minLength: 1, maxLength: 40 }), (items) => {
        const lines = nacha(achRun(items), items).split('\n').slice(0, -1);
        expect(lines.filter(({ length }) => length !== 94)).toEqual([]);
        expect(lines.length % 10).toBe(0);
        const entries = lines.filter((line) => line.startsWith('6'));
        const hash = entries.reduce((sum, line) => sum + Number(line.slice(3, 11)), 0);
        const debits = entries.reduce((sum, line) => sum + BigInt(line.slice(29, 39)), 0n);
        const control = lines.find((line) => /^9(?!9{93})/.test(line)) ?? '';
        expect(Number(control.slice(7, 13))).toBe(lines.length / 10);
        expect(Number(control.slice(13, 21))).toBe(items.length);
        expect(Number(control.slice(21, 31))).toBe(hash % 10_000_000_000);
        expect(BigInt(control.slice(31, 43))).toBe(debits);
        const controls = lines.filter((line) => line.startsWith('8'));
        expect(controls.reduce((sum, line) => sum + BigInt(line.slice(20, 32)), 0n)).toBe(debits);
        expect(Number(control.slice(1, 7))).toBe(controls.length);
        expect(new Set(entries.map((line) => line.slice(79))).size).toBe(items.length);
      }),
    );
  });

  it('holds a batch of 90 debits: 94 lines and six of filling, by the columns of its controls', () => {
    const items = Array.from({ length: 90 }, (_, index) =>
      AchItem.parse({
        ...shared,
        amount: 10_000 + index,
        scheme: 'PPD',
        routingNumber: '121000358',
        account: String(1_000 + index),
        accountKind: 'checking',
        name: `Payer ${index + 1}`,
      }),
    );
    const lines = nacha(achRun(items), items).split('\n').slice(0, -1);
    expect(lines).toHaveLength(100);
    // 90 × 12100035 is 1089003150; the cents are 90 × 10000 and 0 to 89.
    expect(lines[92]).toBe(
      `822500009010890031500000009040050000000000001123456789${' '.repeat(25)}021000020000001`,
    );
    expect(lines[93]).toBe(`9000001000010000000901089003150000000904005000000000000${' '.repeat(39)}`);
    expect(lines.slice(94)).toEqual(Array.from({ length: 6 }, () => '9'.repeat(94)));
    expect(lines[91]?.slice(79)).toBe('021000020000090');
  });

  it('writes a debit of USD 120.00 from a checking account as the rules lay it out', () => {
    const item = AchItem.parse({
      ...shared,
      amount: 12_000,
      scheme: 'CCD',
      routingNumber: '121000358',
      account: '000123456789',
      accountKind: 'checking',
      name: 'Harbour Books',
    });
    expect(
      nacha(achRun([item]), [item])
        .split('\n')
        .slice(0, 5),
    ).toEqual([
      '101 02100002111234567892603120930A094101JPMORGAN CHASE         ALBION GIFTS INC.              ',
      '5225ALBION GIFTS INC                    1123456789CCDINVOICES        260402   1021000020000001',
      '627121000358000123456789     0000012000D0123456789ABCDHARBOUR BOOKS           0021000020000001',
      '822500000100121000350000000120000000000000001123456789                         021000020000001',
      `9000001000001000000010012100035000000012000000000000000${' '.repeat(39)}`,
    ]);
  });
});
