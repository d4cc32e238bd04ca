import type { Company } from '../../../company/company.ts';
import { cityLine, type Language } from '../../../document/language.ts';
import type { Block } from './blocks.ts';
import { oneLine } from './escape.ts';
import { renderHtml } from './html.ts';
import { renderText } from './text.ts';

/** A mail's content; who gets it and what is attached is the sender's business. */
export type MailContent = { subject: string; html: string; text: string };

export type Letter = {
  company: Company;
  language: Language;
  subject: string;
  preheader: string;
  title: string;
  blocks: readonly Block[];
  /** Points; 600 where left out. */
  width?: number;
};

/** A letter of the company as HTML and as text, with the company's data at its foot. */
export function composeMail({
  company,
  language,
  subject,
  preheader,
  title,
  blocks,
  width = 600,
}: Letter): MailContent {
  const page = {
    language,
    subject: oneLine(subject),
    preheader: oneLine(preheader),
    brand: company.tradingName ?? company.legalName,
    title: oneLine(title),
    blocks,
    footer: footerOf(company, language),
    width,
  };
  return { subject: page.subject, html: renderHtml(page), text: renderText(page) };
}

function footerOf(company: Company, language: Language): string[] {
  const vatId = { en: 'VAT ID', de: 'USt-IdNr.' }[language];
  const registration = { en: 'Registration no.', de: 'Registernummer' }[language];
  return [
    [company.legalName, ...company.addressLines, cityLine(company)].join(' · '),
    [
      `${vatId} ${company.vatId}`,
      ...(company.registrationNumber === undefined ? [] : [`${registration} ${company.registrationNumber}`]),
    ].join(' · '),
    [company.email, ...(company.phone === undefined ? [] : [company.phone])].join(' · '),
  ];
}
