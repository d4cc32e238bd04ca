import { loadCase } from '../case/case-store.ts';
import type { Company } from '../company/company.ts';
import type { Fact } from '../fact/fact.ts';
import type { Asked } from '../satisfaction/satisfaction.ts';
import type { Table } from '../table/table.ts';
import { loadKnownCustomer, mailTo, required } from './about-customer-store.ts';
import type { WrittenMail } from './post-office.ts';
import {
  caseEscalatedMail,
  caseOpenedMail,
  caseRepliedMail,
  caseResolvedMail,
} from './templates/case-news.ts';

type Writer = {
  company: Company;
  satisfactionUrlOf: (asked: Asked, score: number) => string;
};
type CaseFact = Fact<'case.opened' | 'case.replied' | 'case.resolved' | 'case.escalated'>;

/** The mail about a case; none about what the customer said itself, or what stays in the house. */
export async function caseMail(
  table: Table,
  fact: CaseFact,
  { company, satisfactionUrlOf }: Writer,
): Promise<WrittenMail | undefined> {
  const { caseId } = fact.data;
  const [file, to] = await Promise.all([loadCase(table, caseId), loadKnownCustomer(table, fact.customerId)]);
  const { case: found, messages } = required(file, caseId);
  const textOf = (number: number) =>
    required(
      messages.find(({ message }) => message === number),
      `message ${number} of ${caseId}`,
    ).text;
  switch (fact.type) {
    case 'case.opened':
      return mailTo(to, fact, caseOpenedMail({ company, to, found, text: textOf(1) }));
    case 'case.replied': {
      const { from, internal, message } = fact.data;
      if (from === 'customer' || internal) return undefined;
      return mailTo(to, fact, caseRepliedMail({ company, to, found, text: textOf(message) }));
    }
    case 'case.resolved':
      return found.status === 'resolved'
        ? mailTo(
            to,
            fact,
            caseResolvedMail({
              company,
              to,
              found,
              scoreUrlOf: (score) => satisfactionUrlOf({ subject: caseId, customerId: to.customerId }, score),
            }),
          )
        : undefined;
    case 'case.escalated': {
      const { to: recipients, step } = fact.data;
      if (recipients.length === 0) return undefined;
      const content = caseEscalatedMail({ company, found, customerName: to.name, step });
      return { mailId: fact.id, kind: fact.type, to: recipients, content };
    }
    default:
      return fact satisfies never;
  }
}
