import * as z from 'zod';

/** A moment in UTC with milliseconds, e.g. `2026-03-31T23:59:59.000Z`. Sorts as text. */
export const Instant = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/,
    'must be an ISO 8601 instant in UTC with milliseconds',
  )
  .brand('Instant');
export type Instant = z.infer<typeof Instant>;

/** A day in the company's time zone, e.g. `2026-03-31`. Sorts as text. */
export const CalendarDate = z.iso.date('must be a date as YYYY-MM-DD').brand('CalendarDate');
export type CalendarDate = z.infer<typeof CalendarDate>;

/** The instant of a moment told in any ISO 8601 form or in milliseconds since 1970. @throws RangeError on nonsense */
export function instant(moment: string | number): Instant {
  return Instant.parse(new Date(moment).toISOString());
}

/** The day it is in `timeZone` (IANA name) at `at`. */
export function dateIn(timeZone: string, at: Instant): CalendarDate {
  return CalendarDate.parse(dayFormat(timeZone).format(new Date(at)));
}

const dayFormats = new Map<string, Intl.DateTimeFormat>();
function dayFormat(timeZone: string): Intl.DateTimeFormat {
  let format = dayFormats.get(timeZone);
  if (!format) {
    // Canadian English writes dates as YYYY-MM-DD.
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    dayFormats.set(timeZone, format);
  }
  return format;
}
