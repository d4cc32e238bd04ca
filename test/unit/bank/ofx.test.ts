import { describe, expect, it } from 'vitest';
import { detectFormat } from '#shared/bank/read-statements.ts';
import { readWhole } from '../../builders/read-whole.ts';

const sgml = `OFXHEADER:100
DATA:OFXSGML
VERSION:102
ENCODING:USASCII
CHARSET:1252

<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20260331</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STMTRS><CURDEF>USD
<BANKACCTFROM><BANKID>121000248<ACCTID>000123<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260301<DTEND>20260331
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260310120000[-5:EST]<TRNAMT>250.00<FITID>F1<NAME>Müller &amp; Co<MEMO>Invoice  17</STMTTRN>
<STMTTRN><TRNTYPE>CHECK<DTPOSTED>20260311<TRNAMT>-75.5<FITID>F2<CHECKNUM>1001<MEMO></STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>1174.50<DTASOF>20260331</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
`;
const xml = `<?xml version="1.0" encoding="UTF-8"?><?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE"?>
<OFX><CREDITCARDMSGSRSV1><CCSTMTTRNRS><CCSTMTRS><CURDEF>EUR</CURDEF><CCACCTFROM><ACCTID>DE89370400440532013000</ACCTID></CCACCTFROM>
<BANKTRANLIST><DTSTART>20260301</DTSTART><DTEND>20260331</DTEND><STMTTRN><TRNTYPE>XFER</TRNTYPE><DTPOSTED>20260312</DTPOSTED>
<TRNAMT>+10,25</TRNAMT><FITID>F3</FITID><NAME>Anna Berg</NAME><BANKACCTTO><BANKID>1</BANKID><ACCTID>GB29NWBK60161331926819</ACCTID></BANKACCTTO>
<MEMO>é &#8364;</MEMO></STMTTRN></BANKTRANLIST><LEDGERBAL><BALAMT>-5.00</BALAMT><DTASOF>20260331</DTASOF></LEDGERBAL>
</CCSTMTRS></CCSTMTTRNRS></CREDITCARDMSGSRSV1></OFX>`;

describe('OFX', () => {
  it('is read as SGML, in Windows-1252, without end tags', async () => {
    const bytes = Buffer.from(sgml, 'latin1');
    expect(detectFormat(bytes)).toBe('ofx');
    expect(await readWhole('ofx', bytes)).toEqual([
      {
        header: {
          account: { number: '000123' },
          currency: 'USD',
          statementId: '2026-03-01..2026-03-31',
          openingOn: '2026-03-01',
          openingBalance: 100_000,
          closingOn: '2026-03-31',
          closingBalance: 117_450,
        },
        sum: 17_450,
        entries: [
          {
            line: 1,
            bookedOn: '2026-03-10',
            amount: 25_000,
            currency: 'USD',
            bankReference: 'F1',
            text: 'Invoice 17',
            counterparty: { name: 'Müller & Co' },
            code: 'CREDIT',
          },
          {
            line: 2,
            bookedOn: '2026-03-11',
            amount: -7_550,
            currency: 'USD',
            bankReference: 'F2',
            endToEndId: '1001',
            text: '',
            code: 'CHECK',
          },
        ],
      },
    ]);
  });

  it('is read as XML, with the account of the other side', async () => {
    expect(detectFormat(Buffer.from(xml))).toBe('ofx');
    const [read] = await readWhole('ofx', xml);
    expect([read?.header.openingBalance, read?.header.closingBalance, read?.header.account]).toEqual([
      -1_525,
      -500,
      { iban: 'DE89370400440532013000' },
    ]);
    expect(read?.entries).toEqual([
      {
        line: 1,
        bookedOn: '2026-03-12',
        amount: 1_025,
        currency: 'EUR',
        bankReference: 'F3',
        text: 'é €',
        counterparty: { name: 'Anna Berg', iban: 'GB29NWBK60161331926819' },
        code: 'XFER',
      },
    ]);
  });

  it('reads alike wherever its pieces end', async () => {
    for (const file of [Buffer.from(sgml, 'latin1'), xml]) {
      const whole = await readWhole('ofx', file);
      for (const size of [1, 2, 5, 33]) expect(await readWhole('ofx', file, { size })).toEqual(whole);
    }
  });

  it('ties with an opening balance that is known', async () => {
    expect(await readWhole('ofx', xml, { openingBalance: -1_525 })).toHaveLength(1);
    await expect(readWhole('ofx', xml, { openingBalance: -1_524 })).rejects.toThrow(
      'make EUR -4.99, but the closing balance is EUR -5.00',
    );
  });

  it.each([
    [
      'with a DOCTYPE',
      xml.replace('<OFX>', '<!DOCTYPE OFX [<!ENTITY a "b">]><OFX>'),
      'DOCTYPE are not allowed',
    ],
    ['that breaks off', xml.slice(0, xml.indexOf('<LEDGERBAL>')), 'the file ends within <CCSTMTRS>'],
    [
      'that closes what is not open',
      xml.replace('</STMTTRN>', '</PAYEE>'),
      '</PAYEE> closes nothing, <STMTTRN> is open',
    ],
    [
      'without ledger balance',
      xml.replace(/<LEDGERBAL>.*<\/LEDGERBAL>/, ''),
      'has no ledger balance (LEDGERBAL)',
    ],
    ['with half a cent', xml.replace('10,25', '10,255'), '“10.255” is no amount in EUR'],
    ['without account', xml.replace(/<ACCTID>DE.*?<\/ACCTID>/, ''), 'the statement names no account'],
    ['without statement', '<OFX></OFX>', 'the file holds no statement'],
  ])('is refused %s', async (_, file, reason) => {
    await expect(readWhole('ofx', file)).rejects.toMatchObject({
      code: 'statement_invalid',
      message: expect.stringContaining(reason),
    });
  });
});
