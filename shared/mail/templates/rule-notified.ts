import type { Company } from '../../company/company.ts';
import type { Customer } from '../../customer/customer.ts';
import { formatMoney } from '../../kernel/money.ts';
import type { Order } from '../../order/order.ts';
import { facts, paragraph } from './layout/blocks.ts';
import { composeMail, type MailContent } from './layout/compose.ts';

export type RuleNotified = { company: Company; order: Order; customer: Customer; ruleIds: readonly string[] };

/** Tells whoever a rule names of an order that it is true of. */
export function ruleNotifiedMail({ company, order, customer, ruleIds }: RuleNotified): MailContent {
  const { orderId, poNumber, channel, totals, currency, shipTo = customer.address } = order;
  const rules = ruleIds.join(', ');
  return composeMail({
    company,
    language: 'en',
    subject: `Order ${orderId} of ${customer.name}: rule ${rules}`,
    preheader: `${formatMoney(totals.gross, currency)} to ${shipTo.country}.`,
    title: `An order that you want to hear of`,
    blocks: [
      paragraph('An order came in that a rule of the order desk names you for. You hear of it once.'),
      facts([
        ['Order', orderId],
        ...(poNumber === undefined ? [] : [['Purchase order', poNumber] as [string, string]]),
        ['Customer', `${customer.name} · ${customer.customerId}`],
        ['Worth with tax', formatMoney(totals.gross, currency)],
        ['Goes to', [...shipTo.lines, shipTo.city, shipTo.country].filter(Boolean).join(', ')],
        ['Channel', channel],
        ['Rule', rules],
      ]),
    ],
  });
}
