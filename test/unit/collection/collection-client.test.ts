import { SFNClient } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { collectionStarter } from '#shared/collection/collection-client.ts';
import { CustomerId } from '#shared/kernel/ids.ts';
import { CalendarDate, Instant } from '#shared/kernel/time.ts';
import { awsEndpoint, type Reply } from '#test/builders/aws-endpoint.ts';

const started: Reply = {
  status: 200,
  body: JSON.stringify({ executionArn: 'arn:x', startDate: 1_775_631_600 }),
};
const failed = (type: string): Reply => ({
  status: 400,
  body: JSON.stringify({ __type: type, message: 'no' }),
});

async function start(...replies: Reply[]) {
  const endpoint = await awsEndpoint(...replies);
  const startCollection = collectionStarter(
    'arn:machine',
    new SFNClient({ ...endpoint.config, maxAttempts: 1 }),
  );
  await startCollection({
    customerId: CustomerId.parse('cus_acme'),
    date: CalendarDate.parse('2026-04-08'),
    at: Instant.parse('2026-04-08T07:00:00.000Z'),
  });
  return endpoint.requests;
}

describe('starting to collect from a customer', () => {
  it('names the execution by customer and day', async () => {
    const [request] = await start(started);
    expect(JSON.parse(request ?? '')).toEqual({
      stateMachineArn: 'arn:machine',
      name: 'cus_acme-2026-04-08',
      input: '{"customerId":"cus_acme","date":"2026-04-08","at":"2026-04-08T07:00:00.000Z"}',
    });
  });

  it('a second time on a day does nothing', async () => {
    await expect(start(failed('ExecutionAlreadyExists'))).resolves.toHaveLength(1);
  });

  it('fails where Step Functions does', async () => {
    await expect(start(failed('StateMachineDoesNotExist'))).rejects.toThrow('no');
  });
});
