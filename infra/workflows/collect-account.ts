import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Choice, Condition, JsonPath, Map as MapState, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { handOver, type TaskFunction, task } from './task.ts';

/**
 * Looks at one account on one day and sends the reminders that are due.
 * Input: `{ customerId, date, at }`. Executions are named `<customerId>-<date>`, so that a second start on a day is a
 * no-op. Reminders go out one after the other: a letter is short, and one account never has many due on a day.
 */
export function collectAccount(
  scope: Construct,
  functions: Readonly<Record<'assessAccount' | 'remindAccount', TaskFunction>>,
  failures: IQueue,
) {
  const queueFailure = handOver(scope, 'collect-account', failures);

  const remindEach = new MapState(scope, 'RemindEach', {
    itemsPath: JsonPath.stringAt('$.assessment.answer.reminders'),
    itemSelector: {
      customerId: JsonPath.stringAt('$.customerId'),
      date: JsonPath.stringAt('$.date'),
      step: JsonPath.stringAt('$$.Map.Item.Value.step'),
      invoiceIds: JsonPath.listAt('$$.Map.Item.Value.invoiceIds'),
    },
    maxConcurrency: 1,
    resultPath: JsonPath.DISCARD,
  });
  remindEach.itemProcessor(
    task(scope, 'RemindAccount', {
      function: functions.remindAccount,
      payload: {
        customerId: JsonPath.stringAt('$.customerId'),
        date: JsonPath.stringAt('$.date'),
        step: JsonPath.stringAt('$.step'),
        invoiceIds: JsonPath.listAt('$.invoiceIds'),
      },
      resultPath: '$.reminder',
      retries: 2,
    }),
  );
  remindEach.addCatch(queueFailure, { resultPath: '$.failure' });
  remindEach.next(new Succeed(scope, 'Reminded'));

  return task(scope, 'AssessAccount', {
    function: functions.assessAccount,
    payload: { customerId: JsonPath.stringAt('$.customerId'), date: JsonPath.stringAt('$.date') },
    resultPath: '$.assessment',
    retries: 2,
  })
    .addCatch(queueFailure, { resultPath: '$.failure' })
    .next(
      new Choice(scope, 'IsAnythingDue')
        .when(Condition.stringEquals('$.assessment.answer.action', 'remind'), remindEach)
        .otherwise(new Succeed(scope, 'NothingDue')),
    );
}
