import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Deliveries } from '../bus/deliveries.ts';
import type { Alarm, BusinessClock } from '../clock.ts';
import type { Meter } from '../meter/meter.ts';
import type { State } from '../state.ts';
import { type Assembly, resourcesOf } from '../template/assembly.ts';
import type { Resolver } from '../template/intrinsics.ts';
import { readExpression } from './expression.ts';

const ScheduleProperties = z.object({
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().default('UTC'),
  State: z.string().default('ENABLED'),
  Target: z.object({
    Arn: z.string(),
    Input: z.string().default('{}'),
    RetryPolicy: z
      .object({ MaximumEventAgeInSeconds: z.number().default(86_400) })
      .default({ MaximumEventAgeInSeconds: 86_400 }),
    DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
  }),
});

type Schedule = {
  name: string;
  arn: string;
  target: z.infer<typeof ScheduleProperties>['Target'];
  nextAfter: (moment: number) => number | undefined;
  next: number | undefined;
};

const Fired = z.object({ anchor: z.number(), last: z.number() });

/**
 * The schedules of the template on the business clock. What has been fired is written down together with the event it
 * became, so each occurrence fires once; one that was missed while nothing ran is fired at the next start, unless it is
 * older than the schedule lets an event become (a day, unless it says otherwise), as on AWS.
 */
export class Scheduler implements Alarm {
  readonly #schedules: Schedule[];
  readonly #state: State;
  readonly #deliveries: Deliveries;
  readonly #clock: BusinessClock;
  readonly #meter: Meter;

  constructor(options: {
    assembly: Assembly;
    resolver: Resolver;
    state: State;
    deliveries: Deliveries;
    clock: BusinessClock;
    meter: Meter;
  }) {
    this.#state = options.state;
    this.#deliveries = options.deliveries;
    this.#clock = options.clock;
    this.#meter = options.meter;
    this.#schedules = [];
    for (const resource of resourcesOf(options.assembly, 'AWS::Scheduler::Schedule')) {
      const properties = ScheduleProperties.parse(options.resolver.properties(resource));
      if (properties.State !== 'ENABLED') continue;
      this.#deliveries.checkTarget(properties.Target.Arn, resource.logicalId);
      const { name, attributes } = options.resolver.identity(resource);
      const now = this.#clock.now();
      const fired = this.#state.get(`schedule ${name}`, Fired) ?? { anchor: now, last: now };
      this.#state.set(`schedule ${name}`, fired);
      const nextAfter = readExpression(
        properties.ScheduleExpression,
        properties.ScheduleExpressionTimezone,
        fired.anchor,
      );
      this.#schedules.push({
        name,
        arn: attributes['Arn'] ?? name,
        target: properties.Target,
        nextAfter,
        next: nextAfter(fired.last),
      });
    }
    this.#schedules.sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Each schedule and its next occurrence, for people. */
  list(): { name: string; next: string | undefined }[] {
    return this.#schedules.map(({ name, next }) => ({
      name,
      next: next === undefined ? undefined : new Date(next).toISOString(),
    }));
  }

  next(): number | undefined {
    return this.#earliest()?.next;
  }

  /** Fires the earliest occurrence of one schedule. */
  async fire(): Promise<void> {
    const schedule = this.#earliest();
    if (schedule?.next === undefined) return;
    const scheduledTime = schedule.next;
    const { target } = schedule;
    const tooOld = this.#clock.now() - scheduledTime > target.RetryPolicy.MaximumEventAgeInSeconds * 1000;
    const deadLetterArn = target.DeadLetterConfig?.Arn;
    const delivery = {
      target: target.Arn,
      payload: fillIn(target.Input, schedule.arn, scheduledTime),
      policy: deadLetterArn === undefined ? {} : { deadLetterArn },
    };
    this.#deliveries.accept(tooOld ? [] : [delivery], () => this.#remember(schedule, scheduledTime));
    if (!tooOld) this.#meter.add('schedulerInvocations');
    schedule.next = schedule.nextAfter(scheduledTime);
  }

  #earliest(): Schedule | undefined {
    let earliest: Schedule | undefined;
    for (const schedule of this.#schedules) {
      if (schedule.next === undefined) continue;
      if (earliest?.next === undefined || schedule.next < earliest.next) earliest = schedule;
    }
    return earliest;
  }

  #remember(schedule: Schedule, last: number): void {
    const kept = this.#state.get(`schedule ${schedule.name}`, Fired);
    this.#state.set(`schedule ${schedule.name}`, { anchor: kept?.anchor ?? last, last });
  }
}

/** The words EventBridge Scheduler replaces in a target's input. */
function fillIn(input: string, arn: string, scheduledTime: number): string {
  return input
    .replaceAll('<aws.scheduler.scheduled-time>', `${new Date(scheduledTime).toISOString().slice(0, 19)}Z`)
    .replaceAll('<aws.scheduler.schedule-arn>', arn)
    .replaceAll('<aws.scheduler.execution-id>', randomUUID())
    .replaceAll('<aws.scheduler.attempt-number>', '1');
}
