import { describe, expect, it } from 'vitest';
import { CustomerId, OrderId, ShipmentId } from '#shared/kernel/ids.ts';
import { Currency } from '#shared/kernel/money.ts';
import { CalendarDate, instant } from '#shared/kernel/time.ts';
import { accountReminderMail } from '#shared/mail/templates/account-reminder.ts';
import { accountStatementMail } from '#shared/mail/templates/account-statement.ts';
import { creditNoteIssuedMail } from '#shared/mail/templates/credit-note-issued.ts';
import { invoiceIssuedMail } from '#shared/mail/templates/invoice-issued.ts';
import type { MailContent } from '#shared/mail/templates/layout/compose.ts';
import { safeHref } from '#shared/mail/templates/layout/escape.ts';
import { renderMorningReportMail } from '#shared/mail/templates/morning-report.ts';
import { orderCancelledMail } from '#shared/mail/templates/order-cancelled.ts';
import { orderConfirmedMail } from '#shared/mail/templates/order-confirmed.ts';
import { orderHeldMail } from '#shared/mail/templates/order-held.ts';
import { orderRejectedMail } from '#shared/mail/templates/order-rejected.ts';
import { shipmentDispatchedMail } from '#shared/mail/templates/shipment-dispatched.ts';
import { deliveryFailedMail, shipmentDeliveredMail } from '#shared/mail/templates/shipment-news.ts';
import { Shipment } from '#shared/shipment/shipment.ts';
import { totalsOf } from '#shared/tax/tax.ts';
import { morningReport } from '../document/report-sample.ts';
import {
  albion,
  creditNoteOver,
  elster,
  germanBuyer,
  goodsLines,
  invoiceOver,
  lineOf,
} from '../document/sample.ts';
import { openItemsOver, periodOver } from '../document/statement-sample.ts';

const harbour = { name: 'Harbour Lane Interiors Ltd', language: 'en' } as const;
const kontor = { name: germanBuyer.name, language: 'de' } as const;
const hostile = { name: '<script>alert("x")</script>', language: 'en' } as const;
const payUrl = 'https://api.example.com/pay/token';

const lines = goodsLines(2);
const order = {
  orderId: OrderId.parse('ord_01k9vj8q2f3g4h5j6k7m8n9p0r'),
  placedAt: instant('2026-03-30T23:30:00Z'),
  currency: Currency.parse('GBP'),
  totals: totalsOf(lines, 'GBP'),
  lineCount: 2,
  poNumber: 'PO 4711/26',
};
const reasons = [{ code: 'credit_limit_exceeded' as const, detail: 'exposure GBP 900.00 of 1,000.00' }];

describe('mails about an order', () => {
  it('confirm it with its lines and sums, on the company’s day', () => {
    const { subject, html, text } = orderConfirmedMail({ company: albion, to: harbour, order, lines });
    expect(subject).toBe('Order PO 4711/26 confirmed');
    for (const part of [html, text]) {
      expect(part).toContain('Hello Harbour Lane Interiors Ltd,');
      expect(part).toContain('31 March 2026');
      expect(part).toContain('GBP 43.62');
      expect(part).toContain('REGENCY CAKESTAND 3 TIER (22423)');
    }
  });

  it('list 25 lines of a longer one and say how many more there are', () => {
    const { text } = orderConfirmedMail({ company: albion, to: harbour, order, lines: goodsLines(721) });
    expect(text).toContain('… and 696 more lines.');
  });

  it('say that it waits, and keep the figures of the decision in the house', () => {
    const { text } = orderHeldMail({ company: albion, to: harbour, order, reasons });
    expect(text).toContain('credit limit');
    expect(text).not.toContain('900.00');
  });

  it('tell why it was turned down', () => {
    const { html } = orderRejectedMail({
      company: elster,
      to: kontor,
      order,
      reasons: [{ code: 'insufficient_stock', detail: '22423' }],
    });
    expect(html).toContain('Nicht genug auf Lager: 22423');
  });

  it('tell that it is cancelled, and the reason', () => {
    const { subject, text } = orderCancelledMail({
      company: elster,
      to: kontor,
      order,
      reason: 'Doppelt bestellt',
    });
    expect(subject).toBe('Auftrag PO 4711/26 storniert');
    expect(text).toContain('Doppelt bestellt');
  });

  it('name what has left, its carrier and tracking number', () => {
    const shipment = Shipment.parse({
      shipmentId: 'shp_01k9vj8q2f3g4h5j6k7m8n9p0s',
      orderId: order.orderId,
      customerId: 'cus_14075',
      shippedAt: '2026-03-31T09:00:00.000Z',
      shippedBy: 'Wim',
      carrier: 'Royal Mail',
      trackingNumber: 'AB123456789GB',
      lines: [{ line: 2, quantity: 3 }],
      claim: 0,
      complete: false,
    });
    const { subject, text } = shipmentDispatchedMail({
      company: albion,
      to: harbour,
      order,
      shipment,
      lines,
      trackingUrlOf: (trackingNumber) => `https://track.example/${trackingNumber}`,
    });
    expect(text).toContain('Follow the parcel: https://track.example/AB123456789GB');
    expect(subject).toBe('Part of order PO 4711/26 is on its way');
    expect(text).toContain('AB123456789GB');
    expect(text).toMatch(/WHITE HANGING HEART T-LIGHT HOLDER \(85123A\) +3/);
    expect(text).not.toContain('CAKESTAND');
  });

  it('tell what arrived, who took it and what differs, in either language', () => {
    const news = {
      orderId: order.orderId,
      shipmentId: ShipmentId.parse('shp_01k9vj8q2f3g4h5j6k7m8n9p0r'),
      units: 3,
      status: 'partly_delivered' as const,
      deliveredAt: instant('2026-04-02T10:00:00Z'),
      proof: { signedBy: 'R. Bell' },
      discrepancies: [{ line: 1, shipped: 4, delivered: 3 }],
    };
    const [first] = lines;
    const goods = first ? [{ ...first, quantity: 3 }] : [];
    const about = { order, lines, goods, news };
    const english = shipmentDeliveredMail({ company: albion, to: harbour, ...about });
    expect(english.subject).toBe('Order PO 4711/26 was delivered');
    expect(english.text).toMatch(/Received by:? +R\. Bell/);
    expect(english.text).toContain('3 arrived, 4 left');
    const german = shipmentDeliveredMail({ company: elster, to: kontor, ...about });
    expect(german.subject).toBe('Auftrag PO 4711/26 wurde zugestellt');
    expect(german.text).toContain('3 angekommen, 4 versandt');
  });

  it('tell that nobody took it, why, and where to follow it', () => {
    const about = {
      order,
      parcel: { carrier: 'Royal Mail', trackingNumber: 'AB123456789GB' },
      trackingUrl: 'https://track.example/AB123456789GB',
      news: {
        orderId: order.orderId,
        shipmentId: ShipmentId.parse('shp_01k9vj8q2f3g4h5j6k7m8n9p0r'),
        occurredAt: instant('2026-04-02T10:00:00Z'),
        reason: 'Nobody was there',
      },
    };
    const english = deliveryFailedMail({ company: albion, to: harbour, ...about });
    expect(english.subject).toBe('Order PO 4711/26 could not be delivered');
    expect(english.text).toContain('Nobody was there');
    expect(english.text).toContain('Follow the parcel: https://track.example/AB123456789GB');
    const german = deliveryFailedMail({ company: elster, to: kontor, ...about });
    expect(german.subject).toBe('Auftrag PO 4711/26 konnte nicht zugestellt werden');
  });
});

describe('mails about money', () => {
  it('send an invoice with a way to pay it', () => {
    const { subject, html, text } = invoiceIssuedMail({
      company: albion,
      invoice: invoiceOver(lines),
      payUrl,
    });
    expect(subject).toBe('Invoice INV-2026-000042 from Albion Gifts');
    expect(html).toContain(`<a href="${payUrl}"`);
    expect(html).toContain('Pay now');
    expect(text).toContain(`Pay now: ${payUrl}`);
    expect(text).toContain('GB33 BUKB 2020 1555 5555 55');
    expect(text).toContain('GBP 43.62, due by 30 April 2026');
  });

  it('send it in German to a German buyer', () => {
    const invoice = invoiceOver(lines, { buyer: germanBuyer, currency: 'EUR' });
    const { subject, html, text } = invoiceIssuedMail({ company: elster, invoice, payUrl });
    expect(subject).toBe('Rechnung INV-2026-000042 von Elster Handelsgesellschaft mbH');
    expect(html).toContain('<html lang="de"');
    expect(html).toContain('Kontor für Wohnkultur Müller &amp; Söhne GmbH');
    expect(text).toContain('EUR 43,62');
    expect(text).toContain('30. April 2026');
    expect(text).toContain(`Jetzt bezahlen: ${payUrl}`);
  });

  it('send a credit note', () => {
    const { subject, text } = creditNoteIssuedMail({ company: albion, creditNote: creditNoteOver(lines) });
    expect(subject).toBe('Credit note CN-2026-000007 from Albion Gifts');
    expect(text).toContain('INV-2026-000042');
  });

  const overdue = [
    {
      number: 'INV-2026-000042',
      dueOn: CalendarDate.parse('2026-03-31'),
      balance: 151114,
      payUrl: `${payUrl}1`,
    },
    { number: 'INV-2026-000043', dueOn: CalendarDate.parse('2026-04-09'), balance: 5, payUrl: `${payUrl}2` },
  ];
  const reminder = (
    number: number,
    count: number,
    company = albion,
    to: typeof harbour | typeof kontor = harbour,
  ) =>
    accountReminderMail({
      company,
      to,
      customerId: CustomerId.parse('cus_14075'),
      on: CalendarDate.parse('2026-04-10'),
      step: { number, name: `reminder ${number}` },
      currency: Currency.parse('GBP'),
      invoices: overdue.slice(0, count),
    });

  it('remind kindly first, of one invoice with a button', () => {
    const { subject, html, text } = reminder(1, 1);
    expect(subject).toBe('Reminder: invoice INV-2026-000042 is overdue');
    expect(text).toContain('10 days');
    expect(html).toContain('please disregard this mail');
    expect(html).toContain(`<a href="${payUrl}1"`);
  });

  it('remind more firmly, of several with a link each and their sum', () => {
    const { subject, text } = reminder(2, 2);
    expect(subject).toBe('Second reminder: 2 invoices are overdue');
    expect(text).toMatch(/INV-2026-000043 +9 April 2026 +1 day +GBP 0\.05/);
    expect(text).toContain(`${payUrl}1`);
    expect(text).toContain(`${payUrl}2`);
    expect(text).toContain('GBP 1,511.19');
  });

  it('remind for the last time, in German', () => {
    const { subject, text } = reminder(3, 2, elster, kontor);
    expect(subject).toBe('Letzte Mahnung: 2 Rechnungen sind überfällig');
    expect(text).toContain('gesetzliche Verzugszinsen');
  });
});

describe('the morning report', () => {
  it('tells the day in figures, bars and names', () => {
    const { subject, html, text } = renderMorningReportMail(morningReport());
    expect(subject).toBe('Morning report for 31 March 2026');
    expect(text).toContain('Ordered: GBP 54,148.68 (137 orders, GBP 45,123.90 net)');
    expect(text).toContain('Overdue: GBP 31,180.75 (113 invoices, 22% of what is open)');
    expect(text).toMatch(/31–60 days overdue +21 +6,400\.75/);
    expect(text).toMatch(/Receivables +GBP 142,000\.00/);
    expect(text).toMatch(/Right the first time +99\.5% \(398 of 400 invoices\)/);
    expect(text).toMatch(/Corrected: wrong price +2 credit notes, GBP 24\.00/);
    expect(text).toMatch(/Credited: goods returned +5 credit notes, EUR 10\.00, GBP 96\.00/);
    expect(text).toContain('Old Mill Trading (cus_17850)');
    expect(html).toContain('<td width="78%"');
    expect(html).not.toContain('<img');
  });

  it('says so when nothing is there to tell', () => {
    const { text } = renderMorningReportMail(
      morningReport({ currencies: [], callList: [], reminders: [], openItems: [] }),
    );
    expect(text).toContain('nothing is open');
  });
});

describe('a statement of account', () => {
  it('tells the balances of the month, what is due and how long', () => {
    const { subject, text } = accountStatementMail({
      company: albion,
      to: harbour,
      period: periodOver(2),
      open: openItemsOver(2),
    });
    expect(subject).toBe('Statement of account for April 2026 from Albion Gifts');
    expect(text).toMatch(/Balance on 30 April 2026 +GBP 1,234,566,655\.56/);
    expect(text).toMatch(/Total due, 1 May 2026 +GBP 1,234,569,074\.68/);
    expect(text).toMatch(/1–30 days +1,234,569,124\.68/);
    expect(text).toContain('GB33 BUKB 2020 1555 5555 55');
  });

  it('says in German what stands to the credit of a customer', () => {
    const { subject, text } = accountStatementMail({
      company: elster,
      to: kontor,
      period: periodOver(0),
      open: openItemsOver(0),
    });
    expect(subject).toBe('Kontoauszug April 2026 von Elster Handelsgesellschaft mbH');
    expect(text).toMatch(/Zu Ihren Gunsten, 1\. Mai 2026 +GBP 50,00/);
    expect(text).not.toContain('DE89');
  });
});

describe('every mail', () => {
  const mails: MailContent[] = [
    orderConfirmedMail({
      company: albion,
      to: hostile,
      order: { ...order, poNumber: '"><img src=x>\r\nBcc: a@example.com' },
      lines: [
        lineOf({ line: 1, sku: 'A', description: '<img src=x onerror=alert(1)>', quantity: 1, unitPrice: 1 }),
      ],
    }),
    orderCancelledMail({ company: albion, to: hostile, order, reason: '<img src=x>' }),
    renderMorningReportMail(morningReport()),
    accountStatementMail({ company: albion, to: hostile, period: periodOver(3), open: openItemsOver(3) }),
  ];

  it('shows what others wrote as text', () => {
    for (const { html } of mails) {
      expect(html).not.toContain('<script');
      expect(html).not.toContain('<img');
      expect(html).not.toContain('<b>Ltd');
    }
  });

  it('has a subject of one line', () => {
    for (const { subject } of mails) expect(subject).not.toMatch(/[\r\n]/);
  });

  it('links to web pages and addresses only', () => {
    expect(() => safeHref('javascript:alert(1)')).toThrow(RangeError);
    expect(() => safeHref('data:text/html,x')).toThrow(RangeError);
    expect(safeHref('https://example.com/?a=1&b="2"')).toBe('https://example.com/?a=1&amp;b=%222%22');
  });
});
