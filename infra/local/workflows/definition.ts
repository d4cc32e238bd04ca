import type { StateMachineDefinition } from 'aws-local-stepfunctions';
import { z } from 'zod';

const StateSchema = z.looseObject({
  Type: z.string(),
  Resource: z.string().optional(),
  TimeoutSeconds: z.number().optional(),
  Retry: z.array(z.looseObject({})).optional(),
});
type AslState = z.infer<typeof StateSchema>;

const MachineSchema = z.looseObject({
  StartAt: z.string(),
  States: z.record(z.string(), StateSchema),
});
type Machine = z.infer<typeof MachineSchema>;

/** A task (or a wait) as the definition declares it; the interpreter knows it by the state's name. */
export type TaskDeclaration = { state: string; resource: string; timeoutMs: number | undefined };

/** The resource a Wait state is given: its end is a matter of the business clock. */
export const waitResource = 'local:wait';

/** Where a task that waits for its token finds it in its parameters; the same after a restart of the execution. */
export const tokenParameter = 'LocalTaskToken';

/** Longest a retry waits here, in seconds. On AWS it waits as declared. */
const longestRetrySeconds = 0.2;
/** The interpreter's own limit on a task, set so far away that Lambda's and the state's limits count instead. */
const noLimitSeconds = 2_000_000;

/**
 * Prepares an Amazon States Language definition for the interpreter, which takes time from the wall clock and gives a
 * task no `$$.State`: waits become tasks that end by the business clock, retries wait shortly, and of every state a
 * fresh copy is handed out on entry in which `$$.State` points at the moment this very entry took place.
 */
export function readDefinition(definition: string): { tasks: TaskDeclaration[]; machine: Machine } {
  const machine = prepare(MachineSchema.parse(JSON.parse(definition)));
  return { tasks: [...tasksIn(machine)], machine };
}

/** What one execution sees through `$$`. */
export type ContextObject = Record<string, unknown> & { Execution: Record<string, unknown> };

/**
 * The definition for one execution, with the context object it fills as states are entered.
 * @param nowIso business time
 */
export function forExecution(
  machine: Machine,
  execution: { Id: string; Name: string; Input: unknown; StartTime: string },
  stateMachine: { Id: string; Name: string },
  nowIso: () => string,
): { definition: StateMachineDefinition; context: ContextObject } {
  const entries: Record<string, unknown> = {};
  const context: ContextObject = {
    Execution: { ...execution },
    Run: execution,
    StateMachine: stateMachine,
    Entries: entries,
  };
  const visits = new Map<string, number>();
  let count = 0;
  const enter = (name: string, state: AslState): unknown => {
    const entry = `e${(count += 1)}`;
    const visit = (visits.get(name) ?? 0) + 1;
    visits.set(name, visit);
    const Token = Buffer.from(JSON.stringify([execution.Id, name, visit])).toString('base64url');
    entries[entry] = { Name: name, EnteredTime: nowIso(), RetryCount: 0, Token };
    const { text, nested } = templateOf(state);
    const copy: AslState = JSON.parse(
      text
        .replaceAll('$$.State.', `$$$$.Entries.${entry}.`)
        .replaceAll('$$.Task.Token', `$$$$.Entries.${entry}.Token`)
        // The interpreter overwrites these two with the wall clock and a Map's own item.
        .replaceAll('$$.Execution.StartTime', '$$$$.Run.StartTime')
        .replaceAll('$$.Execution.Input', '$$$$.Run.Input'),
    );
    return eachMachineIn({ ...copy, ...nested }, (inner) => fresh(inner, enter));
  };
  return { definition: fresh(machine, enter), context };
}

const templates = new WeakMap<AslState, { text: string; nested: Record<string, unknown> }>();

/** A state as text, without the machines inside it: those are entered on their own. */
function templateOf(state: AslState): { text: string; nested: Record<string, unknown> } {
  const known = templates.get(state);
  if (known !== undefined) return known;
  const isMachine = ([name]: [string, unknown]): boolean =>
    ['ItemProcessor', 'Iterator', 'Branches'].includes(name);
  const fields = Object.entries(state);
  const own = fields.filter((field) => !isMachine(field));
  const template = {
    text: JSON.stringify(Object.fromEntries(own)),
    nested: Object.fromEntries(fields.filter(isMachine)),
  };
  templates.set(state, template);
  return template;
}

/** The interpreter reads `States[name]` exactly when it enters a state. */
function fresh(machine: Machine, enter: (name: string, state: AslState) => unknown): StateMachineDefinition {
  const states = {};
  for (const [name, state] of Object.entries(machine.States)) {
    Object.defineProperty(states, name, { enumerable: true, get: () => enter(name, state) });
  }
  return { ...machine, States: states };
}

function prepare(machine: Machine): Machine {
  const states = Object.entries(machine.States).map(([name, state]) => [name, prepareState(state)]);
  return { ...machine, States: Object.fromEntries(states) };
}

function prepareState(state: AslState): AslState {
  const inner = eachMachineIn(state, prepare);
  const retry = inner.Retry?.map((retrier) => ({
    ...retrier,
    IntervalSeconds: longestRetrySeconds,
    BackoffRate: 1,
    JitterStrategy: 'NONE',
  }));
  const patient: AslState = retry === undefined ? inner : { ...inner, Retry: retry };
  switch (state.Type) {
    case 'Task': {
      const limits = { TimeoutSeconds: noLimitSeconds, LocalTimeoutSeconds: state.TimeoutSeconds };
      if (state.Resource?.endsWith('.waitForTaskToken') !== true) return { ...patient, ...limits };
      const given = z.record(z.string(), z.unknown()).parse(patient['Parameters']);
      return { ...patient, ...limits, Parameters: { ...given, [`${tokenParameter}.$`]: '$$.Task.Token' } };
    }
    case 'Wait': {
      const { Seconds, SecondsPath, Timestamp, TimestampPath, ...rest } = patient;
      const until = { Seconds, 'Seconds.$': SecondsPath, Timestamp, 'Timestamp.$': TimestampPath };
      const Parameters = Object.fromEntries(Object.entries(until).filter(([, given]) => given !== undefined));
      return {
        ...rest,
        Type: 'Task',
        Resource: waitResource,
        Parameters,
        ResultPath: null,
        TimeoutSeconds: noLimitSeconds,
      };
    }
    default:
      return patient;
  }
}

function eachMachineIn(state: AslState, change: (machine: Machine) => unknown): AslState {
  const changed: Record<string, unknown> = { ...state };
  for (const field of ['ItemProcessor', 'Iterator']) {
    if (field in state) changed[field] = change(MachineSchema.parse(state[field]));
  }
  if ('Branches' in state) changed['Branches'] = z.array(MachineSchema).parse(state['Branches']).map(change);
  return { ...changed, Type: state.Type };
}

function* tasksIn(machine: Machine): Generator<TaskDeclaration> {
  for (const [name, state] of Object.entries(machine.States)) {
    if (state.Type === 'Task') {
      const seconds = z.number().optional().parse(state['LocalTimeoutSeconds']);
      yield {
        state: name,
        resource: state.Resource ?? '',
        timeoutMs: seconds === undefined ? undefined : seconds * 1000,
      };
    }
    for (const field of ['ItemProcessor', 'Iterator']) {
      if (field in state) yield* tasksIn(MachineSchema.parse(state[field]));
    }
    for (const branch of z.array(MachineSchema).default([]).parse(state['Branches'])) yield* tasksIn(branch);
  }
}
