import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Errors, Fail, JsonPath, TaskInput, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke, SqsSendMessage } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

/** A Lambda as a task of a workflow, with the seconds it is given. */
export type TaskFunction = { readonly lambda: IFunction; readonly timeout: number };

export type TaskProps = {
  readonly function: TaskFunction;
  /** Payload besides `at`, the moment the state was entered. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Where the answer is put; it then stands at `<resultPath>.answer`. */
  readonly resultPath: `$.${string}`;
  /** How often a slow or failing attempt is made again. */
  readonly retries: 1 | 2;
};

/**
 * A Lambda task. Every task function is idempotent, so whatever fails is tried again:
 *
 * - The Lambda service refuses quickly (throttled, not available): 4 retries after 1, 2, 4 and 8 s, 15 s in all.
 * - The function throws, or runs into its timeout: `retries` more attempts, after 1 and 2 s.
 *
 * So a task with timeout T takes at most 15 + (T + 1) + T s with one retry, 15 + (T + 1) + (T + 2) + T s with two:
 * 48 s for T = 10, 108 s for T = 30, and 136 s for T = 60 with one. An Express execution is cut off after 300 s
 * without reaching its Catch, so the longest path of an Express workflow must stay below; a test adds it up.
 */
export function task(scope: Construct, id: string, props: TaskProps): LambdaInvoke {
  const invoke = new LambdaInvoke(scope, id, {
    lambdaFunction: props.function.lambda,
    payload: TaskInput.fromObject({ ...props.payload, at: JsonPath.stateEnteredTime }),
    // Only the payload: the rest of the answer is metadata of the invocation.
    resultSelector: { answer: JsonPath.objectAt('$.Payload') },
    resultPath: props.resultPath,
    taskTimeout: Timeout.duration(Duration.seconds(props.function.timeout)),
    retryOnServiceExceptions: false,
  });
  invoke.addRetry({
    errors: [
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
      'Lambda.TooManyRequestsException',
    ],
    interval: Duration.seconds(1),
    backoffRate: 2,
    maxAttempts: 4,
  });
  invoke.addRetry({
    errors: [Errors.ALL],
    interval: Duration.seconds(1),
    backoffRate: 2,
    maxAttempts: props.retries,
  });
  return invoke;
}

/**
 * The last resort of a workflow: its whole input and the error go to the queue of workflow failures, whose depth has
 * an alarm, and the execution fails. The message holds what starting the workflow again needs.
 */
export function handOver(scope: Construct, workflow: string, queue: IQueue): SqsSendMessage {
  const send = new SqsSendMessage(scope, 'QueueFailure', {
    queue,
    messageBody: TaskInput.fromObject({
      workflow,
      execution: JsonPath.executionName,
      at: JsonPath.stateEnteredTime,
      input: JsonPath.executionInput,
      error: JsonPath.objectAt('$.failure'),
    }),
    resultPath: JsonPath.DISCARD,
    taskTimeout: Timeout.duration(Duration.seconds(5)),
  });
  // 5 + 1 + 5 s at most; a message that cannot be sent is still an execution that failed, which has its own alarm.
  send.addRetry({ errors: [Errors.ALL], interval: Duration.seconds(1), maxAttempts: 1 });
  send.next(
    new Fail(scope, 'Failed', {
      error: 'WorkflowFailed',
      cause: 'A task failed after its retries; the workflow-failures queue holds the input and the error',
    }),
  );
  return send;
}
