import { tableNames } from '#shared/table/names.ts';
import type { Action, Condition, Item, Key } from '#shared/table/table.ts';
import { compareText, copyItem, copyOf, itemSize, ValidationException } from './values.ts';

const MAX_ITEM_BYTES = 400 * 1024;
const MAX_PARTITION_KEY_BYTES = 2048;
const MAX_SORT_KEY_BYTES = 1024;

/** The key an action writes to or looks at. */
export function keyOf(action: Action): Key {
  const { PK, SK } = action.do === 'put' ? action.item : action.key;
  return { PK, SK };
}

/** Whether every condition of `action` holds of `stored`. */
export function holds(action: Action, stored: Item | undefined): boolean {
  return (action.when ?? []).every((condition) => conditionHolds(condition, stored?.[condition.attribute]));
}

function conditionHolds(condition: Condition, stored: unknown): boolean {
  switch (condition.is) {
    case 'absent':
      return stored === undefined;
    case 'present':
      return stored !== undefined;
    case 'equal':
      return stored === condition.value;
    case 'atLeast':
      return compare(stored, condition.value, (order) => order >= 0);
    case 'atMost':
      return compare(stored, condition.value, (order) => order <= 0);
    default:
      return condition satisfies never;
  }
}

/** Values of different types never compare, as in DynamoDB. */
function compare(stored: unknown, bound: unknown, test: (order: number) => boolean): boolean {
  if (typeof bound === 'boolean') throw new ValidationException('booleans have no order');
  if (typeof stored === 'number' && typeof bound === 'number') return test(stored - bound);
  if (typeof stored === 'string' && typeof bound === 'string') return test(compareText(stored, bound));
  return false;
}

/**
 * What is stored after `action`; undefined when nothing is. The result shares nothing with the action.
 * @throws ValidationException when DynamoDB would not take it
 */
export function outcome(action: Action, stored: Item | undefined): Item | undefined {
  switch (action.do) {
    case 'put':
      return checked(copyItem(action.item));
    case 'update':
      return checked(updated(action, stored));
    case 'delete':
      return undefined;
    case 'check':
      if (!action.when || action.when.length === 0) throw new RangeError('a check needs a condition');
      return stored;
    default:
      return action satisfies never;
  }
}

function updated(action: Extract<Action, { do: 'update' }>, stored: Item | undefined): Item {
  const sets = Object.entries(action.set ?? {}).filter(([, value]) => value !== undefined);
  const adds = Object.entries(action.add ?? {});
  const touched = [...sets.map(([name]) => name), ...adds.map(([name]) => name), ...(action.remove ?? [])];
  if (touched.length === 0) throw new ValidationException('an update must change something');
  if (new Set(touched).size < touched.length)
    throw new ValidationException('an update touches an attribute twice');
  if (touched.includes(tableNames.partitionKey) || touched.includes(tableNames.sortKey)) {
    throw new ValidationException('a key attribute cannot be updated');
  }
  const next: Record<string, unknown> = { ...stored };
  for (const [name, value] of sets) next[name] = copyOf(value, name);
  for (const [name, amount] of adds) {
    const before = next[name] ?? 0;
    if (typeof before !== 'number') throw new ValidationException(`${name} is not a number`);
    next[name] = copyOf(before + amount, name);
  }
  for (const name of action.remove ?? []) delete next[name];
  return { ...next, PK: action.key.PK, SK: action.key.SK };
}

function checked(item: Item): Item {
  checkKey(item.PK, tableNames.partitionKey, MAX_PARTITION_KEY_BYTES);
  checkKey(item.SK, tableNames.sortKey, MAX_SORT_KEY_BYTES);
  for (const index of Object.values(tableNames.indexes)) {
    const [partition, sort] = [item[index.partitionKey], item[index.sortKey]];
    if (partition !== undefined) checkKey(partition, index.partitionKey, MAX_PARTITION_KEY_BYTES);
    if (sort !== undefined) checkKey(sort, index.sortKey, MAX_SORT_KEY_BYTES);
  }
  const size = itemSize(item);
  if (size > MAX_ITEM_BYTES) {
    throw new ValidationException(`Item size has exceeded the maximum allowed size: ${size} bytes`);
  }
  return item;
}

function checkKey(value: unknown, name: string, maxBytes: number): void {
  if (typeof value !== 'string' || value === '' || Buffer.byteLength(value) > maxBytes) {
    throw new ValidationException(`${name} must be a text of 1 to ${maxBytes} bytes`);
  }
}
