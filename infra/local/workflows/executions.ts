import { randomUUID } from 'node:crypto';
import { StateMachine } from 'aws-local-stepfunctions';
import type { Activity } from '../activity.ts';
import type { BusinessClock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import type { Lambda } from '../lambda/lambda.ts';
import { expressGbSeconds, type Meter } from '../meter/meter.ts';
import type { Queues } from '../queues.ts';
import type { State } from '../state.ts';
import { nameIn, type Place } from '../template/attributes.ts';
import { forExecution } from './definition.ts';
import { type Execution, ExecutionStore, type HistoryEvent } from './execution-store.ts';
import { recordHistory } from './history.ts';
import type { DeployedMachine } from './machines.ts';
import { Presence } from './presence.ts';
import { Sleepers } from './sleepers.ts';
import { type Json, runTask, TaskError, type TaskServices } from './tasks.ts';
import { Turns } from './turns.ts';

/** A refusal of the Step Functions API; `name` is the code the SDK sees. */
export class StatesApiError extends Error {
  constructor(code: string, message: string) {
    super(message);
    this.name = code;
  }
}

/** Executions that run at once; further ones wait their turn, so that two cores are not asked for everything at once. */
const atOnce = 16;
/** A Standard execution's name can be used again 90 days after it has ended (API reference of StartExecution). */
const nameKeptMs = 90 * 86_400_000;

/** Runs the state machines of the template and remembers every execution. */
export class Executions {
  readonly store: ExecutionStore;
  readonly #machines: Map<string, DeployedMachine>;
  readonly #activity: Activity;
  readonly #meter: Meter;
  readonly #clock: BusinessClock;
  readonly #place: Place;
  readonly #sleepers: Sleepers;
  readonly #turns = new Turns(atOnce);
  readonly #tokens = new Map<string, PromiseWithResolvers<Json>>();
  readonly #services: Pick<TaskServices, 'lambda' | 'queues' | 'meter' | 'putEvents'>;

  constructor(options: {
    machines: Iterable<DeployedMachine>;
    state: State;
    activity: Activity;
    meter: Meter;
    clock: BusinessClock;
    place: Place;
    lambda: Lambda;
    queues: Queues;
    putEvents: (entries: unknown) => Json;
  }) {
    this.#machines = new Map([...options.machines].map((machine) => [machine.name, machine]));
    this.store = new ExecutionStore(options.state);
    this.#activity = options.activity;
    this.#meter = options.meter;
    this.#clock = options.clock;
    this.#place = options.place;
    this.#sleepers = new Sleepers(options.clock);
    this.#services = options;
  }

  has(machineArn: string): boolean {
    return this.#machines.has(nameIn(machineArn));
  }

  /**
   * Starts an execution; it is on record when this returns. A Standard execution of the same name that still runs on
   * the same input is answered as if it had just been started.
   * @param alongside written in the same transaction
   * @throws StatesApiError ExecutionAlreadyExists, StateMachineDoesNotExist, InvalidName, InvalidExecutionInput
   */
  start(given: {
    machineArn: string;
    name?: string | undefined;
    input: string;
    alongside?: () => void;
  }): Execution {
    const machine = this.#machines.get(nameIn(given.machineArn));
    if (machine === undefined) {
      throw new StatesApiError(
        'StateMachineDoesNotExist',
        `State Machine Does Not Exist: '${given.machineArn}'`,
      );
    }
    checkInput(given.input);
    const name = given.name ?? randomUUID();
    if (!/^[^\s\p{Cc}<>{}[\]?*"#%\\^|~`$&,;:/]{1,80}$/u.test(name)) {
      throw new StatesApiError('InvalidName', `Invalid Name: '${name}'`);
    }
    const arn = this.#arn(machine, name);
    const existing = this.store.get(arn);
    if (existing !== undefined) {
      if (existing.status === 'RUNNING' && existing.input === given.input) {
        given.alongside?.();
        return existing;
      }
      if (existing.stoppedAt === null || existing.stoppedAt + nameKeptMs > this.#clock.now()) {
        throw new StatesApiError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
      }
    }
    const execution: Execution = {
      arn,
      machine: machine.name,
      name,
      type: machine.type,
      status: 'RUNNING',
      input: given.input,
      output: null,
      error: null,
      cause: null,
      startedAt: this.#clock.now(),
      stoppedAt: null,
    };
    this.store.insert(execution, given.alongside ?? (() => undefined));
    if (machine.type === 'EXPRESS') this.#meter.add('expressRequests');
    this.#begin(machine, execution);
    return execution;
  }

  /** Starts again what the last process left unfinished; the tasks are idempotent. */
  resume(): void {
    for (const execution of this.store.running()) {
      const machine = this.#machines.get(execution.machine);
      if (machine !== undefined) this.#begin(machine, execution);
    }
  }

  /** Ends the wait of the task that was given this token.
   * @throws StatesApiError TaskTimedOut when no task waits for it */
  returnToken(token: string, outcome: { output: Json } | { error: string; cause: string }): void {
    const waiting = this.#tokens.get(token);
    if (waiting === undefined)
      throw new StatesApiError('TaskTimedOut', 'Task Timed Out: no task waits for this token');
    this.#tokens.delete(token);
    if ('output' in outcome) waiting.resolve(outcome.output);
    else waiting.reject(new TaskError(outcome.error, outcome.cause));
  }

  #arn(machine: DeployedMachine, name: string): string {
    const start = `arn:aws:states:${this.#place.region}:${this.#place.account}`;
    return machine.type === 'STANDARD'
      ? `${start}:execution:${machine.name}:${name}`
      : `${start}:express:${machine.name}:${name}:${randomUUID()}`;
  }

  #begin(machine: DeployedMachine, execution: Execution): void {
    const presence = new Presence(this.#activity, this.#turns);
    void this.#run(machine, execution, presence).finally(() => presence.end());
  }

  async #run(machine: DeployedMachine, execution: Execution, presence: Presence): Promise<void> {
    await this.#turns.take();
    const began = performance.now();
    const input: Json = JSON.parse(execution.input);
    const { definition, context } = forExecution(
      machine.machine,
      {
        Id: execution.arn,
        Name: execution.name,
        Input: input,
        StartTime: new Date(execution.startedAt).toISOString(),
      },
      { Id: machine.arn, Name: machine.name },
      () => this.#clock.nowIso(),
    );
    const services = this.#servicesFor(presence);
    const handlers = Object.fromEntries(
      machine.tasks.map((task) => [
        task.state,
        (given: unknown) => presence.task(() => runTask(task, given, services)),
      ]),
    );
    const run = new StateMachine(definition, { validationOptions: { noValidate: true } }).run(input, {
      context,
      overrides: { taskResourceLocalHandlers: handlers },
    });
    const history: HistoryEvent[] = [];
    const recorded = recordHistory(run.eventLogs, history, () => this.#clock.nowIso());
    let outcome: Pick<Execution, 'status' | 'output' | 'error' | 'cause'>;
    try {
      const output = await run.result;
      outcome = { status: 'SUCCEEDED', output: JSON.stringify(output), error: null, cause: null };
    } catch (error) {
      outcome = failure(error);
    }
    await recorded;
    this.#measure(machine, history, performance.now() - began);
    this.store.finish(execution.arn, { ...outcome, stoppedAt: this.#clock.now() }, history);
  }

  #servicesFor(presence: Presence): TaskServices {
    return {
      ...this.#services,
      now: () => this.#clock.now(),
      sleepUntil: async (at) => {
        if (at > this.#clock.now()) await presence.wait(this.#sleepers.sleepUntil(at));
      },
      tokenReturned: (token) => {
        const waiting = Promise.withResolvers<Json>();
        this.#tokens.set(token, waiting);
        return presence.wait(waiting.promise);
      },
    };
  }

  /** Transitions: every state entered, every retry, the start and the end (pricing page, example 1). */
  #measure(machine: DeployedMachine, history: HistoryEvent[], ms: number): void {
    if (machine.type === 'EXPRESS') {
      this.#meter.add('expressGbSeconds', expressGbSeconds(ms));
      return;
    }
    const steps = history.filter(
      (event) => event.type === 'StateEntered' || event.type === 'StateRetried',
    ).length;
    this.#meter.add('standardTransitions', steps + 2);
  }
}

function checkInput(input: string): void {
  try {
    JSON.parse(input);
  } catch {
    throw new StatesApiError(
      'InvalidExecutionInput',
      'Invalid State Machine Execution Input: it is not JSON',
    );
  }
  if (Buffer.byteLength(input) > 262_144) {
    throw new StatesApiError(
      'InvalidExecutionInput',
      'Invalid State Machine Execution Input: it is larger than 256 KB',
    );
  }
}

function failure(error: unknown): Pick<Execution, 'status' | 'output' | 'error' | 'cause'> {
  const reason: unknown = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const name = reason instanceof Error ? reason.name : 'States.Runtime';
  const status = name === 'ExecutionTimeoutError' ? 'TIMED_OUT' : 'FAILED';
  return { status, output: null, error: name, cause: messageOf(reason) };
}
