import { StateMachine } from 'aws-local-stepfunctions';
import { describe, expect, it } from 'vitest';
import { forExecution, readDefinition } from '../../../infra/local/workflows/definition.ts';

const work = (extra: Record<string, unknown>): Record<string, unknown> => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: {
    'at.$': '$$.State.EnteredTime',
    'state.$': '$$.State.Name',
    'run.$': '$$.Execution.Name',
    'started.$': '$$.Execution.StartTime',
  },
  ...extra,
});

it('gives every state the business moment of its own entry, in a Map too', async () => {
  const definition = {
    StartAt: 'First',
    States: {
      First: work({ Next: 'Each', ResultPath: null }),
      Each: {
        Type: 'Map',
        ItemsPath: '$.items',
        MaxConcurrency: 1,
        ItemSelector: { 'n.$': '$$.Map.Item.Value', 'mapAt.$': '$$.State.EnteredTime' },
        ItemProcessor: { StartAt: 'Inner', States: { Inner: work({ End: true }) } },
        End: true,
      },
    },
  };
  const { machine, tasks } = readDefinition(JSON.stringify(definition));
  expect(tasks.map((task) => task.state)).toEqual(['First', 'Inner']);
  let minute = 0;
  const tick = (): string => `2026-03-01T08:0${(minute += 1)}:00.000Z`;
  const { definition: own, context } = forExecution(
    machine,
    { Id: 'arn', Name: 'cus_1-2026-03-01', Input: {}, StartTime: '2026-03-01T08:00:00.000Z' },
    { Id: 'machine', Name: 'machine' },
    tick,
  );
  const given: unknown[] = [];
  const note = async (input: unknown): Promise<null> => {
    given.push(input);
    return null;
  };
  await new StateMachine(own, { validationOptions: { noValidate: true } }).run(
    { items: [1, 2] },
    { context, overrides: { taskResourceLocalHandlers: { First: note, Inner: note } } },
  ).result;
  const common = { run: 'cus_1-2026-03-01', started: '2026-03-01T08:00:00.000Z' };
  expect(given).toEqual([
    { ...common, state: 'First', at: '2026-03-01T08:01:00.000Z' },
    { ...common, state: 'Inner', at: '2026-03-01T08:03:00.000Z' },
    { ...common, state: 'Inner', at: '2026-03-01T08:04:00.000Z' },
  ]);
});

describe('a definition', () => {
  it('has its retries shortened but as many as declared, and its waits left to the business clock', () => {
    const { machine, tasks } = readDefinition(
      JSON.stringify({
        StartAt: 'Wait',
        States: {
          Wait: { Type: 'Wait', Seconds: 86_400, Next: 'Work' },
          Work: work({
            End: true,
            TimeoutSeconds: 5,
            Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 60, MaxAttempts: 7 }],
          }),
        },
      }),
    );
    expect(tasks).toEqual([
      { state: 'Wait', resource: 'local:wait', timeoutMs: undefined },
      { state: 'Work', resource: 'arn:aws:states:::lambda:invoke', timeoutMs: 5000 },
    ]);
    expect(machine.States['Work']?.Retry).toEqual([
      {
        ErrorEquals: ['States.ALL'],
        IntervalSeconds: 0.2,
        BackoffRate: 1,
        JitterStrategy: 'NONE',
        MaxAttempts: 7,
      },
    ]);
  });
});
