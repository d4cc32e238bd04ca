import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { saveOpenItem } from '#shared/invoice/invoice-store.ts';
import { CustomerId } from '#shared/kernel/ids.ts';
import { Currency } from '#shared/kernel/money.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { portalLink } from '#shared/portal/portal-link.ts';
import { commit } from '#shared/table/commit.ts';
import { keys } from '#shared/table/keys.ts';
import { aCompany } from '#test/builders/company.ts';
import { aCustomer } from '#test/builders/customer.ts';
import { send } from '#test/builders/http-event.ts';
import { memoryTable } from '#test/builders/memory-table.ts';
import { openInvoice } from '#test/builders/open-invoice.ts';

const SECRET = 'a-secret-of-this-test-that-is-long-enough';

let table = memoryTable();
vi.mock('#shared/table/dynamo-table.ts', () => ({
  dynamoTable: () => new Proxy({}, { get: (_, name) => Reflect.get(table, name) }),
}));
vi.mock('#shared/payment/signing-secret-client.ts', () => ({
  signingSecret: () => () => Promise.resolve(SECRET),
}));
vi.stubEnv('COMPANY', JSON.stringify(aCompany({ iban: 'DE89370400440532013000' })));

/** Where Chromium is, if it is installed. */
function chromiumPath(): string | undefined {
  try {
    return execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}
const executablePath = chromiumPath();
const screenshots = process.env['SCREENSHOTS'];

let server: Server;
let browser: Browser;
let url = '';

/** The portal behind a server of its own, at one moment. */
beforeAll(async () => {
  if (executablePath === undefined) return;
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [, first = '', token = ''] = (request.url ?? '').split('/');
      const operation = request.method === 'POST' ? 'choosePortalPayment' : 'openPortal';
      if (first !== 'portal') {
        response.writeHead(200, { 'content-type': 'text/plain' }).end('elsewhere');
        return;
      }
      void serve(operation, token, request.headers['content-type'], Buffer.concat(chunks).toString()).then(
        ({ status = 500, headers, text }) => response.writeHead(status, headers).end(text),
      );
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  vi.stubEnv('PUBLIC_URL', `http://127.0.0.1:${String(port)}`);
  url = portalLink(`http://127.0.0.1:${String(port)}`, SECRET, {
    customerId: CustomerId.parse('cus_harbour'),
    until: CalendarDate.parse('2026-05-19'),
  });
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  server?.close();
  vi.restoreAllMocks();
});

async function serve(
  operation: 'openPortal' | 'choosePortalPayment',
  token: string,
  type: string | undefined,
  body: string,
) {
  const { handler } = await import('../../../functions/http/pay.ts');
  return send(handler, operation, {
    params: { token },
    ...(type !== undefined && { headers: { 'content-type': type }, body }),
    at: '2026-04-04T12:00:00.000Z',
  });
}

const EUR = Currency.parse('EUR');
beforeEach(async () => {
  table = memoryTable();
  const discount = { until: CalendarDate.parse('2026-04-10'), amount: 200, tax: 0 };
  const own = { customerId: 'cus_harbour', currency: EUR } as const;
  await commit(table, [
    { do: 'put', item: { ...keys.customer('cus_harbour'), ...aCustomer() } },
    saveOpenItem(openInvoice(1, { ...own, dueOn: '2026-03-20' }), 'absent'),
    saveOpenItem(openInvoice(2, { ...own, dueOn: '2026-04-20', discount }), 'absent'),
    saveOpenItem(
      openInvoice(3, {
        ...own,
        dueOn: '2026-04-30',
        number: `ALBION-WHOLESALE-2026-${'0'.repeat(30)}3`,
        balance: 123_456_789_00,
        total: 123_456_789_00,
      }),
      'absent',
    ),
  ]);
});

/** A page without JavaScript. */
async function opened(width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    viewport: { width, height: 800 },
    colorScheme,
  });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

async function keep(page: Page, name: string): Promise<void> {
  if (screenshots !== undefined)
    await page.screenshot({ path: `${screenshots}/${name}.png`, fullPage: true });
}

/** How far the page is wider than what is seen of it. Measured from outside, for its own scripts are off. */
async function overflow(page: Page): Promise<number> {
  const client = await page.context().newCDPSession(page);
  const { cssContentSize, cssLayoutViewport } = await client.send('Page.getLayoutMetrics');
  return cssContentSize.width - cssLayoutViewport.clientWidth;
}

// Skipped where Chromium is not on the path.
describe.skipIf(executablePath === undefined)('the payer portal in Chromium, without JavaScript', () => {
  it('names every box, and says what is due of it', async () => {
    const page = await opened(1024);
    await keep(page, 'portal');
    await expect.poll(() => page.title()).toBe('Your open invoices – Albion Gifts');
    const group = page.getByRole('group', { name: 'Which invoices do you want to pay?' });
    expect(await group.getByRole('checkbox').count()).toBe(3);
    const first = group.getByRole('checkbox', { name: 'Invoice INV-2026-000001 EUR 100.00' });
    expect(await first.isChecked()).toBe(true);
    const description = await first.getAttribute('aria-describedby');
    expect(await page.locator(`#${description}`).textContent()).toBe(
      'issued 2 March 2026 · due 20 March 2026 · 15 days overdue',
    );
    expect(await group.getByRole('checkbox', { name: 'Invoice INV-2026-000002 EUR 98.00' }).count()).toBe(1);
    expect(await page.getByRole('link', { name: 'PDF of invoice INV-2026-000001' }).count()).toBe(1);
    await page.context().close();
  });

  it('takes a choice by keyboard alone', async () => {
    const page = await opened(1024);
    const tab = () => page.keyboard.press('Tab');
    // Box and PDF of each invoice, in their order; the third is not wanted.
    await tab();
    await expect.poll(() => page.locator(':focus').getAttribute('id')).toBe('i0');
    for (let step = 0; step < 4; step++) await tab();
    expect(await page.locator(':focus').getAttribute('id')).toBe('i2');
    await page.keyboard.press('Space');
    await tab();
    await tab();
    expect(await page.locator(':focus').textContent()).toBe('Pay by bank transfer');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Pay by bank transfer' }).waitFor();
    await keep(page, 'transfer');
    const text = await page.locator('main').textContent();
    expect(text).toContain('EUR 198.00');
    expect(text).toContain('INV-2026-000002: EUR 98.00, EUR 2.00 taken off if it arrives by 10 April 2026');
    expect(text).toContain('DE89 3704 0044 0532 0130 00');
    expect(text).toMatch(/RF\d\d( \d{4}){4} P/);
    expect(text).not.toContain('WHOLESALE');
    expect(await page.getByRole('img', { name: /Code for banking apps/ }).isVisible()).toBe(true);
    await page.getByRole('link', { name: 'Choose otherwise' }).click();
    await page.getByRole('heading', { name: 'Your open invoices' }).waitFor();
    await page.context().close();
  });

  it('asks to choose something where nothing is', async () => {
    const page = await opened(1024);
    for (const box of await page.getByRole('checkbox').all()) await box.uncheck();
    await page.getByRole('button', { name: 'Pay online' }).click();
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toContain('Choose at least one invoice.');
    await page.context().close();
  });

  it('leads to the provider with what was chosen', async () => {
    const page = await opened(1024);
    await page.getByRole('checkbox', { name: /WHOLESALE/ }).uncheck();
    await page.getByRole('button', { name: 'Pay online' }).click();
    await page.waitForURL(/\/sandbox\/checkout\//);
    expect(page.url()).toMatch(/\/sandbox\/checkout\/[\w-]+\.[\w-]{43}$/);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('fits a screen of 320 pixels, %s', async (scheme) => {
    const page = await opened(320, scheme);
    await keep(page, `portal-320-${scheme}`);
    expect(await overflow(page)).toBe(0);
    await page.getByRole('button', { name: 'Pay by bank transfer' }).click();
    await page.getByRole('heading', { name: 'Pay by bank transfer' }).waitFor();
    await keep(page, `transfer-320-${scheme}`);
    expect(await overflow(page)).toBe(0);
    await page.context().close();
  });
});
