import { formatCount, formatRate, localeFor, longDate } from '../../document/language.ts';
import { formatAmount, formatMoney } from '../../kernel/money.ts';
import { ageBuckets, type CurrencyFigures, type MorningReport } from '../../report/morning-report.ts';
import { ageLabels, correctionLabels, methodLabels } from '../../report/report-words.ts';
import { type Block, facts, heading, note, paragraph, table } from './layout/blocks.ts';
import { composeMail, type MailContent } from './layout/compose.ts';

/** The mail names this many customers to call; the workbook names all. */
const SHOWN_CALLS = 25;

/** The morning report as finance's mail. In English: it stays in the house. */
export function renderMorningReportMail(report: MorningReport): MailContent {
  const write = writerFor(report);
  const day = longDate(report.date, write.locale);
  return composeMail({
    company: report.company,
    language: 'en',
    subject: `Morning report for ${day}`,
    preheader:
      report.currencies.map((figures) => headlineOf(figures, write)).join(' · ') || 'Nothing is open.',
    title: `Morning report for ${day}`,
    width: 700,
    blocks: [
      ...(report.currencies.length === 0 ? [paragraph('No business on that day, and nothing is open.')] : []),
      ...report.currencies.flatMap((figures) => currencyBlocks(figures, write)),
      ...accuracyBlocks(report, write),
      ...reminderBlocks(report, write),
      ...callBlocks(report, write),
      note('Attached: every open item as CSV, and as a workbook with the sums and the call list.'),
    ],
  });
}

type Writer = {
  locale: string;
  count: (count: number) => string;
  money: (amount: number, currency: string) => string;
  amount: (amount: number, currency: string) => string;
  /** A share in per cent. */
  share: (percent: string) => string;
};

function writerFor({ company }: MorningReport): Writer {
  const locale = localeFor('en', company);
  return {
    locale,
    count: (count) => formatCount(count, locale),
    money: (amount, currency) => formatMoney(amount, currency, locale),
    amount: (amount, currency) => formatAmount(amount, currency, locale),
    share: (percent) => formatRate(percent, locale),
  };
}

function headlineOf({ currency, receivables, cash }: CurrencyFigures, write: Writer): string {
  return `${write.money(received(cash).amount, currency)} received, ${write.money(overdue(receivables).balance, currency)} overdue`;
}

function currencyBlocks(figures: CurrencyFigures, write: Writer): Block[] {
  const { currency, orders, heldOrders, invoices, creditNotes, cash, receivables } = figures;
  const money = (amount: number) => write.money(amount, currency);
  const payments = received(cash);
  const late = overdue(receivables);
  return [
    heading(`The day in ${currency}`),
    {
      kind: 'figures',
      figures: [
        {
          label: 'Ordered',
          value: money(orders.gross),
          detail: `${counted(orders.count, 'order', write)}, ${money(orders.net)} net`,
        },
        {
          label: 'Invoiced',
          value: money(invoices.gross),
          detail: `${counted(invoices.count, 'invoice', write)}, ${money(invoices.tax)} of it tax`,
        },
        {
          label: 'Received',
          value: money(payments.amount),
          detail: counted(payments.count, 'payment', write),
        },
        {
          label: 'Overdue',
          value: money(late.balance),
          detail: `${counted(late.count, 'invoice', write)}${shareText(late.balance, receivables.total)}`,
        },
      ],
    },
    facts([
      ...cash.map(
        ({ method, count, amount }) =>
          [`Received by ${methodLabels[method]}`, `${money(amount)} (${write.count(count)})`] as const,
      ),
      ...(creditNotes.count === 0
        ? []
        : [
            [
              'Credited',
              `${money(creditNotes.gross)} (${counted(creditNotes.count, 'credit note', write)})`,
            ] as const,
          ]),
      [
        'On hold now',
        heldOrders.count === 0
          ? 'no orders'
          : `${counted(heldOrders.count, 'order', write)} worth ${money(heldOrders.gross)} waiting for a decision`,
      ],
    ]),
    heading(`Receivables in ${currency} by age`),
    {
      kind: 'bars',
      columns: ['Age', 'Invoices', currency],
      rows: ageBuckets.map((bucket) => {
        const { count, balance } = receivables.buckets[bucket];
        return {
          label: ageLabels[bucket],
          share: receivables.total > 0 ? balance / receivables.total : 0,
          detail: write.count(count),
          value: write.amount(balance, currency),
          warn: bucket !== 'not_due',
        };
      }),
    },
    facts([
      ['Open invoices', money(receivables.total)],
      ['Less credit not set against an invoice', money(receivables.unapplied)],
      ['Receivables', money(receivables.total - receivables.unapplied)],
    ]),
    ...overdueBlocks(figures, write),
  ];
}

function overdueBlocks({ currency, biggestOverdue }: CurrencyFigures, write: Writer): Block[] {
  if (biggestOverdue.length === 0) return [];
  const rows = biggestOverdue.map(({ customerId, customerName, invoices, balance, oldestDays }) => [
    nameOf(customerName, customerId),
    write.count(invoices),
    daysText(oldestDays, write),
    write.amount(balance, currency),
  ]);
  return [
    heading(`Who owes most past its due date, ${currency}`),
    table(
      [
        { label: 'Customer' },
        { label: 'Invoices', align: 'right' },
        { label: 'Oldest', align: 'right' },
        { label: currency, align: 'right' },
      ],
      rows,
    ),
  ];
}

function accuracyBlocks({ accuracy }: MorningReport, write: Writer): Block[] {
  const { issued, wrong, uncorrected, reasons } = accuracy;
  if (accuracy.accuracy === undefined || accuracy.uncorrectedShare === undefined) return [];
  return [
    heading('Invoice accuracy, this month'),
    facts([
      [
        'Right the first time',
        `${write.share(accuracy.accuracy)} (${write.count(issued - wrong)} of ${counted(issued, 'invoice', write)})`,
      ],
      ['Never credited at all', `${write.share(accuracy.uncorrectedShare)} (${write.count(uncorrected)})`],
      ...reasons.map(
        ({ reason, error, creditNotes, amounts }) =>
          [
            `${error ? 'Corrected' : 'Credited'}: ${correctionLabels[reason]}`,
            `${counted(creditNotes, 'credit note', write)}, ${amounts.map(({ amount, currency }) => write.money(amount, currency)).join(', ')}`,
          ] as const,
      ),
    ]),
  ];
}

function reminderBlocks({ reminders }: MorningReport, write: Writer): Block[] {
  if (reminders.length === 0) return [];
  return [
    heading('Reminders sent'),
    facts(
      reminders.map(
        ({ step, stepName, count }) => [`${step}. ${stepName}`, counted(count, 'mail', write)] as const,
      ),
    ),
  ];
}

function callBlocks({ callList }: MorningReport, write: Writer): Block[] {
  if (callList.length === 0) return [];
  const rows = callList
    .slice(0, SHOWN_CALLS)
    .map((entry) => [
      nameOf(entry.customerName, entry.customerId),
      entry.email === '' ? '' : { text: entry.email, href: `mailto:${entry.email}` },
      daysText(entry.oldestDays, write),
      write.money(entry.balance, entry.currency),
    ]);
  const more = callList.length - SHOWN_CALLS;
  return [
    heading('To call today: reminders are used up'),
    table(
      [
        { label: 'Customer' },
        { label: 'E-mail' },
        { label: 'Oldest', align: 'right' },
        { label: 'Overdue', align: 'right' },
      ],
      rows,
    ),
    ...(more > 0 ? [note(`… and ${write.count(more)} more in the workbook.`)] : []),
  ];
}

function nameOf(name: string, customerId: string): string {
  return name === customerId ? name : `${name} (${customerId})`;
}

function counted(count: number, thing: string, write: Writer): string {
  return `${write.count(count)} ${thing}${count === 1 ? '' : 's'}`;
}

function daysText(days: number, write: Writer): string {
  return `${write.count(days)} ${days === 1 ? 'day' : 'days'}`;
}

function shareText(part: number, whole: number): string {
  return whole > 0 ? `, ${Math.round((part / whole) * 100)}% of what is open` : '';
}

function received(cash: CurrencyFigures['cash']): { count: number; amount: number } {
  return cash.reduce(
    (sum, { count, amount }) => ({ count: sum.count + count, amount: sum.amount + amount }),
    {
      count: 0,
      amount: 0,
    },
  );
}

function overdue({ buckets }: CurrencyFigures['receivables']): { count: number; balance: number } {
  return ageBuckets
    .filter((bucket) => bucket !== 'not_due')
    .map((bucket) => buckets[bucket])
    .reduce((sum, { count, balance }) => ({ count: sum.count + count, balance: sum.balance + balance }), {
      count: 0,
      balance: 0,
    });
}
