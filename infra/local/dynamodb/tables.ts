import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { LocalRunError } from '../errors.ts';
import { type Assembly, resourcesOf } from '../template/assembly.ts';
import type { Resolver } from '../template/intrinsics.ts';
import { type DynamoDbClient, DynamoDbError } from './client.ts';

const KeySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.string() }));
const Index = z.object({
  IndexName: z.string(),
  KeySchema,
  Projection: z.object({
    ProjectionType: z.string().default('ALL'),
    NonKeyAttributes: z.array(z.string()).optional(),
  }),
});

const TableProperties = z.object({
  KeySchema,
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.string() })),
  GlobalSecondaryIndexes: z.array(Index).default([]),
  StreamSpecification: z.object({ StreamViewType: z.string() }).optional(),
  TimeToLiveSpecification: z.object({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
});

const Described = z.object({
  Table: z.object({
    TableStatus: z.string(),
    KeySchema,
    GlobalSecondaryIndexes: z.array(Index).default([]),
    LatestStreamArn: z.string().optional(),
  }),
});

/** A table that stands, and its stream as the local DynamoDB names it. */
export type StandingTable = { name: string; streamArn: string | undefined };

/**
 * Makes the tables of the template where they are missing and checks them where they are there.
 * @param fresh drops what is there first
 * @throws LocalRunError when a table is there with other keys or indexes than the template's
 */
export async function prepareTables(
  assembly: Assembly,
  resolver: Resolver,
  client: DynamoDbClient,
  fresh: boolean,
): Promise<StandingTable[]> {
  const tables: StandingTable[] = [];
  for (const resource of resourcesOf(assembly, 'AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable')) {
    const { name } = resolver.identity(resource);
    const wanted = TableProperties.parse(resolver.properties(resource));
    if (fresh) await drop(client, name);
    const there = await describe(client, name);
    if (there === undefined) await create(client, name, wanted);
    else if (!isDeepStrictEqual(shape(there.Table), shape(wanted))) {
      throw new LocalRunError(
        `The stored table ${name} has other keys or indexes than the template: start with --fresh`,
      );
    }
    const streamArn = await whenActive(client, name);
    tables.push({ name, streamArn });
  }
  return tables;
}

async function describe(
  client: DynamoDbClient,
  TableName: string,
): Promise<z.infer<typeof Described> | undefined> {
  try {
    return await client.call('DynamoDB_20120810.DescribeTable', { TableName }, Described);
  } catch (error) {
    if (error instanceof DynamoDbError && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

async function drop(client: DynamoDbClient, TableName: string): Promise<void> {
  if ((await describe(client, TableName)) === undefined) return;
  await client.call('DynamoDB_20120810.DeleteTable', { TableName }, z.unknown());
  while ((await describe(client, TableName)) !== undefined)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

async function create(
  client: DynamoDbClient,
  TableName: string,
  wanted: z.infer<typeof TableProperties>,
): Promise<void> {
  const { KeySchema: keys, AttributeDefinitions, GlobalSecondaryIndexes, StreamSpecification } = wanted;
  await client.call(
    'DynamoDB_20120810.CreateTable',
    {
      TableName,
      KeySchema: keys,
      AttributeDefinitions,
      BillingMode: 'PAY_PER_REQUEST',
      ...(GlobalSecondaryIndexes.length > 0 && { GlobalSecondaryIndexes }),
      ...(StreamSpecification !== undefined && {
        StreamSpecification: { StreamEnabled: true, StreamViewType: StreamSpecification.StreamViewType },
      }),
    },
    z.unknown(),
  );
  await whenActive(client, TableName);
  if (wanted.TimeToLiveSpecification?.Enabled === true) {
    const { TimeToLiveSpecification } = wanted;
    await client.call(
      'DynamoDB_20120810.UpdateTimeToLive',
      { TableName, TimeToLiveSpecification },
      z.unknown(),
    );
  }
}

async function whenActive(client: DynamoDbClient, TableName: string): Promise<string | undefined> {
  for (;;) {
    const { Table } = await client.call('DynamoDB_20120810.DescribeTable', { TableName }, Described);
    if (Table.TableStatus === 'ACTIVE') return Table.LatestStreamArn;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Keys and indexes in one order, to compare what is there with what is wanted. */
function shape(table: {
  KeySchema: z.infer<typeof KeySchema>;
  GlobalSecondaryIndexes: z.infer<typeof Index>[];
}): unknown {
  const keys = (schema: z.infer<typeof KeySchema>): string[] =>
    schema.map((key) => `${key.KeyType} ${key.AttributeName}`).sort();
  const indexes = table.GlobalSecondaryIndexes.map((index) => ({
    name: index.IndexName,
    keys: keys(index.KeySchema),
    projection: [index.Projection.ProjectionType, ...(index.Projection.NonKeyAttributes ?? []).toSorted()],
  }));
  return { keys: keys(table.KeySchema), indexes: indexes.sort((a, b) => a.name.localeCompare(b.name)) };
}
