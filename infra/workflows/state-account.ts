import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { JsonPath, Succeed, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { handOver, type TaskFunction, task } from './task.ts';

/**
 * Sends one customer the statement of a month. Input: `{ customerId, from, to, notBefore }`. Executions are named
 * `<customerId>-<month>`, so that a second start is a no-op, and wait for their turn: thousands set out on one morning,
 * and the mail service takes so many a second.
 */
export function stateAccount(
  scope: Construct,
  functions: Readonly<Record<'sendStatement', TaskFunction>>,
  failures: IQueue,
) {
  return new Wait(scope, 'WaitForTurn', { time: WaitTime.timestampPath('$.notBefore') }).next(
    task(scope, 'SendStatement', {
      function: functions.sendStatement,
      payload: {
        customerId: JsonPath.stringAt('$.customerId'),
        from: JsonPath.stringAt('$.from'),
        to: JsonPath.stringAt('$.to'),
      },
      resultPath: '$.statement',
      retries: 2,
    })
      .addCatch(handOver(scope, 'state-account', failures), { resultPath: '$.failure' })
      .next(new Succeed(scope, 'Sent')),
  );
}
