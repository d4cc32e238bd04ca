import { describe, expect, it } from 'vitest';
import { StatementHeader, statementKey } from '#shared/bank/bank-statement.ts';
import { readWhole } from '../../builders/read-whole.ts';
import { camt053 } from '../../builders/statement-files.ts';

const header = (closingBalance: number) =>
  StatementHeader.parse({
    account: { iban: 'GB33BUKB20201555555555' },
    currency: 'EUR',
    statementId: 'S-71',
    openingOn: '2026-03-30',
    openingBalance: 100_000,
    closingOn: '2026-03-31',
    closingBalance,
  });

/** A statement of version 8 that opens with EUR 1,000.00. */
const camt = (closing: number, ...entries: string[]) => [...camt053(header(closing), entries, '08')].join('');

const entry = (amount: string, side: string, inner: string, more = '') =>
  `<Ntry><NtryRef>N1</NtryRef><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${side}</CdtDbtInd>${more}<Sts><Cd>BOOK</Cd></Sts>` +
  `<BookgDt><DtTm>2026-03-31T23:30:00+02:00</DtTm></BookgDt><AcctSvcrRef>B-9</AcctSvcrRef>${inner}</Ntry>`;
const details = (...inner: string[]) =>
  `<NtryDtls>${inner.map((one) => `<TxDtls>${one}</TxDtls>`).join('')}</NtryDtls>`;
const part = (ref: string, amount: string) =>
  `<Refs><EndToEndId>${ref}</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">${amount}</Amt></TxAmt></AmtDtls>` +
  `<RmtInf><Ustrd>for ${ref}</Ustrd></RmtInf>`;

describe('an entry of several payments', () => {
  it('is one entry for each, where they make its amount', async () => {
    const file = camt(130_000, entry('300.00', 'CRDT', details(part('A', '100.00'), part('B', '200.00'))));
    const [read] = await readWhole('camt.053', file);
    expect(read?.entries).toEqual([
      {
        line: 1,
        bookedOn: '2026-03-31',
        amount: 10_000,
        currency: 'EUR',
        bankReference: 'B-9',
        endToEndId: 'A',
        text: 'for A',
        batch: 1,
      },
      {
        line: 2,
        bookedOn: '2026-03-31',
        amount: 20_000,
        currency: 'EUR',
        bankReference: 'B-9',
        endToEndId: 'B',
        text: 'for B',
        batch: 2,
      },
    ]);
  });

  it.each([
    ['the payment information', '<Btch><MsgId>M-1</MsgId><PmtInfId>M-1-2</PmtInfId></Btch>', 'M-1-2'],
    ['the message', '<Btch><MsgId>M-1</MsgId></Btch>', 'M-1'],
    ['no file of ours', '<Btch><PmtInfId>NOTPROVIDED</PmtInfId></Btch>', undefined],
  ])('is one of a batch that names %s, where the bank booked the sum alone', async (_, batch, reference) => {
    const file = camt(130_000, entry('300.00', 'CRDT', `<NtryDtls>${batch}</NtryDtls>`));
    const [read] = await readWhole('camt.053', file);
    expect(read?.entries).toHaveLength(1);
    expect(read?.entries[0]?.batchReference).toBe(reference);
  });

  it.each([
    ['do not make its amount', details(part('A', '100.00'), part('B', '199.99'))],
    ['have no amount', details('<RmtInf><Ustrd>for A</Ustrd></RmtInf>', part('B', '300.00'))],
  ])('is one entry with all texts where they %s', async (_, inner) => {
    const [read] = await readWhole('camt.053', camt(130_000, entry('300.00', 'CRDT', inner)));
    expect(read?.entries).toEqual([
      {
        line: 1,
        bookedOn: '2026-03-31',
        amount: 30_000,
        currency: 'EUR',
        bankReference: 'B-9',
        text: 'for A for B',
      },
    ]);
  });
});

describe('a returned direct debit', () => {
  it('goes out, names its reason, its charges and the customer who was to pay', async () => {
    const inner = details(
      '<Refs><EndToEndId>E-1</EndToEndId><MndtId>M-1</MndtId></Refs>' +
        '<Chrgs><Rcrd><Amt Ccy="EUR">3.50</Amt></Rcrd></Chrgs>' +
        '<RltdPties><Dbtr><Pty><Nm>Anna Berg</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>' +
        '<Cdtr><Pty><Nm>Us</Nm></Pty></Cdtr></RltdPties>' +
        '<RltdAgts><DbtrAgt><FinInstnId><BICFI>COBADEFFXXX</BICFI></FinInstnId></DbtrAgt></RltdAgts>' +
        '<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>',
    );
    const [read] = await readWhole(
      'camt.053',
      camt(94_650, entry('53.50', 'DBIT', inner, '<RvslInd>true</RvslInd>')),
    );
    expect(read?.entries[0]).toMatchObject({
      amount: -5_350,
      endToEndId: 'E-1',
      mandateId: 'M-1',
      counterparty: { name: 'Anna Berg', iban: 'DE89370400440532013000', bic: 'COBADEFFXXX' },
      returnReason: 'AC04',
      charges: 350,
    });
  });
});

it('leaves out what is not booked', async () => {
  const pending = entry('5.00', 'CRDT', '').replace('BOOK', 'PDNG');
  const [read] = await readWhole('camt.053', camt(100_100, pending, entry('1.00', 'CRDT', '')));
  expect(read?.entries.map(({ line, amount }) => [line, amount])).toEqual([[1, 100]]);
});

it('gives the same key to the same statement, and another one to another', async () => {
  const key = async (file: string) => {
    const [read] = await readWhole('camt.053', file);
    if (!read) throw new Error('no statement');
    return statementKey({ ...read, entries: read.entries.length });
  };
  const one = camt(100_100, entry('1.00', 'CRDT', ''));
  expect(await key(one)).toBe(await key(one.replace('<MsgId>M1', '<MsgId>M2')));
  expect(await key(one)).not.toBe(await key(one.replaceAll('S-71', 'S-72')));
  expect(await key(one)).toMatch(/^[0-9a-f]{32}$/);
});

describe('a file is refused', () => {
  const good = camt(100_100, entry('1.00', 'CRDT', ''));
  const laughs = `<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>`;
  it.each([
    [
      'with entities of its own',
      good.replace('<Document', `${laughs}<Document`),
      'line 2: a DOCTYPE is not allowed',
    ],
    ['with an unknown entity', good.replace('N1', '&boom;'), 'the XML is malformed'],
    ['that breaks off', good.slice(0, -30), 'the XML is malformed'],
    [
      'of an unknown version',
      good.replace('001.08', '001.13'),
      'line 2: camt.053 version 13 is not read, only 2, 3, 4 and 8',
    ],
    ['of another message', good.replace('camt.053', 'camt.052'), 'line 2: this is no camt.053 document'],
    ['without opening balance', good.replace('OPBD', 'OPAV'), 'has no opening balance (OPBD, PRCD or ITBD)'],
    ['without closing balance', good.replace('CLBD', 'CLAV'), 'has no closing balance (CLBD or ITBD)'],
    ['with half a cent', good.replace('>1.00<', '>1.005<'), 'Ntry 1: “1.005” is no amount in EUR'],
    [
      'with an entry in another currency',
      good.replace('<Amt Ccy="EUR">1.00', '<Amt Ccy="USD">1.00'),
      'the entry is in “USD”, the account in EUR',
    ],
    ['with a day that is none', good.replace('2026-03-31T23', '2026-02-30T23'), '“2026-02-30” is no date'],
    ['without a side', good.replace('<CdtDbtInd>CRDT</CdtDbtInd><Sts>', '<Sts>'), 'CdtDbtInd is “”'],
    ['that is not UTF-8', Buffer.from(good.replace('N1', 'é'), 'latin1'), 'the text is not UTF-8'],
    [
      'that is nested too deep',
      `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">${'<a>'.repeat(100)}`,
      'nested too deep',
    ],
  ])('%s', async (_, file, reason) => {
    await expect(readWhole('camt.053', file)).rejects.toMatchObject({
      code: 'statement_invalid',
      message: expect.stringContaining(reason),
    });
  });
});
