import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { LocalRunError } from './errors.ts';
import { readBody, send, sendJson } from './http/exchange.ts';
import type { LocalRun } from './local-run.ts';
import { mailboxPolicy, mailListPage, mailPage } from './mailbox/pages.ts';

/** Ready-made tokens are handed out for these groups; a customer's needs a customer id. */
const staffRoles = ['sales', 'credit', 'warehouse', 'finance', 'support', 'admin'] as const;

const ClockMove = z.union([z.strictObject({ advance: z.string() }), z.strictObject({ to: z.string() })]);
const TokenRequest = z.strictObject({
  role: z.union([z.string(), z.array(z.string())]),
  customerId: z.string().optional(),
});

type Exchange = { request: IncomingMessage; response: ServerResponse; url: URL; run: LocalRun };
type Page = (exchange: Exchange, ...parts: string[]) => Promise<void> | void;

const pages: [method: string, path: RegExp, page: Page][] = [
  ['GET', /^\/_local\/mailbox$/, listMail],
  [
    'GET',
    /^\/_local\/mailbox\.json$/,
    ({ response, url, run }) =>
      sendJson(response, 200, run.mailbox.list({ to: url.searchParams.get('to') ?? undefined })),
  ],
  ['GET', /^\/_local\/mailbox\/([\w-]+)$/, showMail],
  ['GET', /^\/_local\/mailbox\/([\w-]+)\.json$/, mailAsJson],
  ['GET', /^\/_local\/mailbox\/([\w-]+)\/raw$/, rawMail],
  ['GET', /^\/_local\/mailbox\/([\w-]+)\/attachments\/(\d+)$/, attachment],
  ['GET', /^\/_local\/clock$/, showClock],
  ['POST', /^\/_local\/clock$/, moveClock],
  ['GET', /^\/_local\/meter$/, ({ response, run }) => sendJson(response, 200, run.meter.snapshot())],
  ['POST', /^\/_local\/meter$/, resetMeter],
  ['GET', /^\/_local\/tokens$/, readyTokens],
  ['POST', /^\/_local\/tokens$/, issueToken],
  ['GET', /^\/_local\/quiesce$/, quiesce],
  ['GET', /^\/_local\/executions$/, listExecutions],
  ['GET', /^\/_local\/executions\/(.+)$/, showExecution],
  [
    'GET',
    /^\/_local\/queues$/,
    ({ response, run }) => sendJson(response, 200, { queues: run.queues.names, messages: run.queues.list() }),
  ],
  ['GET', /^\/_local\/table$/, dumpTable],
  [
    'GET',
    /^\/_local\/idp\/\.well-known\/openid-configuration$/,
    ({ response, run }) => sendJson(response, 200, run.idp.configuration),
  ],
  [
    'GET',
    /^\/_local\/idp\/\.well-known\/jwks\.json$/,
    ({ response, run }) => sendJson(response, 200, run.idp.keys),
  ],
];

/** The local run's own pages, below `/_local/`. Wrong input is answered 400 with a message. */
export async function serveLocalPage(
  request: IncomingMessage,
  response: ServerResponse,
  run: LocalRun,
): Promise<void> {
  // A page elsewhere could point its own host name at this machine; it must not read tokens here.
  if (!/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(request.headers.host ?? '')) {
    return sendJson(response, 421, { message: `The local run answers on localhost only` });
  }
  const url = new URL(request.url ?? '/', run.url);
  for (const [method, path, page] of pages) {
    const match = path.exec(url.pathname);
    if (match === null || request.method !== method) continue;
    try {
      return await page({ request, response, url, run }, ...match.slice(1));
    } catch (error) {
      if (error instanceof LocalRunError) return sendJson(response, 400, { message: error.message });
      if (error instanceof z.ZodError) return sendJson(response, 400, { message: z.prettifyError(error) });
      throw error;
    }
  }
  sendJson(response, 404, { message: `The local run has no ${request.method} ${url.pathname}` });
}

function listMail({ response, run }: Exchange): void {
  const page = mailListPage(run.mailbox.list({ limit: 500 }), run.mailbox.count());
  send(response, 200, 'text/html; charset=utf-8', page, { 'content-security-policy': mailboxPolicy });
}

async function showMail({ response, run }: Exchange, id = ''): Promise<void> {
  const summary = run.mailbox.summary(id);
  const content = await run.mailbox.get(id);
  if (summary === undefined || content === undefined)
    return sendJson(response, 404, { message: 'No such mail' });
  send(response, 200, 'text/html; charset=utf-8', mailPage(summary, content), {
    'content-security-policy': mailboxPolicy,
  });
}

async function mailAsJson({ response, run }: Exchange, id = ''): Promise<void> {
  const content = await run.mailbox.get(id);
  if (content === undefined) return sendJson(response, 404, { message: 'No such mail' });
  const attachments = content.attachments.map((each) => ({
    name: each.name,
    type: each.type,
    bytes: each.content.length,
  }));
  sendJson(response, 200, { ...run.mailbox.summary(id), ...content, attachments });
}

function rawMail({ response, run }: Exchange, id = ''): void {
  const raw = run.mailbox.raw(id);
  if (raw === undefined) return sendJson(response, 404, { message: 'No such mail' });
  send(response, 200, 'message/rfc822', raw, { 'content-disposition': `attachment; filename="${id}.eml"` });
}

async function attachment({ response, run }: Exchange, id = '', index = ''): Promise<void> {
  const found = (await run.mailbox.get(id))?.attachments[Number(index)];
  if (found === undefined) return sendJson(response, 404, { message: 'No such attachment' });
  const name = found.name.replaceAll(/[^\w. -]/g, '_');
  send(
    response,
    200,
    /^[\w.+-]+\/[\w.+-]+$/.test(found.type) ? found.type : 'application/octet-stream',
    found.content,
    {
      'content-disposition': `attachment; filename="${name}"; filename*=UTF-8''${encodeURIComponent(found.name)}`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': 'sandbox',
    },
  );
}

function showClock({ response, run }: Exchange): void {
  sendJson(response, 200, { now: run.clock.now(), schedules: run.clock.schedules() });
}

async function moveClock(exchange: Exchange): Promise<void> {
  const move = ClockMove.parse(await jsonBody(exchange));
  if ('advance' in move) await exchange.run.clock.advance(move.advance);
  else await exchange.run.clock.advanceTo(move.to);
  showClock(exchange);
}

function resetMeter({ response, run }: Exchange): void {
  run.meter.reset();
  sendJson(response, 200, run.meter.snapshot());
}

async function readyTokens({ response, run }: Exchange): Promise<void> {
  const tokens = await Promise.all(
    staffRoles.map(async (role) => [role, await run.tokens.issue(role)] as const),
  );
  sendJson(response, 200, Object.fromEntries(tokens));
}

async function issueToken(exchange: Exchange): Promise<void> {
  const { role, customerId } = TokenRequest.parse(await jsonBody(exchange));
  sendJson(exchange.response, 200, { token: await exchange.run.tokens.issue(role, customerId) });
}

async function quiesce({ response, run }: Exchange): Promise<void> {
  await run.quiesce();
  sendJson(response, 200, { idle: true, now: run.clock.now() });
}

function listExecutions({ response, url, run }: Exchange): void {
  const limit = Number(url.searchParams.get('limit') ?? 100);
  const filter = {
    machine: url.searchParams.get('machine') ?? undefined,
    status: url.searchParams.get('status') ?? undefined,
    limit: Number.isInteger(limit) && limit > 0 ? limit : 100,
  };
  const withHistory = run.executions
    .list(filter)
    .map((each) => ({ ...each, history: run.executions.history(each.arn) }));
  sendJson(response, 200, withHistory);
}

function showExecution({ response, run }: Exchange, arn = ''): void {
  const found = run.executions.get(decodeURIComponent(arn));
  if (found === undefined) return sendJson(response, 404, { message: 'No such execution' });
  sendJson(response, 200, { ...found, history: run.executions.history(found.arn) });
}

async function dumpTable({ response, run }: Exchange): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  for await (const item of run.scanTable()) {
    if (!response.write(`${JSON.stringify(item)}\n`)) {
      await new Promise((resolve) => response.once('drain', resolve));
    }
  }
  response.end();
}

async function jsonBody({ request }: Exchange): Promise<unknown> {
  const body = await readBody(request, 65_536);
  try {
    return JSON.parse(body?.toString() ?? '');
  } catch {
    throw new LocalRunError('The body must be JSON');
  }
}
