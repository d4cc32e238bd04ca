import { z } from 'zod';
import type { State } from '../state.ts';

const Status = z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']);

/** One line of an execution's history; `at` is business time. */
export const HistoryEvent = z.object({
  at: z.string(),
  type: z.string(),
  state: z.string().optional(),
  input: z.unknown().optional(),
  output: z.unknown().optional(),
  error: z.string().optional(),
  cause: z.unknown().optional(),
});
export type HistoryEvent = z.infer<typeof HistoryEvent>;

const Execution = z.object({
  arn: z.string(),
  machine: z.string(),
  name: z.string(),
  type: z.enum(['STANDARD', 'EXPRESS']),
  status: Status,
  input: z.string(),
  output: z.string().nullable(),
  error: z.string().nullable(),
  cause: z.string().nullable(),
  startedAt: z.number(),
  stoppedAt: z.number().nullable(),
});
/** An execution on record; moments are business time in epoch milliseconds, input and output JSON texts. */
export type Execution = z.infer<typeof Execution>;

const columns =
  'arn, machine, name, type, status, input, output, error, cause, started_at AS startedAt, stopped_at AS stoppedAt';

/** The executions of the state machines, as they stand in the data directory. */
export class ExecutionStore {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  /** Records a new execution, with what else belongs to the same moment. */
  insert(execution: Execution, alongside: () => void): void {
    const { arn, machine, name, type, status, input, startedAt } = execution;
    this.#state.transaction(() => {
      this.#state.run('DELETE FROM executions WHERE arn = ?', arn);
      this.#state.run(
        'INSERT INTO executions (arn, machine, name, type, status, input, started_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
        arn,
        machine,
        name,
        type,
        status,
        input,
        startedAt,
      );
      alongside();
    });
  }

  finish(
    arn: string,
    end: Pick<Execution, 'status' | 'output' | 'error' | 'cause' | 'stoppedAt'>,
    history: HistoryEvent[],
  ): void {
    this.#state.run(
      'UPDATE executions SET status = ?, output = ?, error = ?, cause = ?, stopped_at = ?, history = ? WHERE arn = ?',
      end.status,
      end.output,
      end.error,
      end.cause,
      end.stoppedAt,
      JSON.stringify(history),
      arn,
    );
  }

  get(arn: string): Execution | undefined {
    return this.#state.first(Execution, `SELECT ${columns} FROM executions WHERE arn = ?`, arn);
  }

  history(arn: string): HistoryEvent[] {
    const row = this.#state.first(
      z.object({ history: z.string() }),
      'SELECT history FROM executions WHERE arn = ?',
      arn,
    );
    return z.array(HistoryEvent).parse(JSON.parse(row?.history ?? '[]'));
  }

  /** What was running when the last process ended, oldest first. */
  running(): Execution[] {
    return this.#state.all(
      Execution,
      `SELECT ${columns} FROM executions WHERE status = 'RUNNING' ORDER BY seq`,
    );
  }

  /** Newest first, at most `limit`. */
  list(filter: {
    machine?: string | undefined;
    status?: string | undefined;
    limit?: number | undefined;
  }): Execution[] {
    return this.#state.all(
      Execution,
      `SELECT ${columns} FROM executions WHERE (? IS NULL OR machine = ?) AND (? IS NULL OR status = ?) ORDER BY seq DESC LIMIT ?`,
      filter.machine ?? null,
      filter.machine ?? null,
      filter.status ?? null,
      filter.status ?? null,
      filter.limit ?? 1000,
    );
  }
}
