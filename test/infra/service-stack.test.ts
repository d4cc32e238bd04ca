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

const properties = (type: string) => resourcesOf(dev.service, type).map(([, { Properties }]) => Properties);
const Target = z.object({
  Arn: z.unknown(),
  InputPath: z.string().optional(),
  DeadLetterConfig: z.object({ Arn: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }) }),
  RetryPolicy: z.object({ MaximumEventAgeInSeconds: z.number(), MaximumRetryAttempts: z.number() }),
});

describe('the stack', () => {
  it('can be created: no resource waits for itself', () => {
    const { Resources } = dev.service;
    const waitsFor = (id: string) =>
      [...JSON.stringify(Resources[id]).matchAll(/"(?:Ref|Fn::GetAtt|DependsOn)":\[?((?:"\w+",?)+)/g)]
        .flatMap(([, ids = '']) => ids.split(',').map((each) => each.replaceAll('"', '')))
        .filter((each) => each in Resources);
    const done = new Set<string>();
    const follow = (id: string, from: readonly string[]): void => {
      if (done.has(id)) return;
      expect(from, 'a circle').not.toContain(id);
      for (const next of waitsFor(id)) follow(next, [...from, id]);
      done.add(id);
    };
    for (const id of Object.keys(Resources)) follow(id, []);
    expect(done.size).toBe(Object.keys(Resources).length);
  });

  it('stays well below the 500 resources that CloudFormation allows, as do the others', () => {
    for (const template of [prod.data, prod.service, prod.monitoring])
      expect(Object.keys(template.Resources).length).toBeLessThanOrEqual(450);
  });
});

describe('functions', () => {
  it('are all deployed, on Node 24 and arm64, traced, with a log of their own that is kept for a time', () => {
    const deployed = properties('AWS::Lambda::Function');
    expect(deployed.map(({ FunctionName }) => String(FunctionName)).toSorted()).toEqual(
      functionNamesWith('sandbox')
        .map((name) => `o2c-dev-${name}`)
        .toSorted(),
    );
    for (const lambda of deployed) {
      expect(lambda).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: expect.any(String) } },
      });
      expect(lambda).not.toHaveProperty('ReservedConcurrentExecutions');
    }
    for (const log of properties('AWS::Logs::LogGroup')) expect(log['RetentionInDays']).toBe(30);
  });
});

describe('the stream of the table', () => {
  it('relays new facts only, from the first one on, and drops none silently', () => {
    expect(properties('AWS::Lambda::EventSourceMapping')).toEqual([
      expect.objectContaining({
        StartingPosition: 'TRIM_HORIZON',
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumRecordAgeInSeconds: 7200,
        DestinationConfig: {
          OnFailure: { Destination: { 'Fn::GetAtt': [expect.stringContaining('relayfactsdlq'), 'Arn'] } },
        },
        FilterCriteria: {
          Filters: [
            { Pattern: '{"eventName":["INSERT"],"dynamodb":{"Keys":{"SK":{"S":[{"prefix":"FACT#"}]}}}}' },
          ],
        },
      }),
    ]);
  });
});

describe('the event bus', () => {
  const Rule = z.object({
    Name: z.string(),
    EventPattern: z.object({
      source: z.tuple([z.enum(['o2c', 'aws.ses'])]),
      'detail-type': z.array(z.string()),
      detail: z.unknown().optional(),
    }),
    Targets: z.array(Target),
  });

  it('brings each fact to those who act on it', () => {
    const rules = properties('AWS::Events::Rule').map((rule) => Rule.parse(rule));
    expect(Object.fromEntries(rules.map((rule) => [rule.Name, rule.EventPattern['detail-type']]))).toEqual({
      'o2c-dev-accept-order': ['order.placed', 'order.released', 'order.amended', 'order.lines_cancelled'],
      'o2c-dev-invoice-shipment': ['shipment.dispatched', 'order.lines_cancelled', 'order.amended'],
      'o2c-dev-import-orders': ['order_import.received'],
      'o2c-dev-import-statement': [
        'bank_statement.received',
        'bank_statement.continued',
        'statement_upload.started',
        'direct_debit.created',
        'direct_debit.cancelling',
        'direct_debit.settling',
        'direct_debit.continued',
      ],
      'o2c-dev-send-mail': [
        'order.confirmed',
        'order.held',
        'order.rejected',
        'order.cancelled',
        'order.amended',
        'order.lines_cancelled',
        'shipment.dispatched',
        'shipment.delivered',
        'shipment.delivery_failed',
        'account.reminded',
        'payment.received',
        'payment.refunded',
        'credit_note.refunded',
        'direct_debit.announced',
        'stock.low',
        'rule.notified',
        'quote.issued',
        'case.opened',
        'case.replied',
        'case.resolved',
        'case.escalated',
      ],
      'o2c-dev-deliver-document': ['invoice.issued', 'credit_note.issued', 'invoice.delivery_requested'],
      'o2c-dev-mail-feedback': [
        'Email Bounced',
        'Email Complaint Received',
        'Email Delivered',
        'Email Rejected',
      ],
      'o2c-dev-send-refund': ['payment.refunded', 'payment.paid_out'],
      'o2c-dev-move-stock': [
        'order.placed',
        'order.cancelled',
        'order.rejected',
        'order.amended',
        'order.lines_cancelled',
        'order.reservation_expired',
        'shipment.dispatched',
        'product.saved',
        'stock.moved',
        'credit_note.issued',
      ],
    });
  });

  it('wakes move-stock only for stock that did not move with the fact, that became free or that is watched', () => {
    const rule = properties('AWS::Events::Rule').find(({ Name }) => Name === 'o2c-dev-move-stock');
    expect(Rule.parse(rule).EventPattern.detail).toEqual({
      $or: [
        { data: { stock: ['pending'] } },
        { data: { reorder: ['watched'] } },
        { data: { scope: ['return'] } },
        {
          type: [
            'stock.moved',
            'order.cancelled',
            'order.amended',
            'order.lines_cancelled',
            'order.reservation_expired',
          ],
        },
      ],
    });
  });

  it('wakes invoice-shipment for an amendment only where nothing is left to ship', () => {
    const rule = properties('AWS::Events::Rule').find(({ Name }) => Name === 'o2c-dev-invoice-shipment');
    expect(Rule.parse(rule).EventPattern.detail).toEqual({
      $or: [{ type: ['shipment.dispatched', 'order.lines_cancelled'] }, { data: { status: ['shipped'] } }],
    });
  });

  it('gives workflows the fact without its envelope', () => {
    const inputs = properties('AWS::Events::Rule').map((rule) => Rule.parse(rule));
    expect(
      Object.fromEntries(inputs.map(({ Name, Targets }) => [Name, Targets[0]?.InputPath])),
    ).toMatchObject({
      'o2c-dev-accept-order': '$.detail',
      'o2c-dev-invoice-shipment': '$.detail',
      'o2c-dev-send-mail': undefined,
    });
  });

  it('tries for a day, then puts the fact into the dead-letter queue of the one target', () => {
    const queues = properties('AWS::Events::Rule').map((rule) => {
      const [target, ...others] = Rule.parse(rule).Targets;
      expect(others).toEqual([]);
      expect(target?.RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 });
      return target?.DeadLetterConfig.Arn['Fn::GetAtt'][0];
    });
    expect(new Set(queues).size).toBe(9);
  });
});

describe('schedules', () => {
  it('bill, report and collect each morning, and state accounts each month, in the time zone of the company, with the moment they were due', () => {
    const Schedule = z.object({
      Name: z.string(),
      ScheduleExpression: z.string(),
      ScheduleExpressionTimezone: z.string(),
      FlexibleTimeWindow: z.object({ Mode: z.string() }),
      Target: Target.extend({ Input: z.string() }),
    });
    const schedules = properties('AWS::Scheduler::Schedule').map((each) => Schedule.parse(each));
    expect(
      schedules.map(
        ({ Name, ScheduleExpression, ScheduleExpressionTimezone, FlexibleTimeWindow, Target: target }) => [
          Name,
          ScheduleExpression,
          ScheduleExpressionTimezone,
          FlexibleTimeWindow.Mode,
          target.Input,
        ],
      ),
    ).toEqual([
      [
        'o2c-dev-bill',
        'cron(30 5 * * ? *)',
        'Europe/London',
        'OFF',
        '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
      ],
      [
        'o2c-dev-move-stock',
        'cron(30 4 * * ? *)',
        'Europe/London',
        'OFF',
        '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
      ],
      [
        'o2c-dev-settle-payments',
        'cron(0 5 * * ? *)',
        'Europe/London',
        'OFF',
        '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
      ],
      [
        'o2c-dev-report',
        'cron(30 6 * * ? *)',
        'Europe/London',
        'OFF',
        '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
      ],
      [
        'o2c-dev-collect',
        'cron(0 8 * * ? *)',
        'Europe/London',
        'OFF',
        '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
      ],
      [
        'o2c-dev-escalate-cases',
        'cron(10 * * * ? *)',
        'Europe/London',
        'OFF',
        '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
      ],
      [
        'o2c-dev-statements',
        'cron(0 7 1 * ? *)',
        'Europe/London',
        'OFF',
        '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
      ],
    ]);
  });
});

describe('mail', () => {
  it('is sent with a configuration set whose bounces, complaints and deliveries go to the default bus', () => {
    expect(properties('AWS::SES::ConfigurationSet')).toMatchObject([{ Name: 'o2c-dev' }]);
    const [destination] = properties('AWS::SES::ConfigurationSetEventDestination');
    expect(destination).toMatchObject({
      EventDestination: {
        Enabled: true,
        MatchingEventTypes: ['bounce', 'complaint', 'delivery', 'reject'],
      },
    });
    expect(JSON.stringify(destination)).toContain(':event-bus/default');
  });

  it('has its feedback read from the default bus, that of its own configuration set only', () => {
    const rule = properties('AWS::Events::Rule').find(({ Name }) => Name === 'o2c-dev-mail-feedback');
    expect(rule).not.toHaveProperty('EventBusName');
    expect(rule).toMatchObject({
      EventPattern: {
        source: ['aws.ses'],
        detail: { mail: { tags: { 'ses:configuration-set': ['o2c-dev'] } } },
      },
    });
  });

  it('that did not bring a document to its customer is counted for the alarm', () => {
    const filters = properties('AWS::Logs::MetricFilter');
    expect(filters).toHaveLength(2);
    for (const filter of filters) {
      expect(filter).toMatchObject({ FilterPattern: '{ $.message = "document undelivered" }' });
    }
  });
});

describe('nothing is dropped silently', () => {
  it('what a function gets asynchronously and cannot do goes to a dead-letter queue', () => {
    const withQueue = properties('AWS::Lambda::Function')
      .filter((lambda) => 'DeadLetterConfig' in lambda)
      .map(({ FunctionName }) => String(FunctionName));
    expect(withQueue.toSorted()).toEqual([
      'o2c-dev-bill',
      'o2c-dev-collect',
      'o2c-dev-deliver-document',
      'o2c-dev-escalate-cases',
      'o2c-dev-import-orders',
      'o2c-dev-import-statement',
      'o2c-dev-mail-feedback',
      'o2c-dev-move-stock',
      'o2c-dev-report',
      'o2c-dev-send-mail',
      'o2c-dev-send-refund',
      'o2c-dev-settle-payments',
      'o2c-dev-statements',
    ]);
  });

  it('each queue keeps its messages for 14 days, encrypted, and refuses plain HTTP', () => {
    for (const queue of properties('AWS::SQS::Queue')) {
      expect(queue).toMatchObject({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
    }
    const denials = properties('AWS::SQS::QueuePolicy').filter((policy) =>
      JSON.stringify(policy).includes('"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"'),
    );
    expect(denials.length).toBe(properties('AWS::SQS::Queue').length);
  });
});
