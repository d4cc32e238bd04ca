import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { OperationId } from '#shared/http/routes.ts';
import { anEntry, aStatement, IBAN } from '#test/builders/bank-statement.ts';
import { aCompany } from '#test/builders/company.ts';
import { lambdaContext, type RequestOptions, send } from '#test/builders/http-event.ts';
import { MemoryFiles } from '#test/builders/memory-files.ts';
import { type MemoryTable, memoryTable } from '#test/builders/memory-table.ts';
import { readWhole } from '#test/builders/read-whole.ts';

/** What the functions work with in the test that is running. */
const here = vi.hoisted((): { table?: MemoryTable; files?: MemoryFiles } => ({}));

vi.mock('#shared/table/dynamo-table.ts', () => ({
  dynamoTable: () => new Proxy({}, { get: (_, method) => Reflect.get(here.table ?? {}, method) }),
}));
vi.mock('#shared/bank/statement-files-client.ts', () => ({
  statementBucket: () =>
    new Proxy(
      {},
      {
        get:
          (_, method) =>
          (...call: unknown[]) =>
            Reflect.apply(Reflect.get(here.files ?? {}, method), here.files, call),
      },
    ),
}));
vi.mock('#shared/http/log-line.ts', () => ({ logLine: () => {}, errorFields: () => ({}) }));

process.env['COMPANY'] = JSON.stringify(aCompany());

const [bank, importStatement] = await Promise.all([
  import('../../../functions/http/bank.ts'),
  import('../../../functions/events/import-statement.ts'),
]);

let table: MemoryTable;
let files: MemoryFiles;
beforeEach(() => {
  table = here.table = memoryTable();
  files = here.files = new MemoryFiles();
});

const finance = { sub: 'fin-1', name: 'Fay Finance', roles: ['finance'] } as const;
const ask = (operationId: OperationId, options: RequestOptions = {}) =>
  send(bank.handler, operationId, { as: finance, ...options });
const take = (content: string | Buffer, query: Record<string, string> = {}, options: RequestOptions = {}) =>
  ask('takeBankStatements', {
    query,
    headers: { 'content-type': 'application/octet-stream' },
    base64: true,
    body: content,
    ...options,
  });
const saveAccount = (id: string, account: object, currency = 'EUR', more: object = {}) =>
  ask('putBankAccount', { params: { bankAccountId: id }, body: { name: id, account, currency, ...more } });

/** Hands the facts of the table that are not handed over yet to the function that listens. */
async function relay(from = 0): Promise<number> {
  const { factsIn } = await import('#test/builders/house.ts');
  const facts = factsIn(table);
  for (const fact of facts.slice(from)) {
    const wakes = ['bank_statement.received', 'bank_statement.continued', 'statement_upload.started'];
    if (wakes.includes(fact.type)) await importStatement.handler({ detail: fact }, lambdaContext);
  }
  return facts.length;
}

describe('a bank account', () => {
  it('is created, changed and shown, by finance alone', async () => {
    const account = { iban: IBAN, bic: 'COBADEFFXXX' };
    expect(await saveAccount('main', account)).toMatchObject({ status: 201, headers: { etag: '"1"' } });
    expect(await saveAccount('main', account)).toMatchObject({ status: 200, headers: { etag: '"1"' } });
    const changed = await ask('putBankAccount', {
      params: { bankAccountId: 'main' },
      body: { name: 'Euro', account, currency: 'EUR' },
    });
    expect(changed).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      json: { name: 'Euro', version: 2 },
    });
    expect((await ask('getBankAccount', { params: { bankAccountId: 'main' } })).json).toEqual({
      bankAccountId: 'main',
      name: 'Euro',
      account,
      currency: 'EUR',
      version: 2,
    });
    await saveAccount('eur-2', { number: '37040044/532013001' });
    const list = await ask('listBankAccounts');
    expect(list.json.items.map(({ bankAccountId }: { bankAccountId: string }) => bankAccountId)).toEqual([
      'eur-2',
      'main',
    ]);
    const sales = { as: { roles: ['sales'] as const } };
    expect((await ask('listBankAccounts', sales)).status).toBe(403);
    expect((await ask('getBankAccount', { params: { bankAccountId: 'none' } })).json.code).toBe(
      'bank_account_not_found',
    );
  });

  it('shares no number with another in its currency, and keeps its currency', async () => {
    await saveAccount('main', { iban: IBAN });
    const same = await saveAccount('other', { number: 'DE89 3704 0044 0532 0130 00' });
    expect([same.status, same.json.code]).toEqual([409, 'bank_account_number_taken']);
    expect((await saveAccount('usd', { iban: IBAN }, 'USD')).status).toBe(201);
    expect((await saveAccount('main', { iban: IBAN }, 'USD')).json.code).toBe('currency_mismatch');
    await saveAccount('main', { number: '4711' });
    expect((await saveAccount('other', { iban: IBAN })).status).toBe(201);
  });

  it.each([
    [{ account: {} }, 'account', 'needs an iban or a number'],
    [
      { account: { iban: 'DE88370400440532013000' } },
      'account.iban',
      'must be an IBAN with right check digits',
    ],
  ])('is refused as %j', async (body, path, message) => {
    const answer = await ask('putBankAccount', {
      params: { bankAccountId: 'main' },
      body: { name: 'Main', currency: 'EUR', ...body },
    });
    expect([answer.status, answer.json.issues]).toEqual([422, [{ path, message }]]);
  });
});

const twoLines = aStatement('2026-03/1', [
  anEntry({ line: 1, amount: 12_000, text: 'INV-2026-000001' }),
  anEntry({ line: 2, amount: -350, text: 'charges' }),
]);

describe('a statement file', () => {
  it('is taken, its lines are worked, and progress is told', async () => {
    await saveAccount('main', { iban: IBAN });
    const taken = await take(twoLines);
    expect(taken.status).toBe(201);
    expect(taken.json.items).toHaveLength(1);
    const [statement] = taken.json.items;
    expect(statement).toMatchObject({
      bankAccountId: 'main',
      format: 'camt.053',
      entries: 2,
      sum: 11_650,
      status: 'importing',
      receivedAt: '2026-03-31T10:00:00.000Z',
      receivedBy: 'Fay Finance',
      progress: { done: 0, matched: 0, suggested: 0, queued: 0, ignored: 0 },
    });
    expect(statement.header).toMatchObject({
      statementId: '2026-03/1',
      openingBalance: 0,
      closingBalance: 11_650,
    });
    expect([...files.stored.keys()]).toEqual([expect.stringMatching(/^statements\/[0-9a-f]{64}$/)]);

    await relay();
    const { bankStatementId } = statement;
    const shown = await ask('getBankStatement', { params: { bankStatementId } });
    expect(shown.json).toMatchObject({
      status: 'imported',
      progress: { done: 2, matched: 0, suggested: 0, queued: 2, ignored: 0 },
    });
    const list = await ask('listBankStatements', { query: { bankAccountId: 'main' } });
    expect(list.json.items).toEqual([shown.json]);
  });

  it('that comes again changes nothing', async () => {
    await saveAccount('main', { iban: IBAN });
    await take(twoLines);
    await relay();
    const before = table.items();
    const again = await take(twoLines, { format: 'camt.053', bankAccountId: 'main' });
    expect([again.status, again.json.items[0].status]).toEqual([200, 'imported']);
    // In another file, with other words around it, it is the same statement.
    const otherFile = twoLines.replace('<MsgId>M1</MsgId>', '<MsgId>M2</MsgId>');
    expect((await take(otherFile)).status).toBe(200);
    expect(table.items()).toEqual(before);
    expect(files.stored.size).toBe(1);
  });

  it('is taken as text or as bytes', async () => {
    await saveAccount('main', { iban: IBAN });
    const text = { base64: false, headers: { 'content-type': 'application/xml' } };
    expect((await take(twoLines, {}, text)).status).toBe(201);
    expect((await take(twoLines)).status).toBe(200);
  });

  const wrong: [string, string, string, string][] = [
    ['does not tie', twoLines.replace('>116.50<', '>116.51<'), 'statement_invalid', 'closing balance'],
    ['breaks off', twoLines.slice(0, -60), 'statement_invalid', 'unclosed tag'],
    [
      'is of another account',
      twoLines.replaceAll(IBAN, 'DE75512108001245126199'),
      'bank_account_unknown',
      'statement 1',
    ],
    ['is in another currency', twoLines.replaceAll('EUR', 'USD'), 'bank_account_unknown', 'statement 1'],
    ['is empty', '', 'statement_invalid', 'its first bytes'],
    ['is something else', '{"hello":"world"}', 'statement_invalid', 'its first bytes'],
  ];
  it.each(wrong)(
    'that %s is refused with the place, and nothing is stored',
    async (_, content, code, place) => {
      await saveAccount('main', { iban: IBAN });
      const before = table.items();
      const answer = await take(content);
      expect([answer.status, answer.json.code]).toEqual([422, code]);
      expect(answer.json.detail).toContain(place);
      expect(answer.json.issues.length).toBeGreaterThan(0);
      expect(table.items()).toEqual(before);
      expect(files.stored.size).toBe(0);
    },
  );

  it('is refused whole when one of its statements is', async () => {
    await saveAccount('main', { iban: IBAN });
    const other = aStatement('2', [anEntry({ line: 1, amount: 5 })], {
      account: { iban: 'DE75512108001245126199' },
    });
    const both = twoLines.replace(
      '</BkToCstmrStmt>',
      `${/<Stmt>.*<\/Stmt>/s.exec(other)?.[0]}</BkToCstmrStmt>`,
    );
    const before = table.items();
    expect((await take(both)).json.issues).toEqual([
      { path: 'statement 2', message: 'no bank account bears DE75512108001245126199 in EUR' },
    ]);
    expect(table.items()).toEqual(before);
    await saveAccount('second', { iban: 'DE75512108001245126199' });
    const taken = await take(both);
    expect(taken.json.items.map(({ bankAccountId }: { bankAccountId: string }) => bankAccountId)).toEqual([
      'main',
      'second',
    ]);
    await relay();
    for (const { bankStatementId, entries } of taken.json.items) {
      const { json } = await ask('getBankStatement', { params: { bankStatementId } });
      expect([json.status, json.progress.done]).toEqual(['imported', entries]);
    }
    expect((await take(both, { bankAccountId: 'main' })).json.issues).toEqual([
      { path: 'statement 2', message: 'DE75512108001245126199 is the account second, not main' },
    ]);
  });

  it('in CSV is read by the mapping of its account, with balances given', async () => {
    const csv = {
      account: { number: '4711' },
      currency: 'EUR',
      delimiter: ';',
      decimal: ',',
      dateFormat: 'DD.MM.YYYY',
      header: true,
      columns: { bookedOn: 'Tag', amount: 'Betrag', text: ['Zweck'] },
    };
    await saveAccount('main', { number: '47-11' }, 'EUR', { csv });
    const content = 'Tag;Betrag;Zweck\n31.03.2026;120,00;INV-2026-000001\n';
    expect((await take(content, { bankAccountId: 'main' })).json.code).toBe('statement_invalid');
    const query = {
      bankAccountId: 'main',
      openingBalance: '1000',
      closingBalance: '13000',
      statementId: '7',
    };
    const taken = await take(content, query);
    expect([taken.status, taken.json.items[0].header]).toEqual([
      201,
      {
        account: { number: '4711' },
        currency: 'EUR',
        statementId: '7',
        openingOn: '2026-03-31',
        openingBalance: 1_000,
        closingOn: '2026-03-31',
        closingBalance: 13_000,
      },
    ]);
    await relay();
    const { bankStatementId } = taken.json.items[0];
    expect((await ask('getBankStatement', { params: { bankStatementId } })).json.progress.done).toBe(1);
  });

  it('larger than 5 MB is to be uploaded', async () => {
    expect((await take('x'.repeat(5 * 1024 * 1024 + 1))).json.code).toBe('body_too_large');
  });
});

describe('an upload', () => {
  const create = (body: object = {}, key = 'up-1') =>
    ask('createStatementUpload', { body, headers: { 'idempotency-key': key } });
  const start = (uploadId: string) => ask('importStatementUpload', { params: { uploadId } });
  const show = async (uploadId: string) => (await ask('getStatementUpload', { params: { uploadId } })).json;

  it('is put, read whole, taken and imported', async () => {
    await saveAccount('main', { iban: IBAN });
    const created = await create({ format: 'camt.053' });
    const { uploadId, url } = created.json;
    expect(created).toMatchObject({ status: 201, json: { status: 'waiting' } });
    expect(url).toBe(`https://bucket.example/uploads/${uploadId}?expires=3600`);
    expect((await create({ format: 'camt.053' })).json.uploadId).toBe(uploadId);
    files.stored.set(`uploads/${uploadId}`, Buffer.from(twoLines));
    expect(await start(uploadId)).toMatchObject({ status: 202, json: { status: 'started' } });
    const handed = await relay();
    const { status, bankStatementIds } = await show(uploadId);
    expect([status, bankStatementIds.length]).toEqual(['taken', 1]);
    await relay(handed);
    const { json } = await ask('getBankStatement', { params: { bankStatementId: bankStatementIds[0] } });
    expect(json).toMatchObject({ status: 'imported', receivedBy: 'Fay Finance', progress: { done: 2 } });
    // What is put there later is of no account.
    files.stored.set(`uploads/${uploadId}`, Buffer.from('other'));
    expect(files.stored.size).toBe(2);
    expect((await start(uploadId)).json.status).toBe('taken');
  });

  it('is refused with the place, stores no statement, and can be put again', async () => {
    await saveAccount('main', { iban: IBAN });
    const { uploadId } = (await create()).json;
    await start(uploadId);
    let handed = await relay();
    expect((await show(uploadId)).refusal).toEqual({
      code: 'statement_invalid',
      detail: 'The statement is refused at its address: no file was put there.',
      issues: [{ path: 'its address', message: 'no file was put there' }],
    });
    files.stored.set(`uploads/${uploadId}`, Buffer.from(twoLines.replace('>116.50<', '>116.51<')));
    await start(uploadId);
    handed = await relay(handed);
    expect((await show(uploadId)).refusal.detail).toContain('but the closing balance is');
    expect(table.items(({ PK }) => PK.startsWith('bst_'))).toEqual([]);
    expect([...files.stored.keys()]).toEqual([`uploads/${uploadId}`]);
    files.stored.set(`uploads/${uploadId}`, Buffer.from(twoLines));
    await start(uploadId);
    await relay(handed);
    expect((await show(uploadId)).status).toBe('taken');
  });

  it('of no account that is known is refused', async () => {
    const { uploadId } = (await create({ bankAccountId: 'none' })).json;
    files.stored.set(`uploads/${uploadId}`, Buffer.from(twoLines));
    await start(uploadId);
    await relay();
    expect((await show(uploadId)).refusal.code).toBe('bank_account_not_found');
    expect((await ask('getStatementUpload', { params: { uploadId: `upl_${'0'.repeat(26)}` } })).status).toBe(
      404,
    );
  });
});

const folder = join(resolve(process.env['O2C_DATA'] ?? '../shared/data'), 'bank');
const absent = existsSync(folder)
  ? ''
  : ` (skipped: no ${folder}; set O2C_DATA to the folder with the samples)`;

describe.skipIf(absent)(`the samples of banks' files${absent}`, () => {
  const formats = { camt: 'camt.053', bai2: 'bai2', mt940: 'mt940' } as const;
  const samples = absent
    ? []
    : Object.entries(formats).flatMap(([under, format]) =>
        readdirSync(join(folder, under), { recursive: true, withFileTypes: true })
          .filter((each) => each.isFile() && each.name !== 'LICENSE')
          .map((each) => [join(each.parentPath, each.name).slice(folder.length + 1), format] as const),
      );

  it.each(samples)('%s is taken whole where it can be read, else not at all', async (name, format) => {
    const content = readFileSync(join(folder, name));
    const whole = await readWhole(format, content).catch(() => undefined);
    for (const [index, { header }] of (whole ?? []).entries()) {
      const { iban, number } = header.account;
      // Statements of one account need it once: the second time its number is taken.
      await saveAccount(`a-${index}`, { number: iban ?? number }, header.currency);
    }
    const before = table.items();
    const answer = await take(content, { format });
    if (!whole) {
      expect([answer.status, answer.json.code]).toEqual([422, 'statement_invalid']);
      expect(table.items()).toEqual(before);
      expect(files.stored.size).toBe(0);
      return;
    }
    expect(answer, answer.text).toMatchObject({ status: 201 });
    await relay();
    const progress = await Promise.all(
      answer.json.items.map(async ({ bankStatementId }: { bankStatementId: string }) => {
        const { json } = await ask('getBankStatement', { params: { bankStatementId } });
        return [json.status, json.progress.done];
      }),
    );
    const distinct = new Set(
      whole.map(({ header, entries, sum }) => JSON.stringify([header, entries.length, sum])),
    );
    expect(progress).toHaveLength(distinct.size);
    const expected = answer.json.items.map(({ entries }: { entries: number }) => ['imported', entries]);
    expect(progress).toEqual(expected);
  });
});
