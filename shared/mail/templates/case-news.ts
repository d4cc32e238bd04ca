import type { Case, CaseIn } from '../../case/case.ts';
import type { Company } from '../../company/company.ts';
import { type Addressee, voiceFor } from './correspondence.ts';
import { howSatisfied } from './how-satisfied.ts';
import { type Block, facts, paragraph } from './layout/blocks.ts';
import { composeMail, type MailContent } from './layout/compose.ts';

export type CaseNews = { company: Company; to: Addressee; found: Case; text: string };

/** Tells the customer that we have its message, or found something out ourselves. */
export function caseOpenedMail({ company, to, found, text }: CaseNews): MailContent {
  const words = {
    en: {
      subject: `${found.subject} (${found.caseId})`,
      title: 'We look into it',
      preheader: 'You hear from us as soon as we know more.',
      intro:
        'We look into this and come back to you. Answer through the API or to this mail with the number below.',
    },
    de: {
      subject: `${found.subject} (${found.caseId})`,
      title: 'Wir kümmern uns darum',
      preheader: 'Sie hören von uns, sobald wir mehr wissen.',
      intro: 'wir kümmern uns darum und melden uns. Nennen Sie bei Rückfragen bitte die Nummer unten.',
    },
  }[to.language];
  return about({ company, to, found, text }, words);
}

/** Brings the customer our answer. */
export function caseRepliedMail({ company, to, found, text }: CaseNews): MailContent {
  const words = {
    en: {
      subject: `Re: ${found.subject} (${found.caseId})`,
      title: 'Our answer',
      preheader: text.slice(0, 80),
      intro: 'This is our answer to your case.',
    },
    de: {
      subject: `AW: ${found.subject} (${found.caseId})`,
      title: 'Unsere Antwort',
      preheader: text.slice(0, 80),
      intro: 'dies ist unsere Antwort zu Ihrem Vorgang.',
    },
  }[to.language];
  return about({ company, to, found, text }, words);
}

/** Tells the customer how its case was resolved. */
export function caseResolvedMail(
  news: Omit<CaseNews, 'found' | 'text'> & {
    found: CaseIn<'resolved'>;
    scoreUrlOf: (score: number) => string;
  },
): MailContent {
  const { to, found } = news;
  const words = {
    en: {
      subject: `Resolved: ${found.subject} (${found.caseId})`,
      title: 'Your case is resolved',
      preheader: found.conclusion.slice(0, 80),
      intro: 'We resolved your case. Tell us if you see it otherwise: it can be opened again.',
    },
    de: {
      subject: `Erledigt: ${found.subject} (${found.caseId})`,
      title: 'Ihr Vorgang ist erledigt',
      preheader: found.conclusion.slice(0, 80),
      intro: 'Ihr Vorgang ist erledigt. Sehen Sie das anders, sagen Sie es uns: Er lässt sich wieder öffnen.',
    },
  }[to.language];
  const question = howSatisfied('resolution', to.language, news.scoreUrlOf);
  return about({ ...news, text: found.conclusion }, words, question);
}

/** Tells whoever the policy names that a case is overdue. */
export function caseEscalatedMail({
  company,
  found,
  customerName,
  step,
}: {
  company: Company;
  found: Case;
  customerName: string;
  step: number;
}): MailContent {
  return composeMail({
    company,
    language: 'en',
    subject: `Overdue: ${found.subject} (${found.caseId})`,
    preheader: `Escalation ${step}.`,
    title: 'A case is overdue',
    blocks: [
      paragraph('Nobody has answered or resolved this case in time.'),
      facts([
        ['Case', found.caseId],
        ['Customer', `${customerName} · ${found.customerId}`],
        ['Subject', found.subject],
        ['Opened', found.openedAt],
        ...(found.status === 'open' ? [['Due', found.dueAt] as [string, string]] : []),
        ['Owner', found.owner?.name ?? 'nobody'],
        ['Escalation', String(step)],
      ]),
    ],
  });
}

type Words = { subject: string; title: string; preheader: string; intro: string };

function about(
  { company, to, found, text }: CaseNews,
  words: Words,
  question: readonly Block[] = [],
): MailContent {
  const voice = voiceFor(company, to);
  const label = { en: 'Case', de: 'Vorgang' }[to.language];
  const order = { en: 'Order', de: 'Auftrag' }[to.language];
  const { orderId } = found.about ?? {};
  return composeMail({
    company,
    language: to.language,
    subject: words.subject,
    preheader: words.preheader,
    title: words.title,
    blocks: [
      voice.greeting,
      paragraph(words.intro),
      ...text.split(/\n{2,}/).map((part) => paragraph(part)),
      facts([
        [label, found.caseId],
        ...(orderId === undefined ? [] : [[order, orderId] as [string, string]]),
      ]),
      ...question,
      voice.closing,
    ],
  });
}
