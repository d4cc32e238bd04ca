import type { CalendarDate } from '../kernel/time.ts';
import type { Comparison, Rule, RuleCondition } from './rule.ts';
import type { RuleEffects, RuleId, RuleTouch } from './rule-effects.ts';
import { ruleFields, type Subject } from './rule-fields.ts';

/** A rule in one of its versions; `fault` where it can't be read any more. */
export type RuleVersion = {
  readonly ruleId: RuleId;
  readonly version: number;
  readonly rule: Rule | { readonly fault: string; readonly order: number };
};

/** What rules do to an order: of contradicting ones the first wins. */
export type Ruling = {
  readonly touched: readonly RuleTouch[];
  readonly effects: Partial<RuleEffects>;
};

/** The order rules are asked in, whatever order they are stored in. */
export function inOrder(rules: readonly RuleVersion[]): RuleVersion[] {
  return rules.toSorted(
    (one, other) => one.rule.order - other.rule.order || (one.ruleId < other.ruleId ? -1 : 1),
  );
}

/**
 * Asks rules about an order, each for itself: none sees what another did. One that fails leaves the others alone; its
 * failure is told, and holds the order.
 * @param date the day of the order: rules of other days are passed over
 */
export function applyRules(rules: readonly RuleVersion[], subject: Subject, date: CalendarDate): Ruling {
  const touched: RuleTouch[] = [];
  for (const { ruleId, version, rule } of inOrder(rules)) {
    if ('fault' in rule) {
      touched.push({ ruleId, version, failed: rule.fault });
      continue;
    }
    if (!rule.active || (rule.from ?? date) > date || (rule.to ?? date) < date) continue;
    try {
      if (!isTrue(rule.when, subject)) continue;
      touched.push({ ruleId, version, did: rule.then });
      if (rule.stop) break;
    } catch (error) {
      touched.push({ ruleId, version, failed: error instanceof Error ? error.message : String(error) });
    }
  }
  return { touched, effects: joined(touched.flatMap(({ did }) => did ?? [])) };
}

/** Whether a condition holds of an order. @throws RangeError for what the table of fields does not know */
function isTrue(condition: RuleCondition, subject: Subject): boolean {
  if ('all' in condition) return condition.all.every((each) => isTrue(each, subject));
  if ('any' in condition) return condition.any.some((each) => isTrue(each, subject));
  if ('not' in condition) return !isTrue(condition.not, subject);
  return compare(condition, subject);
}

function compare({ field, is, value }: Comparison, subject: Subject): boolean {
  const known = Object.hasOwn(ruleFields, field) ? ruleFields[field] : undefined;
  if (!known) throw new RangeError(`there is no field ${field}`);
  const found = known.of(subject);
  const values: readonly (string | number)[] = Array.isArray(value) ? value : [value];
  switch (is) {
    case 'is':
      return found === value;
    case 'is_not':
      return found !== value;
    case 'is_one_of':
      return typeof found !== 'object' && values.includes(found);
    case 'above':
      return typeof found === 'number' && typeof value === 'number' && found > value;
    case 'below':
      return typeof found === 'number' && typeof value === 'number' && found < value;
    case 'has':
    case 'has_any_of':
      return (
        typeof found === 'object' && values.some((each) => typeof each === 'string' && found.includes(each))
      );
    default:
      throw new RangeError(`nothing can be asked by ${is}`);
  }
}

/** What several rules do together. */
function joined(all: readonly RuleEffects[]): Partial<RuleEffects> {
  const first = <K extends 'hold' | 'approval' | 'warehouse' | 'priority'>(key: K) => {
    const found = all.find((effects) => effects[key] !== undefined)?.[key];
    return found === undefined ? {} : { [key]: found };
  };
  const tags = [...new Set(all.flatMap((effects) => effects.tags ?? []))];
  const notify = [...new Set(all.flatMap((effects) => effects.notify ?? []))];
  return {
    ...first('hold'),
    ...first('approval'),
    ...first('warehouse'),
    ...first('priority'),
    ...(tags.length > 0 && { tags }),
    ...(notify.length > 0 && { notify }),
  };
}
