import { z } from 'zod';
import { LocalRunError } from '../errors.ts';

const Plain = z.record(z.string(), z.unknown());

/**
 * Whether an event matches an EventBridge pattern (also used for the filters of event source mappings). Every field of
 * the pattern must match; of the alternatives in its array one is enough; an array in the event matches by any element.
 */
export function matchesPattern(pattern: Record<string, unknown>, event: unknown): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    if (field === '$or')
      return z
        .array(Plain)
        .parse(wanted)
        .some((each) => matchesPattern(each, event));
    const found = fieldOf(event, field);
    if (!Array.isArray(wanted)) {
      const inner = Plain.parse(wanted);
      return Array.isArray(found)
        ? found.some((each) => matchesPattern(inner, each))
        : matchesPattern(inner, found);
    }
    const values: unknown[] = Array.isArray(found) && found.length > 0 ? found : [found];
    return wanted.some((alternative) => values.some((value) => matchesOne(alternative, value)));
  });
}

/**
 * Checks a pattern before it is used.
 * @throws LocalRunError when it has a filter the local run doesn't know
 */
export function checkPattern(pattern: unknown): Record<string, unknown> {
  const checked = Plain.safeParse(pattern);
  if (!checked.success) throw new LocalRunError('an event pattern must be an object');
  for (const [field, wanted] of Object.entries(checked.data)) {
    if (field === '$or') for (const each of z.array(z.unknown()).parse(wanted)) checkPattern(each);
    else if (Array.isArray(wanted)) for (const each of wanted) checkFilter(each);
    else checkPattern(wanted);
  }
  return checked.data;
}

const filters: Record<string, (given: unknown, value: unknown) => boolean> = {
  exists: (given, value) => given === (value !== undefined),
  prefix: (given, value) => withCase(given, value, (text, part) => text.startsWith(part)),
  suffix: (given, value) => withCase(given, value, (text, part) => text.endsWith(part)),
  'equals-ignore-case': (given, value) =>
    typeof value === 'string' && value.toLowerCase() === String(given).toLowerCase(),
  wildcard: (given, value) => typeof value === 'string' && wildcard(String(given)).test(value),
  numeric: (given, value) => typeof value === 'number' && inRange(z.array(z.unknown()).parse(given), value),
  'anything-but': (given, value) =>
    value !== undefined && !listOf(given).some((each) => matchesOne(each, value)),
};

function matchesOne(alternative: unknown, value: unknown): boolean {
  if (typeof alternative !== 'object' || alternative === null) return alternative === value;
  return Object.entries(alternative).every(([name, given]) => filters[name]?.(given, value) === true);
}

function checkFilter(alternative: unknown): void {
  if (typeof alternative !== 'object' || alternative === null) return;
  for (const name of Object.keys(alternative)) {
    if (!(name in filters))
      throw new LocalRunError(`the event filter "${name}" is not known to the local run`);
  }
}

function fieldOf(event: unknown, field: string): unknown {
  return typeof event === 'object' && event !== null ? Reflect.get(event, field) : undefined;
}

function listOf(given: unknown): unknown[] {
  return Array.isArray(given) ? given : [given];
}

function withCase(given: unknown, value: unknown, test: (text: string, part: string) => boolean): boolean {
  if (typeof value !== 'string') return false;
  if (typeof given === 'string') return test(value, given);
  const ignoring = z.object({ 'equals-ignore-case': z.string() }).parse(given)['equals-ignore-case'];
  return test(value.toLowerCase(), ignoring.toLowerCase());
}

function wildcard(given: string): RegExp {
  return new RegExp(
    `^${given
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );
}

/** `[">", 0, "<=", 5]`: pairs of a comparison and a number. */
function inRange(comparisons: unknown[], value: number): boolean {
  for (let at = 0; at < comparisons.length; at += 2) {
    const bound = Number(comparisons[at + 1]);
    const holds = {
      '=': value === bound,
      '>': value > bound,
      '>=': value >= bound,
      '<': value < bound,
      '<=': value <= bound,
    };
    if (!holds[z.enum(['=', '>', '>=', '<', '<=']).parse(comparisons[at])]) return false;
  }
  return true;
}
