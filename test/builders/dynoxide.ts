import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoTable } from '#shared/table/dynamo-table.ts';
import { tableNames } from '#shared/table/names.ts';
import type { Table } from '#shared/table/table.ts';

const START_TIMEOUT_MS = 20_000;

export type Dynoxide = {
  readonly endpoint: string;
  readonly client: DynamoDBClient;
  /** A new, empty table with the deployed one's keys and indexes. */
  newTable(): Promise<Table & { readonly name: string }>;
  stop(): Promise<void>;
};

/**
 * A real dynoxide on a free port with its data in memory, or in `dbPath`.
 * `DYNAMODB_ENDPOINT` names another server to use in its place, DynamoDB Local for one.
 */
export async function startDynoxide(options: { dbPath?: string } = {}): Promise<Dynoxide> {
  const given = process.env['DYNAMODB_ENDPOINT'];
  const server = given ? undefined : await spawnServer(options.dbPath);
  const endpoint = given ?? server?.endpoint ?? '';
  const client = new DynamoDBClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  let made = 0;
  return {
    endpoint,
    client,
    async newTable() {
      made++;
      const name = `o2c-${process.pid}-${made}-${Math.random().toString(36).slice(2, 8)}`;
      await createTable(client, name);
      return { ...dynamoTable(name, client), name };
    },
    async stop() {
      client.destroy();
      if (!server || server.child.exitCode !== null) return;
      server.child.kill();
      await once(server.child, 'exit');
    },
  };
}

async function createTable(client: DynamoDBClient, TableName: string): Promise<void> {
  const indexes = Object.entries(tableNames.indexes);
  const keyNames = [tableNames, ...Object.values(tableNames.indexes)].flatMap((keys) => [
    keys.partitionKey,
    keys.sortKey,
  ]);
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keyNames.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: keySchema(tableNames),
      GlobalSecondaryIndexes: indexes.map(([IndexName, index]) => ({
        IndexName,
        KeySchema: keySchema(index),
        Projection:
          index.include.length === 0
            ? { ProjectionType: 'KEYS_ONLY' as const }
            : { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...index.include] },
      })),
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
}

function keySchema(keys: { partitionKey: string; sortKey: string }) {
  return [
    { AttributeName: keys.partitionKey, KeyType: 'HASH' as const },
    { AttributeName: keys.sortKey, KeyType: 'RANGE' as const },
  ];
}

async function spawnServer(dbPath: string | undefined): Promise<{ child: ChildProcess; endpoint: string }> {
  const port = await freePort();
  const child = spawn(binary(), ['--port', String(port), ...(dbPath ? ['--db-path', dbPath] : [])], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-2000);
  });
  process.once('exit', () => child.kill());
  const endpoint = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await answers(endpoint))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill();
      throw new Error(`dynoxide did not start: ${complaints}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { child, endpoint };
}

function binary(): string {
  const name = `@dynoxide/${process.platform}-${process.arch}`;
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return join(dirname(manifest), process.platform === 'win32' ? 'dynoxide.exe' : 'dynoxide');
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint);
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
