import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamoTable } from '#shared/table/dynamo-table.ts';
import { TransactionConflict } from '#shared/table/table.ts';
import { awsEndpoint } from '../builders/aws-endpoint.ts';

const put = { do: 'put', item: { PK: 'a', SK: 'HEAD' } } as const;

/** A table on which every request fails as told. dynoxide can't be made to fail so. */
async function failing(type: string, rest: Record<string, unknown> = {}) {
  const body = JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'no', ...rest });
  const { config } = await awsEndpoint({ status: 400, body });
  return dynamoTable('table', new DynamoDBClient({ ...config, maxAttempts: 1 }));
}

const cancelled = (...codes: string[]) => ({ CancellationReasons: codes.map((Code) => ({ Code })) });

describe('what DynamoDB answers when it does not write', () => {
  it('is a conflict when a transaction holds the item of a single write', async () => {
    const table = await failing('TransactionConflictException');
    await expect(table.write(put)).rejects.toThrow(TransactionConflict);
  });

  it('is a conflict when the same transaction is under way', async () => {
    const table = await failing('TransactionInProgressException');
    await expect(table.transact([put])).rejects.toThrow(TransactionConflict);
  });

  it.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'is a conflict when a transaction is cancelled for %s',
    async (code) => {
      const table = await failing('TransactionCanceledException', cancelled('None', code));
      await expect(table.transact([put])).rejects.toThrow(TransactionConflict);
    },
  );

  it('is a failed condition, which no retry helps, when it comes with a conflict', async () => {
    const codes = cancelled('TransactionConflict', 'ConditionalCheckFailed');
    const table = await failing('TransactionCanceledException', codes);
    await expect(table.transact([put])).rejects.toMatchObject({
      name: 'ConditionFailed',
      index: 1,
      found: undefined,
    });
  });

  it('stays what it is when it is about the request', async () => {
    const table = await failing('TransactionCanceledException', cancelled('ValidationError'));
    await expect(table.transact([put])).rejects.toMatchObject({ name: 'TransactionCanceledException' });
    const throttled = await failing('ProvisionedThroughputExceededException');
    await expect(throttled.write(put)).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
    });
  });
});
