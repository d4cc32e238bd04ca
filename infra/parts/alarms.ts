import { Duration } from 'aws-cdk-lib';
import type { HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Operation, type Table } from 'aws-cdk-lib/aws-dynamodb';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct, type Node } from 'constructs';
import { tableNames } from '#shared/table/names.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { functionMetric, queueMetric, schedulesMetric, workflowMetric } from './metrics.ts';
import type { ServiceFunction } from './service-function.ts';
import type { Workflow } from './workflow.ts';

/** What runs, as the alarms and the dashboard see it. */
export type Watched = {
  readonly stage: HttpStage;
  readonly functions: readonly ServiceFunction[];
  readonly relay: ServiceFunction;
  readonly queues: readonly DeadLetterQueue[];
  readonly rules: readonly WatchedRule[];
  readonly workflows: readonly Workflow[];
  /** Name of the group of all schedules. */
  readonly schedules: string;
  /** Functions that must run once a day. */
  readonly daily: readonly ServiceFunction[];
  readonly table: Table;
  /** Documents that did not reach their customer. */
  readonly undelivered: IMetric;
};

export type AlarmsProps = Watched & {
  /** What alarm names begin with. */
  readonly prefix: string;
  readonly topic: ITopic;
};

/** A rule of the facts' bus, or, without `busName`, of the account's default one. */
type WatchedRule = { readonly node: Node; readonly fullName: string; readonly busName?: string };

type Threshold = {
  readonly metric: IMetric;
  readonly says: string;
  /** Heading of docs/runbook.md. */
  readonly runbook: string;
  readonly above?: number;
  readonly below?: number;
  readonly periods?: number;
  readonly missing?: TreatMissingData;
};

const period = Duration.minutes(5);
const sum = { period, statistic: Stats.SUM };

/**
 * Everything that pages somebody. Each alarm says what happened and where docs/runbook.md tells what to do; each goes
 * to the alarm topic, when it starts and when it is over.
 */
export class Alarms extends Construct {
  readonly all: Alarm[] = [];
  private readonly action: SnsAction;
  private readonly prefix: string;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.action = new SnsAction(props.topic);
    this.prefix = props.prefix;
    this.watchApi(props.stage);
    for (const each of props.functions) this.watchFunction(each);
    this.watchConcurrency();
    for (const each of props.daily) this.watchDailyRun(each);
    for (const each of props.queues) this.watchQueue(each);
    for (const each of props.workflows) this.watchWorkflow(each);
    for (const each of props.rules) this.watchRule(each);
    this.watchDeliveries(props.undelivered);
    this.watchRelay(props.relay);
    this.watchSchedules(props.schedules);
    this.watchTable(props.table);
  }

  private watchApi(stage: HttpStage): void {
    this.add('api-5xx', {
      metric: stage.metricServerError({ period, statistic: Stats.SUM }),
      says: 'The API answered with a server error.',
      runbook: 'api-server-errors',
    });
    this.add('api-latency', {
      metric: stage.metricLatency({ period, statistic: Stats.p(99) }),
      says: 'One request in a hundred takes longer than 3 seconds, for 15 minutes.',
      runbook: 'api-latency',
      above: 3000,
      periods: 3,
    });
  }

  private watchFunction(watched: ServiceFunction): void {
    const { lambda, name } = watched;
    this.add(`${name}-errors`, {
      metric: functionMetric(watched, 'Errors', sum),
      says: `${name} failed or ran into its timeout.`,
      runbook: 'function-errors',
    });
    if (lambda.deadLetterQueue) {
      this.add(`${name}-dead-letter-errors`, {
        metric: functionMetric(watched, 'DeadLetterErrors', sum),
        says: `An event of ${name} failed and could not be put into its dead-letter queue either.`,
        runbook: 'dead-letter-errors',
      });
    }
  }

  private watchConcurrency(): void {
    // No function has a concurrency of its own, so only the account's can run out, for all of them at once: one alarm.
    this.add('throttles', {
      metric: new Metric({ namespace: 'AWS/Lambda', metricName: 'Throttles', ...sum }),
      says: 'Functions were not allowed to run: the concurrency of the account is used up.',
      runbook: 'function-throttles',
    });
  }

  private watchDailyRun(watched: ServiceFunction): void {
    const { name } = watched;
    this.add(`${name}-missed`, {
      metric: functionMetric(watched, 'Invocations', { period: Duration.hours(1), statistic: Stats.SUM }),
      says: `${name} has not run for 26 hours; it should every day.`,
      runbook: 'schedule-missed',
      below: 1,
      periods: 26,
      missing: TreatMissingData.BREACHING,
    });
  }

  private watchQueue(queue: DeadLetterQueue): void {
    this.add(`${queue.node.id}-depth`, {
      metric: queueMetric(queue, 'ApproximateNumberOfMessagesVisible', {
        period,
        statistic: Stats.MAXIMUM,
      }),
      says: `${queue.fullName} holds ${queue.holds}.`,
      runbook: queue.node.id,
    });
  }

  private watchWorkflow(watched: Workflow): void {
    const { node, type } = watched;
    this.add(`${node.id}-failed`, {
      metric: workflowMetric(watched, 'ExecutionsFailed', sum),
      says: `${node.id} failed; the workflow-failures queue holds its input.`,
      runbook: 'workflow-failed',
    });
    this.add(`${node.id}-timed-out`, {
      metric: workflowMetric(watched, 'ExecutionsTimedOut', sum),
      says: `${node.id} was cut off ${type === 'express' ? 'after 5 minutes' : 'by its timeout'}, without handing over.`,
      runbook: 'workflow-timed-out',
    });
  }

  private watchRule(rule: WatchedRule): void {
    this.add(`${rule.node.id}-lost`, {
      metric: new Metric({
        namespace: 'AWS/Events',
        metricName: 'InvocationsFailedToBeSentToDlq',
        dimensionsMap: {
          ...(rule.busName !== undefined && { EventBusName: rule.busName }),
          RuleName: rule.fullName,
        },
        ...sum,
      }),
      says: `An event for ${rule.node.id} was neither delivered nor put into its dead-letter queue.`,
      runbook: 'delivery-lost',
    });
  }

  /** One alarm for however many of an hour: the queue in the table says which. */
  private watchDeliveries(undelivered: IMetric): void {
    this.add('undelivered-invoices', {
      metric: undelivered,
      says: 'An invoice or credit note did not reach its customer and waits in the queue of undelivered invoices.',
      runbook: 'undelivered-invoices',
    });
  }

  private watchRelay(relay: ServiceFunction): void {
    this.add('stream-age', {
      metric: functionMetric(relay, 'IteratorAge', { period, statistic: Stats.MAXIMUM }),
      says: 'Facts wait more than a minute to leave the table: workflows and mails are late.',
      runbook: 'stream-age',
      above: 60_000,
      periods: 2,
    });
  }

  private watchSchedules(group: string): void {
    this.add('schedule-target-errors', {
      metric: schedulesMetric(group, 'TargetErrorCount', sum),
      says: 'A schedule could not wake its function.',
      runbook: 'schedule-target-errors',
    });
    this.add('schedule-dropped', {
      metric: schedulesMetric(group, 'InvocationDroppedCount', sum),
      says: 'A schedule gave up waking its function.',
      runbook: 'schedule-target-errors',
    });
    this.add('schedule-lost', {
      metric: schedulesMetric(group, 'InvocationsFailedToBeSentToDeadLetterCount', sum),
      says: 'A wake-up was neither delivered nor put into its dead-letter queue.',
      runbook: 'delivery-lost',
    });
  }

  private watchTable(table: Table): void {
    this.add('table-throttles', {
      metric: throttles(table),
      says: 'The table or an index refused requests because there were too many.',
      runbook: 'table-throttles',
    });
    this.add('table-system-errors', {
      metric: table.metricSystemErrorsForOperations({
        operations: [
          Operation.GET_ITEM,
          Operation.BATCH_GET_ITEM,
          Operation.QUERY,
          Operation.PUT_ITEM,
          Operation.UPDATE_ITEM,
          Operation.DELETE_ITEM,
          Operation.TRANSACT_GET_ITEMS,
          Operation.TRANSACT_WRITE_ITEMS,
        ],
        period,
      }),
      says: 'DynamoDB had internal errors.',
      runbook: 'table-system-errors',
    });
  }

  private add(
    name: string,
    { metric, says, runbook, above = 0, below, periods = 1, missing }: Threshold,
  ): void {
    const alarm = new Alarm(this, name, {
      alarmName: `${this.prefix}-${name}`,
      alarmDescription: `${says} What to do: docs/runbook.md#${runbook}`,
      metric,
      threshold: below ?? above,
      comparisonOperator:
        below === undefined
          ? ComparisonOperator.GREATER_THAN_THRESHOLD
          : ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: missing ?? TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(this.action);
    alarm.addOkAction(this.action);
    this.all.push(alarm);
  }
}

/** Throttled reads and writes of the table and of each index, as one number. */
function throttles(table: Table): MathExpression {
  const places = [undefined, ...Object.keys(tableNames.indexes)];
  const metrics = places.flatMap((index, place) =>
    ['ReadThrottleEvents', 'WriteThrottleEvents'].map((metricName) => {
      const dimensionsMap = {
        TableName: table.tableName,
        ...(index !== undefined && { GlobalSecondaryIndexName: index }),
      };
      const metric = new Metric({ namespace: 'AWS/DynamoDB', metricName, dimensionsMap, ...sum });
      return [`${metricName.startsWith('Read') ? 'r' : 'w'}${place}`, metric] as const;
    }),
  );
  return new MathExpression({
    expression: metrics.map(([id]) => id).join('+'),
    usingMetrics: Object.fromEntries(metrics),
    label: 'Throttled requests',
    period,
  });
}
