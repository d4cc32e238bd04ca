import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Watched } from './alarms.ts';
import { functionMetric, queueMetric, workflowMetric } from './metrics.ts';

export type DashboardProps = Pick<
  Watched,
  'stage' | 'functions' | 'relay' | 'workflows' | 'queues' | 'table'
> & {
  readonly dashboardName: string;
  readonly alarms: readonly Alarm[];
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
        functionMetric(relay, 'Invocations', { ...sum, label: 'batches relayed' }),
        functionMetric(relay, 'IteratorAge', {
          period,
          statistic: Stats.MAXIMUM,
          label: 'age of the oldest (ms)',
        }),
      ]),
    );
    dashboard.addWidgets(
      graph(
        'Workflows',
        props.workflows.flatMap((workflow) => [
          workflowMetric(workflow, 'ExecutionsSucceeded', { ...sum, label: `${workflow.node.id} succeeded` }),
          workflowMetric(workflow, 'ExecutionsFailed', { ...sum, label: `${workflow.node.id} failed` }),
        ]),
      ),
      graph(
        'Waiting for a person',
        props.queues.map((queue) =>
          queueMetric(queue, 'ApproximateNumberOfMessagesVisible', {
            period,
            statistic: Stats.MAXIMUM,
            label: queue.node.id,
          }),
        ),
      ),
      graph(
        'Function errors',
        props.functions.map((each) => functionMetric(each, 'Errors', { ...sum, label: each.name })),
      ),
    );
    dashboard.addWidgets(
      graph(
        'Function duration (p99, ms)',
        props.functions.map((each) =>
          functionMetric(each, 'Duration', { period, statistic: Stats.p(99), label: each.name }),
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
