import { z } from 'zod';
import type { DynamoDbClient } from './client.ts';

/** A value as DynamoDB writes it: `{"S": "…"}`. */
const AttributeValue = z.record(z.string(), z.unknown());
const Page = z.object({
  Items: z.array(z.record(z.string(), AttributeValue)).default([]),
  LastEvaluatedKey: z.record(z.string(), AttributeValue).optional(),
});

/** Every item of a table as a plain object, page by page; consistent reads, not metered. */
export async function* scanTable(
  client: DynamoDbClient,
  TableName: string,
): AsyncGenerator<Record<string, unknown>> {
  let ExclusiveStartKey: unknown;
  do {
    const page = await client.call(
      'DynamoDB_20120810.Scan',
      { TableName, ConsistentRead: true, ...(ExclusiveStartKey !== undefined && { ExclusiveStartKey }) },
      Page,
    );
    for (const item of page.Items) yield plainItem(item);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
}

function plainItem(item: Record<string, Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)]));
}

/** Numbers become JavaScript numbers, sets arrays, binary base64 text. */
function plainValue(value: Record<string, unknown>): unknown {
  const [[type, inner] = ['NULL', true]] = Object.entries(value);
  switch (type) {
    case 'N':
      return Number(inner);
    case 'NS':
      return z.array(z.coerce.number()).parse(inner);
    case 'NULL':
      return null;
    case 'L':
      return z.array(AttributeValue).parse(inner).map(plainValue);
    case 'M':
      return plainItem(z.record(z.string(), AttributeValue).parse(inner));
    default:
      return inner;
  }
}
