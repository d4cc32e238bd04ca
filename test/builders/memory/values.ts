import type { Item, Key } from '#shared/table/table.ts';

/** What DynamoDB answers to a request it can't take, whatever is stored. */
export class ValidationException extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ValidationException';
  }
}

/**
 * A deep copy as a round trip through the document client gives it: `undefined` is dropped, −0 is 0.
 * @throws ValidationException on what DynamoDB can't hold: functions, dates, NaN, unsafe numbers
 */
export function copyOf(value: unknown, path = 'item'): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) {
        throw new ValidationException(`${path}: ${value} is not a number that can be stored exactly`);
      }
      return value === 0 ? 0 : value;
    case 'object': {
      if (value === null) return null;
      if (Array.isArray(value)) {
        return value.flatMap((element: unknown, index) =>
          element === undefined ? [] : [copyOf(element, `${path}[${index}]`)],
        );
      }
      if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null) {
        throw new ValidationException(`${path}: only plain objects can be stored`);
      }
      const copy: Record<string, unknown> = {};
      for (const [name, inner] of Object.entries(value)) {
        if (inner !== undefined) copy[name] = copyOf(inner, `${path}.${name}`);
      }
      return copy;
    }
    default:
      throw new ValidationException(`${path}: a ${typeof value} can't be stored`);
  }
}

/** A deep copy of a whole item, see {@link copyOf}. */
export function copyItem(item: Item): Item {
  const { PK, SK, ...rest } = item;
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined) copy[name] = copyOf(value, name);
  }
  return { PK, SK, ...copy };
}

/** Whether two stored values are the same to DynamoDB. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  const other = new Map(Object.entries(right));
  return Object.entries(left).every(([name, value]) => other.has(name) && sameValue(value, other.get(name)));
}

/** The order of UTF-8 bytes, in which DynamoDB sorts text. Differs from JavaScript's only beyond the basic plane. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a === b) continue;
    const [aAstral, bAstral] = [isSurrogate(a), isSurrogate(b)];
    if (aAstral !== bAstral) return aAstral ? 1 : -1;
    return a - b;
  }
  return left.length - right.length;
}

const isSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdfff;

/**
 * Bytes of a value as DynamoDB bills them (Developer Guide, "DynamoDB item sizes and formats"): text in UTF-8,
 * numbers about one byte per two digits plus one, lists and maps three bytes plus one for each element.
 */
function sizeOf(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return Buffer.byteLength(value);
    case 'number':
      return (
        Math.ceil(String(Math.abs(value)).replace(/^0\.|\.|0+$/g, '').length / 2) + 1 + (value < 0 ? 1 : 0)
      );
    case 'object':
      if (value === null) return 1;
      if (Array.isArray(value)) return value.reduce((sum: number, element) => sum + 1 + sizeOf(element), 3);
      return Object.entries(value).reduce(
        (sum, [name, inner]) => sum + 1 + Buffer.byteLength(name) + sizeOf(inner),
        3,
      );
    default:
      return 1;
  }
}

/** Bytes of an item with its attribute names. */
export function itemSize(item: Readonly<Record<string, unknown>>): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOf(value),
    0,
  );
}

/** A key as one text, for maps. */
export const keyText = ({ PK, SK }: Key) => `${PK}\u0000${SK}`;
