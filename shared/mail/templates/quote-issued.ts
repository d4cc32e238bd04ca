import type { Company } from '../../company/company.ts';
import { localeFor, longDate } from '../../document/language.ts';
import { formatMoney } from '../../kernel/money.ts';
import type { Quote } from '../../quote/quote.ts';
import { type Addressee, voiceFor } from './correspondence.ts';
import { facts, paragraph } from './layout/blocks.ts';
import { composeMail, type MailContent } from './layout/compose.ts';

export type QuoteIssued = { company: Company; to: Addressee; quote: Quote };

/** Brings the customer a quote: what, for how much, until when. */
export function quoteIssuedMail({ company, to, quote }: QuoteIssued): MailContent {
  const voice = voiceFor(company, to);
  const locale = localeFor(to.language, company);
  const { quoteId, validUntil, note, request, totals } = quote;
  const until = longDate(validUntil, locale);
  const money = (amount: number) => formatMoney(amount, request.currency, locale);
  const words = {
    en: {
      subject: `Our quote over ${money(totals.gross)}, valid until ${until}`,
      title: 'Our quote for you',
      preheader: `Valid until ${until}.`,
      intro: 'This is what we offer you. Nothing is reserved until you accept it.',
      number: 'Quote',
      until: 'Valid until',
      net: 'Without tax',
      gross: 'With tax',
      each: 'each',
    },
    de: {
      subject: `Unser Angebot über ${money(totals.gross)}, gültig bis ${until}`,
      title: 'Unser Angebot für Sie',
      preheader: `Gültig bis ${until}.`,
      intro: 'das bieten wir Ihnen an. Reserviert ist nichts, bis Sie annehmen.',
      number: 'Angebot',
      until: 'Gültig bis',
      net: 'Ohne Steuer',
      gross: 'Mit Steuer',
      each: 'je',
    },
  }[to.language];
  const lines = request.lines.map(
    ({ sku, description, quantity, unitPrice = 0 }) =>
      [`${quantity} × ${description ?? sku}`, `${words.each} ${money(unitPrice)}`] as [string, string],
  );
  return composeMail({
    company,
    language: to.language,
    subject: words.subject,
    preheader: words.preheader,
    title: words.title,
    blocks: [
      voice.greeting,
      paragraph(words.intro),
      ...(note === undefined ? [] : [paragraph(note)]),
      facts([
        [words.number, quoteId],
        [words.until, until],
        ...lines.slice(0, 50),
        [words.net, money(totals.net)],
        [words.gross, money(totals.gross)],
      ]),
      voice.closing,
    ],
  });
}
