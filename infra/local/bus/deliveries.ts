import { z } from 'zod';
import type { Activity } from '../activity.ts';
import { LocalRunError } from '../errors.ts';
import type { Lambda } from '../lambda/lambda.ts';
import type { InvokeResult } from '../lambda/pool.ts';
import type { Queues } from '../queues.ts';
import type { State } from '../state.ts';
import { nameIn } from '../template/attributes.ts';
import type { Executions } from '../workflows/executions.ts';

const Policy = z.object({
  /** Queue (ARN) of the rule or schedule for what could not be handed over at all. */
  deadLetterArn: z.string().optional(),
});

/** Something to be handed to a function, a state machine or a queue, by ARN, without anyone waiting for an answer. */
export type Delivery = { target: string; payload: string; policy: z.infer<typeof Policy> };

const Row = z.object({ id: z.number(), target: z.string(), payload: z.string(), policy: z.string() });

/**
 * Hands events to their targets at least once: each is written down before its sender is answered, and crossed out when
 * the function has succeeded (or was given up by its own rules) or the execution is on record.
 */
export class Deliveries {
  readonly #state: State;
  readonly #activity: Activity;
  readonly #lambda: Lambda;
  readonly #queues: Queues;
  readonly #executions: Executions;
  readonly #nowIso: () => string;
  readonly #report: (line: string) => void;

  constructor(options: {
    state: State;
    activity: Activity;
    lambda: Lambda;
    queues: Queues;
    executions: Executions;
    nowIso: () => string;
    report: (line: string) => void;
  }) {
    this.#state = options.state;
    this.#activity = options.activity;
    this.#lambda = options.lambda;
    this.#queues = options.queues;
    this.#executions = options.executions;
    this.#nowIso = options.nowIso;
    this.#report = options.report;
  }

  /**
   * Takes deliveries in; they are durable when this returns and on their way.
   * @param alongside written in the same transaction (what has been fired, for a schedule)
   * @param ready what they wait for before they are sent, which must not fail; what is sent again after a kill does not wait
   */
  accept(deliveries: Delivery[], alongside: () => void = () => undefined, ready?: Promise<void>): void {
    const rows = this.#state.transaction(() => {
      alongside();
      return deliveries.map((delivery) => this.#insert(delivery));
    });
    for (const row of rows) this.#send(row, ready);
  }

  /** Sends again what the last process had not finished. */
  resume(): void {
    for (const row of this.#state.all(Row, 'SELECT id, target, payload, policy FROM deliveries ORDER BY id'))
      this.#send(row);
  }

  /**
   * @throws LocalRunError when the target is none that the local run can reach
   */
  checkTarget(arn: string, from: string): void {
    const service = arn.split(':')[2];
    const reachable =
      (service === 'lambda' && this.#lambda.find(arn) !== undefined) ||
      (service === 'states' && this.#executions.has(arn)) ||
      (service === 'sqs' && this.#queues.has(nameIn(arn)));
    if (!reachable) throw new LocalRunError(`${from} targets ${arn}, which the local run can't reach`);
  }

  #insert(delivery: Delivery): z.infer<typeof Row> {
    const inserted = this.#state.first(
      Row,
      'INSERT INTO deliveries (target, payload, policy) VALUES (?, ?, ?) RETURNING id, target, payload, policy',
      delivery.target,
      delivery.payload,
      JSON.stringify(delivery.policy),
    );
    if (inserted === undefined) throw new LocalRunError('The inbox of events could not be written');
    return inserted;
  }

  #send(row: z.infer<typeof Row>, ready?: Promise<void>): void {
    const leave = this.#activity.enter('delivery');
    const deliver = (): void => void this.#deliver(row).finally(leave);
    if (ready === undefined) deliver();
    else void ready.then(deliver);
  }

  async #deliver(row: z.infer<typeof Row>): Promise<void> {
    const done = (): void => this.#state.run('DELETE FROM deliveries WHERE id = ?', row.id);
    const service = row.target.split(':')[2];
    try {
      if (service === 'lambda') {
        await this.#invoke(row);
        done();
      } else if (service === 'states') {
        this.#executions.start({ machineArn: row.target, input: row.payload, alongside: done });
      } else {
        this.#queues.send(nameIn(row.target), row.payload);
        done();
      }
    } catch (error) {
      const { deadLetterArn } = Policy.parse(JSON.parse(row.policy));
      if (deadLetterArn !== undefined) this.#queues.send(nameIn(deadLetterArn), row.payload);
      else this.#report(`An event for ${row.target} is lost, it has no dead-letter queue: ${String(error)}`);
      done();
    }
  }

  /** An asynchronous call: tried again as often as the function's settings say, then sent to its failure destination. */
  async #invoke({ target, payload }: z.infer<typeof Row>): Promise<void> {
    const deployed = this.#lambda.find(target);
    if (deployed === undefined) throw new LocalRunError(`The template has no function ${target}`);
    let result: InvokeResult = await this.#lambda.invoke(target, payload);
    for (let attempt = 1; !result.ok && attempt <= deployed.retryAttempts; attempt += 1) {
      // Lambda waits one minute, then two.
      await new Promise((resolve) => setTimeout(resolve, 100 * attempt));
      result = await this.#lambda.invoke(target, payload);
    }
    if (result.ok) return;
    if (deployed.onFailure === undefined) {
      this.#report(`${deployed.name} failed on an event (see its log) and has no failure destination`);
      return;
    }
    const { arn, kind } = deployed.onFailure;
    if (kind === 'destination') {
      this.#queues.send(nameIn(arn), this.#failureRecord(payload, result, deployed));
      return;
    }
    // The message is the event itself; why it failed stands in its attributes, as Lambda puts them there.
    const { errorMessage } = result.error;
    this.#queues.send(nameIn(arn), payload, { ErrorCode: '200', ErrorMessage: errorMessage.slice(0, 1024) });
  }

  #failureRecord(
    payload: string,
    result: Extract<InvokeResult, { ok: false }>,
    deployed: { arn: string; retryAttempts: number },
  ): string {
    return JSON.stringify({
      version: '1.0',
      timestamp: this.#nowIso(),
      requestContext: {
        functionArn: `${deployed.arn}:$LATEST`,
        condition: 'RetriesExhausted',
        approximateInvokeCount: deployed.retryAttempts + 1,
      },
      requestPayload: JSON.parse(payload),
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: result.error,
    });
  }
}
