import { Aws } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';

// Metrics of what the service stack deploys, by the names it is deployed under. A reference to the resource would
// become an export, and CloudFormation removes no resource whose export another stack imports.

type Deployed = { readonly fullName: string };

export function functionMetric({ fullName }: Deployed, metricName: string, options: MetricOptions): Metric {
  return new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { FunctionName: fullName },
    ...options,
  });
}

export function workflowMetric({ fullName }: Deployed, metricName: string, options: MetricOptions): Metric {
  const arn = `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:stateMachine:${fullName}`;
  return new Metric({
    namespace: 'AWS/States',
    metricName,
    dimensionsMap: { StateMachineArn: arn },
    ...options,
  });
}

export function queueMetric({ fullName }: Deployed, metricName: string, options: MetricOptions): Metric {
  return new Metric({
    namespace: 'AWS/SQS',
    metricName,
    dimensionsMap: { QueueName: fullName },
    ...options,
  });
}

export function schedulesMetric(group: string, metricName: string, options: MetricOptions): Metric {
  return new Metric({
    namespace: 'AWS/Scheduler',
    metricName,
    dimensionsMap: { ScheduleGroup: group },
    ...options,
  });
}
