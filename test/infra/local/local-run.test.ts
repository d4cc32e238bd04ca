import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type LocalRun, startLocalRun } from '../../../infra/local/local-run.ts';
import { writeAssembly } from './fixture/assembly.ts';

const home = mkdtempSync(join(tmpdir(), 'o2c-local-run-'));
const options = {
  port: 0,
  dataDir: join(home, 'data'),
  cdkOut: join(home, 'cdk.out'),
  fresh: false,
  quiet: true,
};
let run: LocalRun;
let token: string;

beforeAll(async () => {
  await writeAssembly(options.cdkOut);
  run = await startLocalRun({ ...options, clockStart: '2026-03-27T05:00:00Z' });
  token = await run.tokens.issue(['sales', 'finance'], 'cus_1');
});

afterAll(async () => run.stop());

function call(
  method: string,
  path: string,
  init: { body?: string | URLSearchParams; headers?: Record<string, string> } = {},
): Promise<Response> {
  return fetch(`${run.url}${path}`, {
    method,
    ...init,
    headers: { authorization: `Bearer ${token}`, ...init.headers },
  });
}

/** What JSON an answer holds, to be looked into. */
async function jsonOf(answer: Response): Promise<Record<string, ReturnType<typeof JSON.parse>>> {
  return z.record(z.string(), z.any()).parse(await answer.json());
}

async function items(): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for await (const item of run.scanTable()) found.push(item);
  return found;
}

describe('Lambda, called by a function through the SDK', () => {
  it('hands over what the other function answers, by name or ARN', async () => {
    const arn = encodeURIComponent('arn:aws:lambda:eu-west-2:000000000000:function:callee');
    for (const called of ['callee', arn]) {
      const answer = await jsonOf(await call('GET', `/call/${called}`));
      expect(answer).toEqual({ StatusCode: 200, answer: { greeted: 'there' } });
    }
  });

  it('tells of a function that fails in the header, with its error as the answer', async () => {
    const { FunctionError, StatusCode, answer } = await jsonOf(await call('GET', '/call/failing'));
    expect({ FunctionError, StatusCode }).toEqual({ FunctionError: 'Unhandled', StatusCode: 200 });
    expect(answer).toMatchObject({ errorType: 'RangeError', errorMessage: 'on purpose' });
  });

  it('knows no function that the template lacks', async () => {
    expect(await jsonOf(await call('GET', '/call/nobody'))).toEqual({
      refused: 'ResourceNotFoundException: Function not found: nobody',
    });
  });
});

describe('the HTTP API', () => {
  it('turns away who has no token, a forged one, or one for someone else, as API Gateway does', async () => {
    const [head, , signature] = token.split('.');
    const forged = `${head}.${Buffer.from('{"sub":"me"}').toString('base64url')}.${signature}`;
    for (const authorization of ['', 'Bearer nonsense', `Bearer ${forged}`]) {
      const answer = await fetch(`${run.url}/v1/secret`, {
        headers: authorization === '' ? {} : { authorization },
      });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toEqual({ message: 'Unauthorized' });
    }
  });

  it('hands over payload 2.0: business time, claims as texts, the fuller route before the parameter', async () => {
    const answer = await call('GET', '/v1/things/mine?x=1&x=2', { headers: { cookie: 'a=1; b=2' } });
    expect(answer.status).toBe(200);
    const { event, publicUrl } = await jsonOf(answer);
    expect(publicUrl).toBe(run.url);
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /v1/things/mine',
      rawQueryString: 'x=1&x=2',
      queryStringParameters: { x: '1,2' },
      cookies: ['a=1', 'b=2'],
      isBase64Encoded: false,
    });
    const { timeEpoch, authorizer } = event.requestContext;
    expect(new Date(timeEpoch).toISOString()).toMatch(/^2026-03-27T05:0/);
    expect(authorizer.jwt.claims).toMatchObject({
      'cognito:groups': '[sales finance]',
      'custom:customer_id': 'cus_1',
      email_verified: 'true',
    });
  });

  it('hands a form over as base64 and JSON as it is', async () => {
    const form = await call('POST', '/open', { body: new URLSearchParams({ a: '1' }) });
    expect((await jsonOf(form))['event']).toMatchObject({ body: 'YT0x', isBase64Encoded: true });
    const json = await call('POST', '/open', {
      body: '{"ä":1}',
      headers: { 'content-type': 'application/json' },
    });
    expect((await jsonOf(json))['event']).toMatchObject({ body: '{"ä":1}', isBase64Encoded: false });
  });

  it('answers for a function that fails, hangs or does not exist, and for a body that is too large', async () => {
    expect((await call('GET', '/crash')).status).toBe(500);
    expect((await call('GET', '/slow')).status).toBe(500);
    expect((await call('GET', '/nowhere')).status).toBe(404);
    expect((await call('POST', '/open', { body: 'x'.repeat(10 * 1024 * 1024 + 1) })).status).toBe(413);
  });

  it('sends cookies, bytes and CORS headers', async () => {
    const answer = await call('GET', '/cookies', { headers: { origin: 'https://shop.example' } });
    expect(await answer.text()).toBe('bytes');
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://shop.example');
  });

  it('keeps a generated secret', async () => {
    const { secret } = await jsonOf(await call('GET', '/v1/secret'));
    expect(secret).toMatch(/^[A-Za-z0-9]{40}$/);
  });
});

describe('from a write to its effects', () => {
  it('relays the fact, starts the workflow, sends the mail, and is idle only then', async () => {
    expect((await call('POST', '/v1/things/one')).status).toBe(201);
    await run.quiesce();
    const [mail] = run.mailbox.list();
    expect(mail).toMatchObject({ subject: 'Made one', recipients: ['customer@example.com'], attachments: 1 });
    const content = await run.mailbox.get(mail?.id ?? '');
    expect(content?.attachments[0]).toMatchObject({ name: 'lines.csv', type: 'text/csv' });
    const [execution] = run.executions.list({ machine: 'service-Accept' });
    expect(execution).toMatchObject({ status: 'SUCCEEDED', type: 'EXPRESS', input: '{"id":"one"}' });
    const entered = run.executions
      .history(execution?.arn ?? '')
      .filter((event) => event.type === 'StateEntered');
    expect(entered.map((event) => event.state)).toEqual(['First', 'Choose', 'Second', 'Pause', 'Done']);
  });

  it('retries a task that fails, as often as the definition says', async () => {
    await call('POST', '/v1/things/fails-2');
    await run.quiesce();
    const [execution] = run.executions.list({ machine: 'service-Accept' });
    expect(execution).toMatchObject({ status: 'SUCCEEDED', input: '{"id":"fails-2"}' });
    expect(
      (await items()).find((item) => item['PK'] === 'THING#fails-2' && item['SK'] === 'STEP#first'),
    ).toMatchObject({ calls: 3 });
  });

  it('puts what fails for good into the queue the definition names', async () => {
    await call('POST', '/v1/things/fails-9');
    await run.quiesce();
    const [execution] = run.executions.list({ machine: 'service-Accept' });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'GivenUp' });
    const message = JSON.parse(run.queues.list('service-Failures').at(-1)?.body ?? '{}');
    expect(message).toMatchObject({ input: { id: 'fails-9' }, error: { Error: 'RangeError' } });
  });

  it('gives up only the poisoned record of a batch', async () => {
    const before = run.queues.list().length;
    const ids = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'];
    await Promise.all(
      ids.map((id) =>
        call('POST', `/v1/things/${id}`, {
          body: id === 'p4' ? 'poison' : 'fine',
          headers: { 'content-type': 'text/plain' },
        }),
      ),
    );
    await run.quiesce();
    const subjects = run.mailbox.list().map((mail) => mail.subject);
    for (const id of ids) expect(subjects.includes(`Made ${id}`)).toBe(id !== 'p4');
    const given = run.queues.list().slice(before);
    expect(given).toHaveLength(1);
    expect(JSON.parse(given[0]?.body ?? '{}').DDBStreamBatchInfo.batchSize).toBe(1);
  });

  it('meters what each function took, and shows none of it to the function', async () => {
    run.meter.reset();
    await call('POST', '/v1/things/metered');
    await run.quiesce();
    const { table, counts } = run.meter.snapshot();
    // Two puts in a transaction, two units each, and one for the index of the first.
    expect(table['api']).toEqual({ TransactWriteItems: { calls: 1, readUnits: 0, writeUnits: 5 } });
    expect(counts).toMatchObject({
      httpApiRequests: 1,
      eventBridgeEvents: 1,
      expressRequests: 1,
      sesMails: 1,
      dynamoDbWriteUnits: 7,
    });
  });
});

describe('a Standard execution', () => {
  const start = async (name: string, input: unknown): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    return jsonOf(await call('POST', `/v1/runs/${name}`, { body: JSON.stringify(input), headers }));
  };

  it('is started once by its name: again is a no-op while it runs, a refusal with other input or afterwards', async () => {
    const arn = 'arn:aws:states:us-east-1:000000000000:execution:service-Daily:cus_1-2026-03-27';
    const input = { id: 'slow-run' };
    expect(await start('cus_1-2026-03-27', input)).toEqual({ arn });
    expect(await start('cus_1-2026-03-27', input)).toEqual({ arn });
    expect(await start('cus_1-2026-03-27', { id: 'other' })).toEqual({ refused: 'ExecutionAlreadyExists' });
    await run.quiesce();
    expect(await start('cus_1-2026-03-27', input)).toEqual({ refused: 'ExecutionAlreadyExists' });
    expect(await start('not a name', input)).toEqual({ refused: 'InvalidName' });
    expect(run.executions.list({ machine: 'service-Daily' })).toHaveLength(1);
    const calls = (await items()).find(
      (item) => item['PK'] === 'THING#slow-run' && item['SK'] === 'STEP#first',
    );
    expect(calls).toMatchObject({ calls: 1 });
  });
});

it('goes on when the database process is killed', async () => {
  process.kill(Number(readFileSync(join(options.dataDir, 'dynoxide.pid'), 'utf8')), 'SIGKILL');
  expect((await call('POST', '/v1/things/after-death')).status).toBe(201);
  await run.quiesce();
  expect(run.mailbox.list()[0]).toMatchObject({ subject: 'Made after-death' });
});

describe('moving the clock', () => {
  it('fires every occurrence in order, each done before the next, and each execution once', async () => {
    await run.clock.advanceTo('2026-03-30T12:00:00Z');
    const ticks = (await items()).filter((item) => item['PK'] === 'TICKS');
    // London is an hour ahead of UTC from the 29th on; "early" rests on Saturday and Sunday.
    expect(ticks.map((tick) => String(tick['SK'])).sort()).toEqual([
      '2026-03-27T06:30:00Z#early',
      '2026-03-27T08:00:00Z#morning',
      '2026-03-28T08:00:00Z#morning',
      '2026-03-29T07:00:00Z#morning',
      '2026-03-30T05:30:00Z#early',
      '2026-03-30T07:00:00Z#morning',
    ]);
    const inOrder = ticks
      .toSorted((a, b) => Number(a['order']) - Number(b['order']))
      .map((tick) => String(tick['SK']));
    expect(inOrder).toEqual([...inOrder].sort());
    const executions = run.executions.list({ machine: 'service-Daily' });
    expect(executions.map((each) => each.name).sort()).toEqual([
      'cus_1-2026-03-27',
      'early-2026-03-27',
      'early-2026-03-30',
      'morning-2026-03-27',
      'morning-2026-03-28',
      'morning-2026-03-29',
      'morning-2026-03-30',
    ]);
    expect(new Date(executions[0]?.startedAt ?? 0).toISOString()).toMatch(/^2026-03-30T07:00:0/);
  });

  it('is on HTTP too, with clear refusals', async () => {
    const moved = await fetch(`${run.url}/_local/clock`, { method: 'POST', body: '{"advance":"PT1H"}' });
    expect((await jsonOf(moved))['now']).toMatch(/^2026-03-30T13:00/);
    const back = await fetch(`${run.url}/_local/clock`, {
      method: 'POST',
      body: '{"to":"noon"}',
    });
    expect(back.status).toBe(400);
    expect((await jsonOf(back))['message']).toMatch('not an ISO 8601 instant');
  });
});

describe('the pages', () => {
  it('show mail safely', async () => {
    const list = await (await fetch(`${run.url}/_local/mailbox`)).text();
    expect(list).toContain('Made metered');
    const mail = run.mailbox.list().find((each) => each.subject === 'Made metered');
    const page = await fetch(`${run.url}/_local/mailbox/${mail?.id}`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('&lt;p&gt;Your thing metered is made.');
    const file = await fetch(`${run.url}/_local/mailbox/${mail?.id}/attachments/0`);
    expect(await file.text()).toContain('sku,quantity');
  });

  it('hand out the table line by line, and tokens that work', async () => {
    const lines = (await (await fetch(`${run.url}/_local/table`)).text()).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toContainEqual({
      PK: 'THING#one',
      SK: 'THING',
      OPK: 'OWNER#1',
      OSK: 'one',
    });
    const { finance } = await jsonOf(await fetch(`${run.url}/_local/tokens`));
    const answer = await fetch(`${run.url}/v1/secret`, { headers: { authorization: `Bearer ${finance}` } });
    expect(answer.status).toBe(200);
  });
});

describe('what stands in the way of a start', () => {
  it('is said in one line', async () => {
    await expect(startLocalRun(options)).rejects.toThrow(
      /Another local run \(process \d+\) uses .*: stop it/,
    );
    const port = Number(new URL(run.url).port);
    await expect(startLocalRun({ ...options, port })).rejects.toThrow(`Port ${port} is in use`);
    await expect(startLocalRun({ ...options, cdkOut: home })).rejects.toThrow('run `npx cdk synth` first');
    const other = { ...options, dataDir: join(home, 'other'), cdkOut: join(home, 'other.out') };
    await writeAssembly(other.cdkOut);
    await (await startLocalRun(other)).stop();
    const template = join(other.cdkOut, 'data.template.json');
    writeFileSync(template, readFileSync(template, 'utf8').replace('"byOwner"', '"byBuyer"'));
    await expect(startLocalRun(other)).rejects.toThrow(
      /has other keys or indexes than the template: start with --fresh/,
    );
    await (await startLocalRun({ ...other, fresh: true })).stop();
    const damaged = mkdtempSync(join(home, 'damaged-'));
    writeFileSync(
      join(damaged, 'state.sqlite'),
      'not a database, but long enough to look like a header'.repeat(40),
    );
    await expect(startLocalRun({ ...options, dataDir: damaged })).rejects.toThrow(
      /is damaged .*start with --fresh/,
    );
    const table = mkdtempSync(join(home, 'table-'));
    writeFileSync(
      join(table, 'table.sqlite'),
      'not a database, but long enough to look like a header'.repeat(40),
    );
    await expect(startLocalRun({ ...options, dataDir: table })).rejects.toThrow(
      /is damaged .*start with --fresh/,
    );
  });
});
