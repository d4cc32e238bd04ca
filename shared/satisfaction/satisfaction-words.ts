import type { SatisfactionKind } from './satisfaction.ts';

type SatisfactionWords = {
  title: Readonly<Record<SatisfactionKind, string>>;
  ask: string;
  /** Of the scores 1 to 5. */
  labels: readonly [string, string, string, string, string];
  comment: string;
  thanks: string;
  said: (label: string) => string;
};

/** What mails and pages say about satisfaction, in each language. */
export const satisfactionWords: Readonly<Record<'en' | 'de', SatisfactionWords>> = {
  en: {
    title: { delivery: 'How was your delivery?', resolution: 'How did we handle your case?' },
    ask: 'One click is enough.',
    labels: ['Very dissatisfied', 'Dissatisfied', 'Neither', 'Satisfied', 'Very satisfied'],
    comment: 'If you like, tell us why',
    thanks: 'Thank you!',
    said: (label) => `You said: ${label}. You can still change it.`,
  },
  de: {
    title: { delivery: 'Wie war Ihre Lieferung?', resolution: 'Wie haben wir Ihren Vorgang bearbeitet?' },
    ask: 'Ein Klick genügt.',
    labels: ['Sehr unzufrieden', 'Unzufrieden', 'Teils, teils', 'Zufrieden', 'Sehr zufrieden'],
    comment: 'Wenn Sie mögen: Woran lag es?',
    thanks: 'Vielen Dank!',
    said: (label) => `Ihre Antwort: ${label}. Sie können sie noch ändern.`,
  },
};
