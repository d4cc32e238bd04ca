import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { JsonPath, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { handOver, type TaskFunction, task } from './task.ts';

/**
 * Invoices what a shipment took: numbers, posts and stores the invoice. Its fact `invoice.issued` has it delivered.
 * Input: the fact `shipment.dispatched` as it stands on the bus, or `order.lines_cancelled` or `order.amended`: what was left of
 * an order that is billed whole may be gone. `subject` is the order id.
 *
 * Longest path, each task at its last attempt: issue 108 s + queue 11 s = 119 s, below the 300 s of an Express
 * execution.
 */
export function invoiceShipment(
  scope: Construct,
  functions: Readonly<Record<'issueInvoice', TaskFunction>>,
  failures: IQueue,
) {
  const queueFailure = handOver(scope, 'invoice-shipment', failures);

  return task(scope, 'IssueInvoice', {
    function: functions.issueInvoice,
    payload: { orderId: JsonPath.stringAt('$.subject'), data: JsonPath.objectAt('$.data') },
    resultPath: '$.invoice',
    retries: 2,
  })
    .addCatch(queueFailure, { resultPath: '$.failure' })
    .next(new Succeed(scope, 'Invoiced'));
}
