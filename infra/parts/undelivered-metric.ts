import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';

/**
 * Documents of the last hour that did not reach their customer, counted from what `functions` log: the queue they wait
 * in lies in the table, of which CloudWatch knows no depth.
 */
export function undeliveredMetric(
  scope: Construct,
  prefix: string,
  functions: readonly ServiceFunction[],
): IMetric {
  const usingMetrics = Object.fromEntries(
    functions.map(({ name, lambda }, place) => {
      const filter = new MetricFilter(scope, `undelivered-${name}`, {
        logGroup: lambda.logGroup,
        filterName: 'undelivered',
        filterPattern: FilterPattern.stringValue('$.message', '=', 'document undelivered'),
        metricNamespace: prefix,
        metricName: `undelivered-${name}`,
        metricValue: '1',
      });
      return [`m${place}`, filter.metric({ statistic: Stats.SUM, period: Duration.hours(1) })];
    }),
  );
  return new MathExpression({
    expression: Object.keys(usingMetrics)
      .map((id) => `FILL(${id}, 0)`)
      .join('+'),
    usingMetrics,
    label: 'Undelivered documents',
    period: Duration.hours(1),
  });
}
