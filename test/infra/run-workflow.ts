import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import { z } from 'zod';
import type { Synthesised } from './synthesised.ts';

const Retry = z.object({
  ErrorEquals: z.array(z.string()),
  IntervalSeconds: z.number(),
  MaxAttempts: z.number(),
  BackoffRate: z.number().default(2),
});
export const State = z.object({
  Type: z.string(),
  Next: z.string().optional(),
  Default: z.string().optional(),
  Choices: z.array(z.object({ Next: z.string() })).default([]),
  Catch: z.array(z.object({ Next: z.string() })).default([]),
  Retry: z.array(Retry).default([]),
  TimeoutSeconds: z.number().optional(),
  Parameters: z.record(z.string(), z.unknown()).default({}),
  ItemProcessor: z.unknown().optional(),
});
export const Definition = z.object({ StartAt: z.string(), States: z.record(z.string(), State) });
export type Definition = z.infer<typeof Definition>;

/** The definition as deployed, with every reference to a resource replaced by an ARN that bears its logical id. */
export function definitionOf({ service }: Synthesised, name: string): StateMachineDefinition {
  const machine = Object.values(service.Resources).find(
    ({ Properties }) => Properties['StateMachineName'] === `o2c-dev-${name}`,
  );
  const { DefinitionString } = z
    .object({ DefinitionString: z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) }) })
    .parse(machine?.Properties);
  const resolve = (part: unknown) => {
    if (typeof part === 'string') return part;
    if (JSON.stringify(part) === '{"Ref":"AWS::Partition"}') return 'aws';
    const found = /"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/.exec(JSON.stringify(part));
    return `arn:aws:lambda:eu-west-2:123456789012:function:${found?.[1]}`;
  };
  return JSON.parse(DefinitionString['Fn::Join'][1].map(resolve).join(''));
}

const Json = z.json();
export type Json = z.infer<typeof Json>;
export type Answers = Readonly<Record<string, () => Json>>;
type Call = { readonly task: string; readonly payload: Json };

const TaskParameters = z.object({ Payload: Json.optional(), MessageBody: Json.default(null) });

/** Runs a workflow as deployed; `answers` play its functions, and throwing is failing for good. */
export async function runWorkflow(from: Synthesised, name: string, input: Json, answers: Answers) {
  const definition = definitionOf(from, name);
  const calls: Call[] = [];
  const handlers = Object.fromEntries(
    taskNames(Definition.parse(definition)).map((task) => [
      task,
      (parameters: unknown): Json => {
        const { Payload, MessageBody } = TaskParameters.parse(parameters);
        calls.push({ task, payload: Payload ?? MessageBody });
        return { StatusCode: 200, Payload: answers[task]?.() ?? null };
      },
    ]),
  );
  const machine = new StateMachine(definition, { validationOptions: { noValidate: true } });
  const noWaiting = Object.fromEntries(Object.keys(handlers).map((task) => [task, 0]));
  const context = {
    Execution: { Id: 'arn', Name: 'run-1', Input: input, StartTime: '2011-12-05T09:00:00.000Z' },
    State: { EnteredTime: '2011-12-05T09:00:01.000Z', Name: 'any' },
  };
  const execution = machine.run(structuredClone(input), {
    overrides: { taskResourceLocalHandlers: handlers, retryIntervalOverrides: noWaiting },
    context,
  });
  const outcome = await execution.result.then(
    () => 'succeeded' as const,
    () => 'failed' as const,
  );
  const path = calls.map(({ task }) => task).filter((task, index, all) => task !== all[index - 1]);
  return { outcome, path, calls, last: calls.at(-1)?.payload };
}

function taskNames(definition: Definition): string[] {
  return Object.entries(definition.States).flatMap(([name, state]) => [
    ...(state.Type === 'Task' ? [name] : []),
    ...(state.ItemProcessor === undefined ? [] : taskNames(Definition.parse(state.ItemProcessor))),
  ]);
}
