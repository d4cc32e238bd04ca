import type { AgeBucket } from '../report/morning-report.ts';
import type { MovementKind } from '../statement/statement.ts';
import type { Language } from './language.ts';

type StatementWords = {
  titles: { open_item: string; period: string };
  customer: string;
  drawnUp: string;
  period: string;
  vatId: string;
  registration: string;
  page: (page: number, pages: number) => string;
  columns: Record<
    'number' | 'issued' | 'due' | 'overdue' | 'total' | 'balance' | 'date' | 'what' | 'reference' | 'amount',
    string
  >;
  kinds: Readonly<Record<MovementKind, string>>;
  opening: string;
  closing: string;
  carried: string;
  brought: string;
  disputed: string;
  instalment: string;
  unapplied: string;
  openInvoices: string;
  credit: string;
  totalDue: string;
  inYourFavour: string;
  nothingOpen: string;
  noMovements: string;
  ageing: string;
  ages: Readonly<Record<AgeBucket, string>>;
  days: (days: string) => string;
  pay: (iban: string) => string;
};

/** What a statement of account says, in each language it is written in. */
export const statementWords: Readonly<Record<Language, StatementWords>> = {
  en: {
    titles: { open_item: 'Open items', period: 'Statement of account' },
    customer: 'Customer no.',
    drawnUp: 'Drawn up on',
    period: 'Period',
    vatId: 'VAT ID',
    registration: 'Registration no.',
    page: (page, pages) => `Page ${page} of ${pages}`,
    columns: {
      number: 'Number',
      issued: 'Date',
      due: 'Due',
      overdue: 'Overdue',
      total: 'Total',
      balance: 'Balance',
      date: 'Date',
      what: 'Document',
      reference: 'Reference',
      amount: 'Amount',
    },
    kinds: {
      invoice: 'Invoice',
      credit_note: 'Credit note',
      payment: 'Payment',
      discount: 'Discount',
      refund: 'Refund',
      write_off: 'Written off',
      reversal: 'Payment returned',
      allocation: 'Set against invoices',
      unallocation: 'Taken off invoices',
    },
    opening: 'Opening balance',
    closing: 'Closing balance',
    carried: 'Carried forward',
    brought: 'Brought forward',
    disputed: 'in dispute',
    instalment: 'Instalment',
    unapplied: 'Credit not set against an invoice',
    openInvoices: 'Open invoices',
    credit: 'Less credit',
    totalDue: 'Total due',
    inYourFavour: 'In your favour',
    nothingOpen: 'Nothing is open.',
    noMovements: 'Nothing changed the account in this period.',
    ageing: 'Open invoices by age',
    ages: {
      not_due: 'Not due yet',
      '1-30': '1–30 days',
      '31-60': '31–60 days',
      '61-90': '61–90 days',
      over_90: 'Over 90 days',
    },
    days: (days) => `${days} d`,
    pay: (iban) => `Please pay what is due to ${iban}, and name the numbers of the invoices.`,
  },
  de: {
    titles: { open_item: 'Offene Posten', period: 'Kontoauszug' },
    customer: 'Kundennr.',
    drawnUp: 'Erstellt am',
    period: 'Zeitraum',
    vatId: 'USt-IdNr.',
    registration: 'Registernummer',
    page: (page, pages) => `Seite ${page} von ${pages}`,
    columns: {
      number: 'Nummer',
      issued: 'Datum',
      due: 'Fällig',
      overdue: 'Überfällig',
      total: 'Betrag',
      balance: 'Saldo',
      date: 'Datum',
      what: 'Beleg',
      reference: 'Nummer',
      amount: 'Betrag',
    },
    kinds: {
      invoice: 'Rechnung',
      credit_note: 'Rechnungskorrektur',
      payment: 'Zahlung',
      discount: 'Skonto',
      refund: 'Erstattung',
      write_off: 'Ausbuchung',
      reversal: 'Rücklastschrift oder Rückbuchung',
      allocation: 'Verrechnet',
      unallocation: 'Verrechnung aufgehoben',
    },
    opening: 'Anfangssaldo',
    closing: 'Endsaldo',
    carried: 'Übertrag',
    brought: 'Übertrag',
    disputed: 'beanstandet',
    instalment: 'Rate',
    unapplied: 'Noch nicht verrechnete Guthaben',
    openInvoices: 'Offene Rechnungen',
    credit: 'Abzüglich Guthaben',
    totalDue: 'Gesamt offen',
    inYourFavour: 'Zu Ihren Gunsten',
    nothingOpen: 'Es ist nichts offen.',
    noMovements: 'In diesem Zeitraum hat sich das Konto nicht verändert.',
    ageing: 'Offene Rechnungen nach Fälligkeit',
    ages: {
      not_due: 'Nicht fällig',
      '1-30': '1–30 Tage',
      '31-60': '31–60 Tage',
      '61-90': '61–90 Tage',
      over_90: 'Über 90 Tage',
    },
    days: (days) => `${days} T.`,
    pay: (iban) =>
      `Bitte überweisen Sie fällige Beträge auf ${iban} und nennen Sie die Nummern der Rechnungen.`,
  },
};
