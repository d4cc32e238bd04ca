import { randomUUID } from 'node:crypto';
import { StateMachine } from 'aws-local-stepfunctions';
import { z } from 'zod';
import type { Activity } from '../activity.ts';
import type { BusinessClock } from '../clock.ts';
import { LocalRunError, messageOf } from '../errors.ts';
import type { Lambda } from '../lambda/lambda.ts';
import { expressGbSeconds, type Meter } from '../meter/meter.ts';
import type { Queues } from '../queues.ts';
import type { State } from '../state.ts';
import { nameIn, type Place } from '../template/attributes.ts';
import { forExecution } from './definition.ts';
import { type Execution, ExecutionStore, type HistoryEvent } from './execution-store.ts';
import { recordHistory } from './history.ts';
import type { DeployedMachine } from './machines.ts';
import { Sleepers } from './sleepers.ts';
import { runTask, TaskError, type TaskServices } from './tasks.ts';
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
  readonly #tokens = new Map<string, PromiseWithResolvers<unknown>>();
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
    putEvents: (entries: unknown) => unknown;
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
  start(given: { machineArn: string; name?: string | undefined; input: string; alongside?: () => void }): Execution {
    const machine = this.#machines.get(nameIn(given.machineArn));
    if (machine === undefined) {
      throw new StatesApiError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${given.machineArn}'`);
    }
    checkInput(given.input);
    const name = given.name ?? randomUUID();
    if (!/^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]{1,80}$/.test(name)) {
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
  returnToken(token: string, outcome: { output: unknown } | { error: string; cause: string }): void {
    const waiting = this.#tokens.get(token);
    if (waiting === undefined) throw new StatesApiError('TaskTimedOut', 'Task Timed Out: no task waits for this token');
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
    const busy = { leave: this.#activity.enter('execution') };
    void this.#run(machine, execution, busy).finally(() => busy.leave());
  }

  async #run(machine: DeployedMachine, execution: Execution, busy: { leave: () => void }): Promise<void> {
    await this.#turns.take();
    const began = performance.now();
    const input: unknown = JSON.parse(execution.input);
    const { definition, context } = forExecution(
      machine.machine,
      { Id: execution.arn, Name: execution.name, Input: input, StartTime: new Date(execution.startedAt).toISOString() },
      { Id: machine.arn, Name: machine.name },
      () => this.#clock.nowIso(),
    );
    const services = this.#servicesFor(busy);
    const handlers = Object.fromEntries(
      machine.tasks.map((task) => [task.state, async (given: unknown) => z.json().parse(await runTask(task, given, services))]),
    );
    const run = new StateMachine(definition, { validationOptions: { noValidate: true } }).run(z.json().parse(input), {
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
    this.#turns.giveBack();
    this.#measure(machine, history, performance.now() - began);
    this.store.finish(execution.arn, { ...outcome, stoppedAt: this.#clock.now() }, history);
  }

  #servicesFor(busy: { leave: () => void }): TaskServices {
    const idleWhile = async <T>(wait: Promise<T>): Promise<T> => {
      busy.leave();
      this.#turns.giveBack();
      try {
        return await wait;
      } finally {
        busy.leave = this.#activity.enter('execution');
        await this.#turns.take();
      }
    };
    return {
      ...this.#services,
      now: () => this.#clock.now(),
      sleepUntil: (at) => idleWhile(this.#sleepers.sleepUntil(at)),
      tokenReturned: (token) => {
        const waiting = Promise.withResolvers<unknown>();
        this.#tokens.set(token, waiting);
        return idleWhile(waiting.promise);
      },
    };
  }

  /** Transitions: every state entered, every retry, the start and the end (pricing page, example 1). */
  #measure(machine: DeployedMachine, history: HistoryEvent[], ms: number): void {
    if (machine.type === 'EXPRESS') {
      this.#meter.add('expressGbSeconds', expressGbSeconds(ms));
      return;
    }
    const steps = history.filter((event) => event.type === 'StateEntered' || event.type === 'StateRetried').length;
    this.#meter.add('standardTransitions', steps + 2);
  }
}

function checkInput(input: string): void {
  try {
    JSON.parse(input);
  } catch {
    throw new StatesApiError('InvalidExecutionInput', 'Invalid State Machine Execution Input: it is not JSON');
  }
  if (Buffer.byteLength(input) > 262_144) {
    throw new StatesApiError('InvalidExecutionInput', 'Invalid State Machine Execution Input: it is larger than 256 KB');
  }
}

function failure(error: unknown): Pick<Execution, 'status' | 'output' | 'error' | 'cause'> {
  const reason: unknown = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const name = reason instanceof Error ? reason.name : 'States.Runtime';
  if (reason instanceof LocalRunError) process.stderr.write(`${reason.message}\n`);
  const status = name === 'ExecutionTimeoutError' ? 'TIMED_OUT' : 'FAILED';
  return { status, output: null, error: name, cause: messageOf(reason) };
}
