import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Choice, Condition, JsonPath, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { handOver, type TaskFunction, task } from './task.ts';

export type AcceptOrderFunctions = Readonly<
  Record<'verifyOrder' | 'reserveStock' | 'assessCredit' | 'holdOrder' | 'rejectOrder', TaskFunction>
>;

/**
 * Carries a placed order to a decision: confirmed, held for a person, or rejected with its stock released.
 * Input: the fact `order.placed` as it stands on the bus, or one that put the order back to be decided about; `subject` is the
 * order id.
 *
 * Longest path, each task at its last attempt: verify 48 s + reserve 136 s + assess 48 s + hold 48 s + queue 11 s
 * = 291 s, below the 300 s of an Express execution.
 */
export function acceptOrder(scope: Construct, functions: AcceptOrderFunctions, failures: IQueue) {
  const orderId = JsonPath.stringAt('$.subject');
  const queueFailure = handOver(scope, 'accept-order', failures);

  const holdFailed = task(scope, 'HoldFailedOrder', {
    function: functions.holdOrder,
    payload: {
      orderId,
      reasons: [
        {
          code: 'processing_failed',
          detail: 'A step failed after its retries. Release the order to try again.',
        },
      ],
    },
    resultPath: '$.hold',
    retries: 2,
  })
    .addCatch(queueFailure, { resultPath: '$.failure' })
    .next(new Succeed(scope, 'HeldAfterFailure', { comment: 'A person decides; the facts say what failed' }));

  const hold = task(scope, 'HoldOrder', {
    function: functions.holdOrder,
    payload: {
      orderId,
      reasons: JsonPath.objectAt('$.verification.answer.reasons'),
      verification: JsonPath.objectAt('$.verification.answer.verification'),
    },
    resultPath: '$.hold',
    retries: 2,
  })
    .addCatch(queueFailure, { resultPath: '$.failure' })
    .next(new Succeed(scope, 'Held', { comment: 'Waits in the queue of held orders' }));

  const reject = task(scope, 'RejectOrder', {
    function: functions.rejectOrder,
    payload: { orderId, reasons: JsonPath.objectAt('$.reservation.answer.reasons') },
    resultPath: '$.rejection',
    retries: 2,
  })
    .addCatch(holdFailed, { resultPath: '$.failure' })
    .next(new Succeed(scope, 'Rejected'));

  const assess = task(scope, 'AssessCredit', {
    function: functions.assessCredit,
    payload: { orderId, verification: JsonPath.objectAt('$.verification.answer.verification') },
    resultPath: '$.credit',
    retries: 2,
  })
    .addCatch(holdFailed, { resultPath: '$.failure' })
    .next(new Succeed(scope, 'Decided', { comment: 'The assessment confirmed or held the order itself' }));

  const reserve = task(scope, 'ReserveStock', {
    function: functions.reserveStock,
    payload: { orderId },
    resultPath: '$.reservation',
    retries: 1,
  })
    .addCatch(holdFailed, { resultPath: '$.failure' })
    .next(
      new Choice(scope, 'IsStockReserved')
        .when(Condition.stringEquals('$.reservation.answer.outcome', 'insufficient'), reject)
        .otherwise(assess),
    );

  return task(scope, 'VerifyOrder', {
    function: functions.verifyOrder,
    payload: { orderId },
    resultPath: '$.verification',
    retries: 2,
  })
    .addCatch(holdFailed, { resultPath: '$.failure' })
    .next(
      new Choice(scope, 'IsOrderInOrder')
        .when(Condition.stringEquals('$.verification.answer.verdict', 'reserved'), assess)
        .when(Condition.stringEquals('$.verification.answer.verdict', 'ok'), reserve)
        .when(Condition.stringEquals('$.verification.answer.verdict', 'hold'), hold)
        .otherwise(new Succeed(scope, 'AlreadyDecided', { comment: 'A second run changes nothing' })),
    );
}
