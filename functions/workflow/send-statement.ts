import * as z from 'zod';
import { loadCustomer } from '#shared/customer/customer-store.ts';
import { fontsFromEnv } from '#shared/document/fonts.ts';
import { renderStatementPdf } from '#shared/document/statement-pdf.ts';
import { addDays } from '#shared/kernel/days.ts';
import { CustomerId } from '#shared/kernel/ids.ts';
import { CalendarDate, dateIn, instant } from '#shared/kernel/time.ts';
import { mailClaims } from '#shared/mail/mail-store.ts';
import { officeFromEnv, post } from '#shared/mail/post-office.ts';
import { accountStatementMail } from '#shared/mail/templates/account-statement.ts';
import { signingSecret } from '#shared/payment/signing-secret-client.ts';
import { policyInForce } from '#shared/policy/policy-store.ts';
import { portalLink } from '#shared/portal/portal-link.ts';
import { remittancePolicy } from '#shared/remittance/remittance-policy.ts';
import { loadOpenItemStatement, loadPeriodStatement } from '#shared/statement/statement-store.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const Event = z.object({ customerId: CustomerId, from: CalendarDate, to: CalendarDate, at: z.string() });

const table = dynamoTable();
const fonts = fontsFromEnv();
const office = officeFromEnv(mailClaims(table));
const { company } = office;
const publicUrl = process.env['PUBLIC_URL'] ?? '';
const readSecret = signingSecret(process.env['PAYMENT_SECRET_ID'] ?? '');

/**
 * Task of `state-account`: mails a customer the statement of a month and, where something is open, what is open on the
 * day it is, both as PDF; once, however often it runs.
 */
export async function handler(event: unknown): Promise<{ sent: boolean }> {
  const { customerId, from, to, at: entered } = Event.parse(event);
  const at = instant(entered);
  const today = dateIn(company.timeZone, at);
  const [customer, period, open, secret, { policy }] = await Promise.all([
    loadCustomer(table, customerId),
    loadPeriodStatement(table, customerId, { from, to }),
    loadOpenItemStatement(table, customerId, today, company.timeZone),
    readSecret(),
    policyInForce(table, remittancePolicy, today),
  ]);
  if (!customer || !period || !open) throw new Error(`${customerId} is not to be found`);
  const until = addDays(today, policy.linkDays);
  const portalUrl = portalLink(publicUrl, secret, { customerId, until });
  const isOpen = open.items.length > 0 || open.unapplied.length > 0;
  const month = from.slice(0, 7);
  const attached = [
    { filename: `statement-${month}.pdf`, statement: period },
    ...(isOpen ? [{ filename: `open-items-${today}.pdf`, statement: open }] : []),
  ];
  const attachments = await Promise.all(
    attached.map(async ({ filename, statement }) => ({
      filename,
      contentType: 'application/pdf',
      content: await renderStatementPdf({ company, customer, statement, today, fonts }),
    })),
  );
  const sent = await post(
    office,
    {
      mailId: `statement-${customerId}-${month}`,
      customerId,
      kind: 'statement',
      to: [customer.email],
      content: accountStatementMail({ company, to: customer, period, open, portalUrl }),
      attachments,
    },
    at,
  );
  return { sent };
}
