import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { functionNamesWith } from '../../infra/functions.ts';
import { resourcesOf, type Synthesised, synthesised } from './synthesised.ts';

let dev: Synthesised;
let prod: Synthesised;
beforeAll(async () => {
  dev = await synthesised();
  prod = await synthesised('prod');
}, 180_000);

const Alarm = z.object({
  AlarmName: z.string(),
  AlarmDescription: z.string(),
  AlarmActions: z.array(z.unknown()).length(1),
  OKActions: z.array(z.unknown()).length(1),
  MetricName: z.string().optional(),
  Metrics: z.array(z.unknown()).optional(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.unknown() })).optional(),
  Threshold: z.number(),
  ComparisonOperator: z.string(),
});
const alarms = (of = dev) =>
  resourcesOf(of.monitoring, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Alarm.parse(Properties));

describe('alarms', () => {
  it('watch every function, workflow, queue and rule, the API, the stream, the schedules and the table', () => {
    const names = alarms().map(({ AlarmName }) => AlarmName.replace('o2c-dev-', ''));
    for (const name of functionNamesWith('sandbox')) expect(names).toContain(`${name}-errors`);
    expect(names).toEqual(
      expect.arrayContaining([
        'api-5xx',
        'api-latency',
        'throttles',
        'accept-order-failed',
        'accept-order-timed-out',
        'invoice-shipment-failed',
        'invoice-shipment-timed-out',
        'collect-account-failed',
        'collect-account-timed-out',
        'workflow-failures-depth',
        'relay-facts-dlq-depth',
        'send-mail-rule-lost',
        'mail-feedback-rule-lost',
        'undelivered-invoices',
        'stream-age',
        'schedule-target-errors',
        'bill-missed',
        'collect-missed',
        'report-missed',
        'table-throttles',
        'table-system-errors',
      ]),
    );
  });

  it('each link to an entry of the runbook that exists, and each entry has its alarm', () => {
    const runbook = readFileSync(fileURLToPath(new URL('../../docs/runbook.md', import.meta.url)), 'utf8');
    const entries = [...runbook.matchAll(/^### (\S+)$/gm)].map(([, heading = '']) => heading);
    const links = alarms(prod).map(
      ({ AlarmDescription }) => /docs\/runbook\.md#(\S+)$/.exec(AlarmDescription)?.[1] ?? AlarmDescription,
    );
    expect([...new Set(links)].toSorted()).toEqual(entries.toSorted());
  });

  it('are mailed when the context names an address, and the mails that fail have a queue', () => {
    expect(resourcesOf(dev.monitoring, 'AWS::SNS::Subscription')).toEqual([]);
    const [subscription] = resourcesOf(prod.monitoring, 'AWS::SNS::Subscription');
    expect(subscription?.[1].Properties).toMatchObject({
      Protocol: 'email',
      Endpoint: 'oncall@example.com',
      RedrivePolicy: { deadLetterTargetArn: expect.anything() },
    });
  });

  it('each queue has an alarm on its first message', () => {
    const watched = alarms()
      .filter(({ MetricName }) => MetricName === 'ApproximateNumberOfMessagesVisible')
      .map(({ Dimensions, Threshold, ComparisonOperator }) => {
        expect([Threshold, ComparisonOperator]).toEqual([0, 'GreaterThanThreshold']);
        return String(Dimensions?.[0]?.Value);
      });
    const queues = [...resourcesOf(dev.service, 'AWS::SQS::Queue')].map(([, { Properties }]) =>
      String(Properties['QueueName']),
    );
    expect(watched.toSorted()).toEqual(queues.toSorted());
  });

  it('name what the service is deployed with: each dimension is a name of its template', () => {
    const named = (type: string, name: string) =>
      resourcesOf(dev.service, type).map(([, { Properties }]) => Properties[name]);
    const deployed: Record<string, readonly unknown[]> = {
      FunctionName: named('AWS::Lambda::Function', 'FunctionName'),
      QueueName: named('AWS::SQS::Queue', 'QueueName'),
      RuleName: named('AWS::Events::Rule', 'Name'),
      ScheduleGroup: named('AWS::Scheduler::ScheduleGroup', 'Name'),
      StateMachineArn: named('AWS::StepFunctions::StateMachine', 'StateMachineName'),
    };
    const watched = alarms().flatMap(({ Dimensions }) => Dimensions ?? []);
    for (const { Name, Value } of watched) {
      if (!(Name in deployed)) continue;
      const name =
        typeof Value === 'string' ? Value : /stateMachine:([\w-]+)/.exec(JSON.stringify(Value))?.[1];
      expect(deployed[Name], Name).toContain(name);
    }
    expect(new Set(watched.map(({ Name }) => Name))).toEqual(
      new Set([...Object.keys(deployed), 'ApiId', 'Stage', 'EventBusName']),
    );
  });

  it('hold nothing of the service but its API: CloudFormation removes no resource whose export is imported', () => {
    const imports = JSON.stringify(dev.monitoring).matchAll(
      /"Fn::ImportValue":"o2c-dev-service:(\w+?)[0-9A-F]*"/g,
    );
    expect(new Set([...imports].map(([, name]) => name))).toEqual(new Set(['ExportsOutputRefApi']));
  });
});
