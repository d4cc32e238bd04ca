import { Duration } from 'aws-cdk-lib';
import type { HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import type { ServiceFunction } from './service-function.ts';
import type { Workflow } from './workflow.ts';

export type DashboardProps = {
  readonly dashboardName: string;
  readonly alarms: readonly Alarm[];
  readonly stage: HttpStage;
  readonly functions: readonly ServiceFunction[];
  readonly relay: ServiceFunction;
  readonly workflows: readonly Workflow[];
  readonly queues: readonly DeadLetterQueue[];
  readonly table: Table;
};

const period = Duration.minutes(5);
const sum = { period, statistic: Stats.SUM };

/** One page for whoever was paged: what is wrong, then the way of an order from the API to the queues. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { stage, relay, table } = props;
    const dashboard = new CloudWatchDashboard(this, 'Dashboard', { dashboardName: props.dashboardName });
    dashboard.addWidgets(
      new AlarmStatusWidget({ title: 'Alarms', alarms: [...props.alarms], width: 24, height: 6 }),
    );
    dashboard.addWidgets(
      graph('API requests', [
        stage.metricCount({ period, statistic: Stats.SUM, label: 'all' }),
        stage.metricClientError({ period, statistic: Stats.SUM, label: '4xx' }),
        stage.metricServerError({ period, statistic: Stats.SUM, label: '5xx' }),
      ]),
      graph('API latency (ms)', [
        stage.metricLatency({ period, statistic: Stats.p(50), label: 'p50' }),
        stage.metricLatency({ period, statistic: Stats.p(99), label: 'p99' }),
      ]),
      graph('Facts', [
        relay.lambda.metricInvocations({ ...sum, label: 'batches relayed' }),
        relay.lambda.metric('IteratorAge', {
          period,
          statistic: Stats.MAXIMUM,
          label: 'age of the oldest (ms)',
        }),
      ]),
    );
    dashboard.addWidgets(
      graph(
        'Workflows',
        props.workflows.flatMap(({ machine, node }) => [
          machine.metricSucceeded({ ...sum, label: `${node.id} succeeded` }),
          machine.metricFailed({ ...sum, label: `${node.id} failed` }),
        ]),
      ),
      graph(
        'Waiting for a person',
        props.queues.map((queue) =>
          queue.metricApproximateNumberOfMessagesVisible({
            period,
            statistic: Stats.MAXIMUM,
            label: queue.node.id,
          }),
        ),
      ),
      graph(
        'Function errors',
        props.functions.map(({ lambda, name }) => lambda.metricErrors({ ...sum, label: name })),
      ),
    );
    dashboard.addWidgets(
      graph(
        'Function duration (p99, ms)',
        props.functions.map(({ lambda, name }) =>
          lambda.metricDuration({ period, statistic: Stats.p(99), label: name }),
        ),
      ),
      graph('Table units', [
        table.metricConsumedReadCapacityUnits({ ...sum, label: 'read' }),
        table.metricConsumedWriteCapacityUnits({ ...sum, label: 'written' }),
      ]),
    );
  }
}

function graph(title: string, metrics: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left: metrics, width: 8, height: 6 });
}
