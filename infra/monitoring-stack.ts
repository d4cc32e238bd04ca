import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Deployment } from './context.ts';
import { AlarmTopic } from './parts/alarm-topic.ts';
import { Alarms } from './parts/alarms.ts';
import { Dashboard } from './parts/dashboard.ts';
import type { ServiceStack } from './service-stack.ts';

/**
 * Who is told when something is wrong, and the page they look at. A stack of its own: alarms are more resources than
 * functions, and CloudFormation takes 500 in a stack.
 */
export class MonitoringStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    props: StackProps & { deployment: Deployment; service: ServiceStack },
  ) {
    super(scope, id, props);
    const { deployment, service } = props;
    const prefix = `o2c-${deployment.stage}`;
    // The service goes first: names of alarms that it once had itself are free by then.
    this.addStackDependency(service);

    const { topic, unmailed } = new AlarmTopic(this, 'AlarmTopic', {
      topicName: `${prefix}-alarms`,
      email: deployment.alarmEmail,
    });
    const watched = {
      ...service.watched,
      queues: unmailed ? [...service.watched.queues, unmailed] : service.watched.queues,
    };
    const alarms = new Alarms(this, 'Alarms', { ...watched, prefix, topic });
    new Dashboard(this, 'Dashboard', { ...watched, dashboardName: prefix, alarms: alarms.all });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}
