import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { tableNames } from '#shared/table/names.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import type { ServiceFunction } from './service-function.ts';

/** What the relay may do besides publishing: read the stream, and tell which records it gave up on. */
export function streamStatements(table: Table, undelivered: DeadLetterQueue): PolicyStatement[] {
  if (table.tableStreamArn === undefined) throw new Error('The table has no stream');
  return [
    new PolicyStatement({
      sid: 'ReadStream',
      actions: [
        'dynamodb:DescribeStream',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
      ],
      resources: [table.tableStreamArn],
    }),
    new PolicyStatement({ sid: 'GiveUp', actions: ['sqs:SendMessage'], resources: [undelivered.queueArn] }),
  ];
}

/**
 * Feeds new facts from the stream of the table to the relay, in order per partition key. The relay reports the first
 * fact of a batch that failed, the rest is tried again from there; a batch that throws is cut in half until the bad
 * record is alone. After 2 hours or 50 attempts a record is given up: its position goes to the queue, while the fact
 * stays in the table, from where docs/runbook.md relays it again.
 */
export function relayStream(
  scope: Construct,
  table: Table,
  relay: ServiceFunction,
  undelivered: DeadLetterQueue,
): EventSourceMapping {
  if (table.tableStreamArn === undefined) throw new Error('The table has no stream');
  return new EventSourceMapping(scope, 'FactStream', {
    target: relay.lambda,
    eventSourceArn: table.tableStreamArn,
    // From the oldest record, so that facts written before the mapping stood are relayed too.
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: 100,
    parallelizationFactor: 2,
    maxRecordAge: Duration.hours(2),
    retryAttempts: 50,
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    onFailure: new SqsDlq(undelivered),
    filters: [
      FilterCriteria.filter({
        eventName: FilterRule.isEqual('INSERT'),
        dynamodb: { Keys: { [tableNames.sortKey]: { S: FilterRule.beginsWith(tableNames.factPrefix) } } },
      }),
    ],
  });
}
