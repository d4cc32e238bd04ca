import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { conditionOf, keyConditionOf, updateOf } from './expressions.ts';
import { tableNames } from './names.ts';
import {
  type Action,
  ConditionFailed,
  type Item,
  type Key,
  type Query,
  type Table,
  TransactionConflict,
} from './table.ts';

/** DynamoDB takes this many keys in one BatchGetItem. */
const BATCH_GET_LIMIT = 100;

const ItemSchema = z.looseObject({ PK: z.string(), SK: z.string() });

/** The deployed table. One per function instance: the client keeps its connection between calls. */
export function dynamoTable(
  tableName = process.env['TABLE_NAME'] ?? '',
  client = new DynamoDBClient({}),
): Table {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

  const toTransactItem = (action: Action) => {
    const condition = conditionOf(action.when);
    const common = {
      TableName: tableName,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
    switch (action.do) {
      case 'put':
        return { Put: { ...common, Item: action.item, ...condition } };
      case 'update':
        return { Update: { ...common, Key: action.key, ...updateOf(action) } };
      case 'delete':
        return { Delete: { ...common, Key: action.key, ...condition } };
      case 'check':
        return { ConditionCheck: { ...common, Key: action.key, ...required(condition) } };
      default:
        return action satisfies never;
    }
  };

  const getBatch = async (keys: readonly Key[], consistent: boolean): Promise<Item[]> => {
    const found: Item[] = [];
    let rest: readonly Record<string, unknown>[] = keys;
    for (let attempt = 0; rest.length > 0; attempt++) {
      if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** attempt));
      const answer = await documents.send(
        new BatchGetCommand({
          RequestItems: { [tableName]: { Keys: [...rest], ConsistentRead: consistent } },
        }),
      );
      found.push(...(answer.Responses?.[tableName] ?? []).map((item) => ItemSchema.parse(item)));
      rest = answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
    }
    return found;
  };

  return {
    async get(key, options) {
      const answer = await documents.send(
        new GetCommand({ TableName: tableName, Key: key, ConsistentRead: options?.consistent ?? false }),
      );
      return answer.Item && ItemSchema.parse(answer.Item);
    },

    async getMany(keys, options) {
      const batches: Key[][] = [];
      for (let start = 0; start < keys.length; start += BATCH_GET_LIMIT) {
        batches.push(keys.slice(start, start + BATCH_GET_LIMIT).map(({ PK, SK }) => ({ PK, SK })));
      }
      return (
        await Promise.all(batches.map((batch) => getBatch(batch, options?.consistent ?? false)))
      ).flat();
    },

    async query(query: Query) {
      const answer = await documents.send(
        new QueryCommand({
          TableName: tableName,
          ...(query.index && { IndexName: query.index }),
          ...keyConditionOf(query, query.index ? tableNames.indexes[query.index] : tableNames),
          ScanIndexForward: !query.newestFirst,
          ConsistentRead: query.consistent ?? false,
          ...(query.limit && { Limit: query.limit }),
          ...(query.after && { ExclusiveStartKey: { ...query.after } }),
        }),
      );
      const items = (answer.Items ?? []).map((item) => ItemSchema.parse(item));
      return answer.LastEvaluatedKey ? { items, next: answer.LastEvaluatedKey } : { items };
    },

    async write(action) {
      const condition = conditionOf(action.when);
      const common = { TableName: tableName, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
      try {
        switch (action.do) {
          case 'put':
            await documents.send(new PutCommand({ ...common, Item: action.item, ...condition }));
            return;
          case 'update':
            await documents.send(new UpdateCommand({ ...common, Key: action.key, ...updateOf(action) }));
            return;
          case 'delete':
            await documents.send(new DeleteCommand({ ...common, Key: action.key, ...condition }));
            return;
          case 'check':
            return await this.transact([action]);
          default:
            action satisfies never;
        }
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) throw new ConditionFailed(0, plain(error.Item));
        throw translate(error);
      }
    },

    async transact(actions) {
      try {
        await documents.send(new TransactWriteCommand({ TransactItems: actions.map(toTransactItem) }));
      } catch (error) {
        throw translate(error);
      }
    },
  };
}

/** A transaction that holds the item refuses single writes too, as TransactionConflictException. */
const heldByAnother = ['TransactionInProgressException', 'TransactionConflictException'];

function translate(error: unknown): unknown {
  if (error instanceof Error && heldByAnother.includes(error.name)) return new TransactionConflict();
  if (!(error instanceof TransactionCanceledException)) return error;
  const reasons = error.CancellationReasons ?? [];
  const failed = reasons.findIndex((reason) => reason.Code === 'ConditionalCheckFailed');
  if (failed >= 0) return new ConditionFailed(failed, plain(reasons[failed]?.Item));
  const retryable = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];
  return reasons.some((reason) => retryable.includes(reason.Code ?? '')) ? new TransactionConflict() : error;
}

/** The item as plain values; the exceptions carry it in DynamoDB's own notation even through the document client. */
function plain(item: Parameters<typeof unmarshall>[0] | undefined): Item | undefined {
  return item && ItemSchema.parse(unmarshall(item));
}

function required(condition: ReturnType<typeof conditionOf>) {
  if (!condition.ConditionExpression) throw new RangeError('a check needs a condition');
  return { ...condition, ConditionExpression: condition.ConditionExpression };
}
