import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { CreditTransfer, CreditTransferItem } from '#shared/credit-transfer/credit-transfer.ts';
import { type TransferFile, transferFile } from '#shared/credit-transfer/transfer-file.ts';
import { dataFolder } from '#test/builders/data-folder.ts';

const schemas = join(dataFolder, 'iso20022-xsd');
const versions = ['pain.001.001.03', 'pain.001.001.09'] as const;

const item = {
  endToEndId: 'R0123456789ABCD',
  ordinal: 1,
  paymentId: 'pay_01k0000000000000000000000b',
  told: '000002',
  customerId: 'cus_elster',
  amount: 10_005,
  payee: {
    kind: 'iban',
    iban: 'DE02120300000000202051',
    bic: 'BYLADEM1001',
    name: 'Elster Händler & Söhne',
    from: 'bank_line',
  },
  remittance: 'Erstattung INV-2026-000001',
};
const american = {
  kind: 'ach',
  routingNumber: '021000021',
  account: '123456789',
  accountKind: 'checking',
  scheme: 'CCD',
  name: 'Harbor Books Inc.',
  from: 'request',
};

const run = {
  creditTransferId: 'ctr_01k0000000000000000000000e',
  bankAccountId: 'main',
  status: 'ready',
  executeOn: '2026-04-02',
  createdAt: '2026-04-01T09:30:00.000Z',
  createdBy: 'finance@example.com',
  version: 3,
};
const debtor = { name: 'Albion Gifts Limited', iban: 'DE89370400440532013000', bic: 'COBADEFFXXX' };
const originator = {
  name: 'Albion Gifts Inc.',
  destination: '021000021',
  destinationName: 'JPMorgan Chase',
  companyId: '1123456789',
};

function fileOf(of: object, given: readonly object[]): TransferFile {
  const items = given.map((each, index) => CreditTransferItem.parse({ ...each, ordinal: index + 1 }));
  const total = items.reduce((sum, { amount }) => sum + amount, 0);
  return { run: CreditTransfer.parse({ ...run, count: items.length, total, ...of }), items };
}
const iso = (items: readonly object[], more = {}) =>
  fileOf({ format: 'iso20022', message: 'pain.001.001.09', currency: 'EUR', debtor, ...more }, items);
const ach = (items: readonly object[]) => fileOf({ format: 'nacha', currency: 'USD', originator }, items);
const textOf = (file: TransferFile) =>
  transferFile(file, file.run.format === 'nacha' ? 'text/plain' : 'application/xml')?.content ?? '';

describe('a credit transfer file by ISO 20022', () => {
  it('says who pays whom what', () => {
    expect(textOf(iso([item]))).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">
  <CstmrCdtTrfInitn>
    <GrpHdr>
      <MsgId>01K0000000000000000000000E</MsgId>
      <CreDtTm>2026-04-01T09:30:00.000Z</CreDtTm>
      <NbOfTxs>1</NbOfTxs>
      <CtrlSum>100.05</CtrlSum>
      <InitgPty>
        <Nm>Albion Gifts Limited</Nm>
      </InitgPty>
    </GrpHdr>
    <PmtInf>
      <PmtInfId>01K0000000000000000000000E-1</PmtInfId>
      <PmtMtd>TRF</PmtMtd>
      <BtchBookg>false</BtchBookg>
      <NbOfTxs>1</NbOfTxs>
      <CtrlSum>100.05</CtrlSum>
      <PmtTpInf>
        <SvcLvl>
          <Cd>SEPA</Cd>
        </SvcLvl>
      </PmtTpInf>
      <ReqdExctnDt>
        <Dt>2026-04-02</Dt>
      </ReqdExctnDt>
      <Dbtr>
        <Nm>Albion Gifts Limited</Nm>
      </Dbtr>
      <DbtrAcct>
        <Id>
          <IBAN>DE89370400440532013000</IBAN>
        </Id>
        <Ccy>EUR</Ccy>
      </DbtrAcct>
      <DbtrAgt>
        <FinInstnId>
          <BICFI>COBADEFFXXX</BICFI>
        </FinInstnId>
      </DbtrAgt>
      <ChrgBr>SLEV</ChrgBr>
      <CdtTrfTxInf>
        <PmtId>
          <EndToEndId>R0123456789ABCD</EndToEndId>
        </PmtId>
        <Amt>
          <InstdAmt Ccy="EUR">100.05</InstdAmt>
        </Amt>
        <CdtrAgt>
          <FinInstnId>
            <BICFI>BYLADEM1001</BICFI>
          </FinInstnId>
        </CdtrAgt>
        <Cdtr>
          <Nm>Elster Haendler + Soehne</Nm>
        </Cdtr>
        <CdtrAcct>
          <Id>
            <IBAN>DE02120300000000202051</IBAN>
          </Id>
        </CdtrAcct>
        <RmtInf>
          <Ustrd>Erstattung INV-2026-000001</Ustrd>
        </RmtInf>
      </CdtTrfTxInf>
    </PmtInf>
  </CstmrCdtTrfInitn>
</Document>
`);
  });

  it('is .03 by its own names, and without what is not known of a bank', () => {
    const { bic: _bic, ...payee } = item.payee;
    const { bic: _own, ...nameless } = debtor;
    const text = textOf(iso([{ ...item, payee }], { message: 'pain.001.001.03', debtor: nameless }));
    expect(text).toContain('<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03">');
    expect(text).toContain('<ReqdExctnDt>2026-04-02</ReqdExctnDt>');
    expect(text).toContain('<Id>NOTPROVIDED</Id>');
    expect(text).not.toContain('CdtrAgt');
    expect(text).not.toContain('BIC');
    expect(textOf(iso([item], { message: 'pain.001.001.03' }))).toContain('<BIC>BYLADEM1001</BIC>');
  });

  it('in other currencies is no SEPA transfer, and has their digits', () => {
    const pounds = textOf(iso([item], { currency: 'GBP' }));
    expect(pounds).toContain('<ChrgBr>SHAR</ChrgBr>');
    expect(pounds).not.toContain('SEPA');
    expect(textOf(iso([item], { currency: 'JPY' }))).toContain('<InstdAmt Ccy="JPY">10005</InstdAmt>');
    expect(textOf(iso([item], { currency: 'BHD' }))).toContain('<CtrlSum>10.005</CtrlSum>');
  });

  const anyItem = fc
    .record({
      amount: fc.integer({ min: 1, max: 99_999_999_999 }),
      name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((name) => name.trim() !== ''),
      remittance: fc.string({ unit: 'grapheme', maxLength: 150 }),
      bic: fc.constantFrom(undefined, 'COBADEFFXXX'),
    })
    .map(({ amount, name, remittance, bic }) => {
      const payee = { kind: 'iban', iban: item.payee.iban, from: 'request', name: name.slice(0, 70) };
      return { ...item, amount, remittance, payee: { ...payee, ...(bic !== undefined && { bic }) } };
    });

  it.each(versions)('%s adds up, in characters that every bank takes, whatever names say', (message) => {
    fc.assert(
      fc.property(fc.array(anyItem, { minLength: 1, maxLength: 20 }), (items) => {
        const text = textOf(iso(items, { message }));
        const sum = items.reduce((all, { amount }) => all + BigInt(amount), 0n);
        const told = [...text.matchAll(/<CtrlSum>(\d+)\.(\d\d)</g)].map(([, a, b]) => BigInt(`${a}${b}`));
        expect(told).toEqual([sum, sum]);
        expect(text.match(/<NbOfTxs>\d+/g)).toEqual(Array(2).fill(`<NbOfTxs>${items.length}`));
        for (const [, value = ''] of text.matchAll(/<(?:Nm|Ustrd)>([^<]*)</g)) {
          expect(value).toMatch(/^[A-Za-z0-9/\-?:().,'+ ]{1,140}$/);
        }
        for (const [, name = ''] of text.matchAll(/<Nm>([^<]*)</g)) expect(name.length).toBeLessThan(71);
      }),
      { numRuns: 50 },
    );
  });

  it.skipIf(!versions.every((message) => existsSync(join(schemas, `${message}.xsd`)))).each(versions)(
    '%s is valid by its schema',
    (message) => {
      const validator = XsdValidator.fromDoc(
        XmlDocument.fromBuffer(readFileSync(join(schemas, `${message}.xsd`))),
      );
      fc.assert(
        fc.property(
          fc.array(anyItem, { minLength: 1, maxLength: 20 }),
          fc.constantFrom('EUR', 'GBP', 'JPY'),
          (items, currency) => {
            const document = XmlDocument.fromString(textOf(iso(items, { message, currency })));
            expect(() => validator.validate(document)).not.toThrow();
            document.dispose();
          },
        ),
        { numRuns: 50 },
      );
    },
  );

  it('is none while the run is collected, and none of a run whose items are damaged', () => {
    expect(() => textOf(iso([item], { status: 'collecting' }))).toThrow('holds not yet');
    expect(() => textOf(iso([item], { count: 2 }))).toThrow('has other items than 2');
  });
});

describe('a credit transfer file by Nacha', () => {
  it('credits accounts, line by line', () => {
    const person = { ...american, scheme: 'PPD', accountKind: 'savings', name: 'Zoë Quill' };
    const lines = textOf(
      ach([
        { ...item, payee: american },
        { ...item, endToEndId: 'R0123456789ABCE', amount: 1, payee: person },
      ]),
    ).split('\n');
    expect(lines).toEqual([
      '101 02100002111234567892604010930A094101JPMORGAN CHASE         ALBION GIFTS INC.              ',
      '5220ALBION GIFTS INC                    1123456789CCDREFUND          260402   1021000020000001',
      '622021000021123456789        0000010005R0123456789ABCDHARBOR BOOKS INC.       0021000020000001',
      '822000000100021000020000000000000000000100051123456789                         021000020000001',
      '5220ALBION GIFTS INC                    1123456789PPDREFUND          260402   1021000020000002',
      '632021000021123456789        0000000001R0123456789ABCEZOE QUILL               0021000020000002',
      '822000000100021000020000000000000000000000011123456789                         021000020000002',
      '9000002000001000000020004200004000000000000000000010006                                       ',
      '9'.repeat(94),
      '9'.repeat(94),
      '',
    ]);
  });
});
