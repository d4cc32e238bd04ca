import { Cron } from 'croner';
import { LocalRunError } from '../errors.ts';

const unitMs: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads a schedule expression of EventBridge Scheduler: `cron(0 8 * * ? *)` in a time zone, `rate(1 hour)` from an
 * anchor on, `at(2026-01-31T08:00:00)`.
 * @param anchor epoch milliseconds a rate counts from: when the schedule came into being
 * @returns the first occurrence strictly after a moment, in epoch milliseconds, or undefined when there is none
 * @throws LocalRunError when the expression can't be read
 */
export function readExpression(
  expression: string,
  timeZone: string,
  anchor: number,
): (after: number) => number | undefined {
  const [, kind, inside = ''] = /^(cron|rate|at)\((.+)\)$/.exec(expression.trim()) ?? [];
  switch (kind) {
    case 'cron': {
      const cron = new Cron(toCroner(inside, expression), { timezone: timeZone, paused: true });
      return (after) => cron.nextRun(new Date(after))?.getTime();
    }
    case 'rate': {
      const [, count, unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(inside) ?? [];
      const step = Number(count) * (unitMs[unit] ?? 0);
      if (!(step > 0)) throw unreadable(expression);
      return (after) => anchor + (Math.floor((after - anchor) / step) + 1) * step;
    }
    case 'at': {
      // A pattern with a year and no repetition: croner then minds the time zone.
      const once = new Cron(inside, { timezone: timeZone, paused: true });
      return (after) => once.nextRun(new Date(after))?.getTime();
    }
    default:
      throw unreadable(expression);
  }
}

/** `minutes hours day-of-month month day-of-week year`, Sunday is 1 → croner's, with seconds first and Sunday 0. */
function toCroner(fields: string, expression: string): string {
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year, ...rest] = fields.trim().split(/\s+/);
  if (dayOfWeek === undefined || year === undefined || rest.length > 0) throw unreadable(expression);
  const days = dayOfWeek.replaceAll(/(?<![#\d])([1-7])(?!\d)/g, (_, day: string) => String(Number(day) - 1));
  return ['0', minutes, hours, dayOfMonth, month, days, year].join(' ').replaceAll('?', '*');
}

function unreadable(expression: string): LocalRunError {
  return new LocalRunError(`the schedule expression ${expression} can't be read`);
}
