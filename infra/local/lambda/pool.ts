import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { DeployedFunction } from './functions.ts';
import type { Answer, FunctionError, Invocation, WorkerSetup } from './messages.ts';

/** How a call ended, as Lambda would say. */
export type InvokeResult = { ok: true; payload: string } | { ok: false; error: FunctionError };

export type CallMeasure = {
  name: string;
  ms: number;
  memoryMb: number;
  cold: boolean;
  failed: boolean;
  logBytes: number;
};

type Call = {
  requestId: string;
  payload: string;
  timeoutMs: number;
  timeoutError: string;
  done: (result: InvokeResult) => void;
};

type Slot = {
  worker: Worker;
  ready: boolean;
  call: Call | undefined;
  timer: NodeJS.Timeout | undefined;
  initMs: number;
};

/** At most so many environments of one function: more than there are processors would only wait for each other. */
const maxWorkers = Math.min(4, Math.max(2, availableParallelism()));
/** A call waits this long for a busy worker before another is started: about what a start costs. */
const patienceMs = 120;
/** What a worker started on a busy machine may take to load its bundle; Lambda allows ten seconds. */
const initTimeoutMs = 30_000;

/**
 * The environments of one function: one call at a time in each, kept warm, a further one when calls pile up, and a
 * fresh one after a timeout or a crash, as in Lambda.
 */
export class FunctionPool {
  readonly deployed: DeployedFunction;
  readonly #setup: WorkerSetup;
  readonly #environment: Record<string, string>;
  readonly #measure: (call: CallMeasure) => void;
  readonly #slots: Slot[] = [];
  readonly #waiting: Call[] = [];
  #growTimer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    deployed: DeployedFunction,
    options: {
      setup: WorkerSetup;
      environment: Record<string, string>;
      measure: (call: CallMeasure) => void;
    },
  ) {
    this.deployed = deployed;
    this.#setup = options.setup;
    this.#environment = options.environment;
    this.#measure = options.measure;
  }

  /**
   * Calls the function with a JSON text and waits for its answer; a failing function is an answer too.
   * @param limit a caller's own, shorter time limit in milliseconds and the error it leads to
   */
  invoke(payload: string, limit?: { ms: number; error: string }): Promise<InvokeResult> {
    const shorter = limit !== undefined && limit.ms < this.deployed.timeoutMs ? limit : undefined;
    const { promise, resolve } = Promise.withResolvers<InvokeResult>();
    this.#waiting.push({
      requestId: randomUUID(),
      payload,
      timeoutMs: shorter?.ms ?? this.deployed.timeoutMs,
      timeoutError: shorter?.error ?? 'Sandbox.Timedout',
      done: resolve,
    });
    this.#dispatch();
    return promise;
  }

  /** Ends all environments. Calls in flight are not answered, so nobody takes the end of the run for a failure. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#growTimer);
    this.#waiting.length = 0;
    await Promise.all(
      this.#slots.splice(0).map((slot) => {
        clearTimeout(slot.timer);
        return slot.worker.terminate();
      }),
    );
  }

  #dispatch(): void {
    for (const slot of this.#slots) {
      if (!slot.ready || slot.call !== undefined) continue;
      const call = this.#waiting.shift();
      if (call === undefined) return;
      this.#run(slot, call);
    }
    if (this.#waiting.length === 0 || this.#stopped) return;
    if (this.#slots.length === 0) this.#startWorker();
    else this.#growSoon();
  }

  #growSoon(): void {
    if (this.#growTimer !== undefined || this.#slots.length >= maxWorkers) return;
    this.#growTimer = setTimeout(() => {
      this.#growTimer = undefined;
      if (this.#waiting.length > 0 && this.#slots.every((slot) => slot.ready)) this.#startWorker();
      if (this.#waiting.length > 0) this.#growSoon();
    }, patienceMs);
  }

  #run(slot: Slot, call: Call): void {
    slot.call = call;
    slot.timer = setTimeout(() => this.#timeOut(slot, call), call.timeoutMs);
    const invocation: Invocation = {
      requestId: call.requestId,
      payload: call.payload,
      deadline: Date.now() + this.deployed.timeoutMs,
    };
    slot.worker.postMessage(invocation);
  }

  #startWorker(): void {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: this.#setup,
      env: this.#environment,
      resourceLimits: { maxOldGenerationSizeMb: this.deployed.memoryMb },
    });
    const slot: Slot = { worker, ready: false, call: undefined, timer: undefined, initMs: 0 };
    slot.timer = setTimeout(
      () =>
        this.#lose(slot, {
          errorType: 'Sandbox.Timedout',
          errorMessage: 'Initialisation took too long',
          trace: [],
        }),
      initTimeoutMs,
    );
    worker.on('message', (answer: Answer) => this.#answered(slot, answer));
    worker.on('error', (error: Error) =>
      this.#lose(slot, {
        errorType: 'Runtime.ExitError',
        errorMessage: error.message,
        trace: (error.stack ?? '').split('\n'),
      }),
    );
    worker.on('exit', (code) =>
      this.#lose(slot, {
        errorType: 'Runtime.ExitError',
        errorMessage: `Runtime exited with exit status: ${code}`,
        trace: [],
      }),
    );
    this.#slots.push(slot);
  }

  #answered(slot: Slot, answer: Answer): void {
    switch (answer.kind) {
      case 'ready':
        clearTimeout(slot.timer);
        slot.ready = true;
        slot.initMs = answer.initMs;
        break;
      case 'initFailed':
        this.#lose(slot, answer.error);
        return;
      case 'result':
        this.#finish(slot, answer, { ok: true, payload: answer.payload });
        break;
      case 'error':
        this.#finish(slot, answer, { ok: false, error: answer.error });
        break;
      default:
        answer satisfies never;
    }
    this.#dispatch();
  }

  #finish(slot: Slot, spent: { ms: number; logBytes: number }, result: InvokeResult): void {
    const call = slot.call;
    if (call === undefined) return;
    clearTimeout(slot.timer);
    slot.call = undefined;
    this.#measureCall(slot, spent, !result.ok);
    call.done(result);
  }

  #measureCall(slot: Slot, spent: { ms: number; logBytes: number }, failed: boolean): void {
    const { name, memoryMb } = this.deployed;
    this.#measure({
      name,
      ms: spent.ms + slot.initMs,
      memoryMb,
      cold: slot.initMs > 0,
      failed,
      logBytes: spent.logBytes,
    });
    slot.initMs = 0;
  }

  #timeOut(slot: Slot, call: Call): void {
    const seconds = (call.timeoutMs / 1000).toFixed(2);
    this.#measureCall(slot, { ms: call.timeoutMs, logBytes: 0 }, true);
    this.#lose(slot, {
      errorType: call.timeoutError,
      errorMessage: `RequestId: ${call.requestId} Error: Task timed out after ${seconds} seconds`,
      trace: [],
    });
  }

  /** A worker is gone (or must go): its call, or the one it was started for, fails, and the next gets a fresh one. */
  #lose(slot: Slot, error: FunctionError): void {
    const at = this.#slots.indexOf(slot);
    if (at < 0) return;
    this.#slots.splice(at, 1);
    clearTimeout(slot.timer);
    const call = slot.call ?? (slot.ready ? undefined : this.#waiting.shift());
    call?.done({ ok: false, error });
    void slot.worker.terminate();
    this.#dispatch();
  }
}
