import type { CalendarDate } from '../../kernel/time.ts';
import type { XmlElement } from '../../kernel/xml-elements.ts';
import { dayAt } from '../fields.ts';
import { invalid } from '../tally.ts';

/** `size` with the sign that `CdtDbtInd` of `element` says. */
export function signed(size: number, element: XmlElement, place: string): number {
  const indicator = element.text('CdtDbtInd');
  if (indicator === 'CRDT') return size;
  if (indicator === 'DBIT') return size === 0 ? 0 : -size;
  throw invalid(place, `CdtDbtInd is “${indicator ?? ''}”, neither CRDT nor DBIT`);
}

/** The day of a choice of `Dt` and `DtTm`, as the bank writes it. */
export function dateOf(choice: XmlElement | undefined, place: string): CalendarDate {
  const text = choice?.text('Dt') ?? choice?.text('DtTm') ?? '';
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d\d)-(\d\d)(?=$|[T+\-Z])/.exec(text) ?? [];
  if (!year) throw invalid(place, `“${text}” is no date`);
  return dayAt(year, month, day, place);
}
