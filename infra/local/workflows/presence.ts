import type { Activity } from '../activity.ts';
import type { Turns } from './turns.ts';

/**
 * Whether an execution keeps the local run busy. It does from its start to its end, except while all it does is wait:
 * for a moment of business time, or for someone to send a task token back.
 */
export class Presence {
  readonly #activity: Activity;
  readonly #turns: Turns;
  #leave: (() => void) | undefined;
  #tasks = 0;
  #waits = 0;

  constructor(activity: Activity, turns: Turns) {
    this.#activity = activity;
    this.#turns = turns;
    this.#leave = activity.enter('execution');
  }

  /** Runs one task of the execution. */
  async task<T>(work: () => Promise<T>): Promise<T> {
    this.#tasks += 1;
    this.#update();
    try {
      return await work();
    } finally {
      this.#tasks -= 1;
      this.#update();
    }
  }

  /** Within a task: waits for something outside. */
  async wait<T>(outside: Promise<T>): Promise<T> {
    this.#tasks -= 1;
    this.#waits += 1;
    this.#update();
    try {
      return await outside;
    } finally {
      this.#tasks += 1;
      this.#waits -= 1;
      this.#update();
    }
  }

  /** The execution has ended. */
  end(): void {
    this.#turns.giveBack();
    this.#leave?.();
    this.#leave = undefined;
  }

  #update(): void {
    const busy = this.#waits === 0 || this.#tasks > 0;
    if (busy && this.#leave === undefined) {
      this.#leave = this.#activity.enter('execution');
      this.#turns.takeAtOnce();
    } else if (!busy && this.#leave !== undefined) {
      this.#leave();
      this.#leave = undefined;
      this.#turns.giveBack();
    }
  }
}
