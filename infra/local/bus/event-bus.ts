import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { LocalRunError } from '../errors.ts';
import { type Assembly, resourcesOf } from '../template/assembly.ts';
import { nameIn, type Place } from '../template/attributes.ts';
import type { Resolver } from '../template/intrinsics.ts';
import type { Deliveries, Delivery } from './deliveries.ts';
import { checkPattern, matchesPattern } from './event-pattern.ts';
import { inputFor, TargetInput } from './input.ts';

const Target = TargetInput.extend({
  Arn: z.string(),
  DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
});

const RuleProperties = z.object({
  EventBusName: z.string().default('default'),
  EventPattern: z.record(z.string(), z.unknown()).optional(),
  State: z.string().default('ENABLED'),
  Targets: z.array(Target).default([]),
});

type Rule = { bus: string; pattern: Record<string, unknown>; targets: z.infer<typeof Target>[] };

const Entry = z.object({
  Time: z.number().optional(),
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  Resources: z.array(z.string()).default([]),
  EventBusName: z.string().default('default'),
});
export const PutEventsInput = z.object({ Entries: z.array(Entry).min(1).max(10) });

export type PutEventsResult = { EventId?: string; ErrorCode?: string; ErrorMessage?: string };

/** The event bus: rules of the template, their patterns and targets. */
export class EventBus {
  readonly #rules: Rule[];
  readonly #deliveries: Deliveries;
  readonly #place: Place;
  readonly #now: () => number;

  constructor(options: {
    assembly: Assembly;
    resolver: Resolver;
    deliveries: Deliveries;
    place: Place;
    /** Business time in epoch milliseconds. */
    now: () => number;
  }) {
    const { assembly, resolver } = options;
    this.#deliveries = options.deliveries;
    this.#place = options.place;
    this.#now = options.now;
    this.#rules = [];
    for (const resource of resourcesOf(assembly, 'AWS::Events::Rule')) {
      const properties = RuleProperties.parse(resolver.properties(resource));
      if (properties.State !== 'ENABLED') continue;
      if (properties.EventPattern === undefined) {
        throw new LocalRunError(
          `${resource.logicalId} has no event pattern: use AWS::Scheduler::Schedule for what is due by time`,
        );
      }
      for (const target of properties.Targets) this.#deliveries.checkTarget(target.Arn, resource.logicalId);
      this.#rules.push({
        bus: nameIn(properties.EventBusName),
        pattern: checkPattern(properties.EventPattern),
        targets: properties.Targets,
      });
    }
  }

  /**
   * Takes events in; they are durable when this returns. Entries fail one by one, as on EventBridge.
   * @param ready what they wait for until targets get them, see {@link Deliveries.accept}
   */
  put({ Entries }: z.infer<typeof PutEventsInput>, ready?: Promise<void>): PutEventsResult[] {
    const deliveries: Delivery[] = [];
    const results = Entries.map((entry): PutEventsResult => {
      const problem = problemWith(entry);
      if (problem !== undefined) return problem;
      const bus = nameIn(entry.EventBusName);
      const event = this.#event(entry);
      for (const rule of this.#rules) {
        if (rule.bus !== bus || !matchesPattern(rule.pattern, event)) continue;
        for (const target of rule.targets) {
          const deadLetterArn = target.DeadLetterConfig?.Arn;
          deliveries.push({
            target: target.Arn,
            payload: inputFor(target, event),
            policy: deadLetterArn === undefined ? {} : { deadLetterArn },
          });
        }
      }
      return { EventId: String(event['id']) };
    });
    this.#deliveries.accept(deliveries, undefined, ready);
    return results;
  }

  #event(entry: z.infer<typeof Entry>): Record<string, unknown> {
    const at = entry.Time === undefined ? this.#now() : entry.Time * 1000;
    return {
      version: '0',
      id: randomUUID(),
      'detail-type': entry.DetailType,
      source: entry.Source,
      account: this.#place.account,
      time: `${new Date(at).toISOString().slice(0, 19)}Z`,
      region: this.#place.region,
      resources: entry.Resources,
      detail: JSON.parse(entry.Detail ?? '{}'),
    };
  }
}

function problemWith(entry: z.infer<typeof Entry>): PutEventsResult | undefined {
  if (entry.Source === undefined || entry.DetailType === undefined || entry.Detail === undefined) {
    return {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: 'Parameter Source, DetailType or Detail is not valid. Reason: it is required.',
    };
  }
  if (Buffer.byteLength(entry.Detail) > 256 * 1024) {
    return { ErrorCode: 'InvalidArgument', ErrorMessage: 'Total size of the entry is over 256 KB.' };
  }
  try {
    const detail: unknown = JSON.parse(entry.Detail);
    if (typeof detail === 'object' && detail !== null && !Array.isArray(detail)) return undefined;
  } catch {
    // Not JSON: refused below.
  }
  return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}
