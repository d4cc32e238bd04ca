import { companyFromEnv } from '#shared/company/company.ts';
import { loadCustomer } from '#shared/customer/customer-store.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { signingSecret } from '#shared/payment/signing-secret-client.ts';
import { kindOf } from '#shared/satisfaction/satisfaction.ts';
import { answerSatisfaction, askSatisfaction } from '#shared/satisfaction/satisfaction-api.ts';
import { readSatisfactionToken } from '#shared/satisfaction/satisfaction-link.ts';
import { satisfactionPage } from '#shared/satisfaction/satisfaction-page.ts';
import { keepAnswer, loadAnswer } from '#shared/satisfaction/satisfaction-store.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';

const table = dynamoTable();
const { timeZone } = companyFromEnv();
const secretOf = signingSecret(process.env['PAYMENT_SECRET_ID'] ?? '');

const ask = operation(askSatisfaction, async ({ params, query }) => {
  const { asked, language } = await askedBy(params.token);
  const before = await loadAnswer(table, asked);
  const score = query.score ?? before?.score;
  const kind = kindOf(asked.subject);
  return { html: satisfactionPage({ language, kind, score, given: false, comment: before?.comment }) };
});

const answer = operation(answerSatisfaction, async ({ params, body, at }) => {
  const { asked, language } = await askedBy(params.token);
  const said = { score: body.score, comment: body.comment?.trim() || undefined };
  const { score, comment } = await keepAnswer(table, asked, said, { at, timeZone });
  const kind = kindOf(asked.subject);
  return { html: satisfactionPage({ language, kind, score, given: true, comment }) };
});

export const handler = httpFunction(table, [ask, answer]);

/** What a link asks and whom. @throws DomainError `satisfaction_link_invalid` */
async function askedBy(token: string) {
  const asked = readSatisfactionToken(await secretOf(), token);
  const customer = asked && (await loadCustomer(table, asked.customerId));
  if (!asked || !customer) {
    throw new DomainError(
      'satisfaction_link_invalid',
      'This link is not complete. Open it from the mail, or copy all of it.',
    );
  }
  return { asked, language: customer.language };
}
