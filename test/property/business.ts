import { deepStrictEqual, ok } from 'node:assert/strict';
import type { Fact } from '#shared/fact/fact.ts';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import type { Item } from '#shared/table/table.ts';
import { billDue, collect, expireReservations, newFact, react, request } from '../builders/house.ts';
import type { Response } from '../builders/http-event.ts';
import { type MemoryTable, memoryTable, type TableClient } from '../builders/memory-table.ts';
import { interleave, seeded } from './interleave.ts';
import { openingRequests, type Request, requestOf } from './requests.ts';
import type { Mishap, Round, Step } from './step.ts';

const START = Date.parse('2026-03-02T09:00:00.000Z');
const DAY = 24 * 60 * 60 * 1000;

type Turn = () => Promise<void>;

/** A company at work on an in-memory table, with everything it answered. */
export class Business {
  readonly table: MemoryTable;
  readonly #answered: (Request & { response: Response })[] = [];
  /** What was recorded since it opened, and how much of it others have been told. */
  readonly #facts: Fact[] = [];
  #told = 0;
  #now = START;

  constructor(opening: Iterable<Item> = []) {
    this.table = memoryTable(opening);
    this.table.subscribe((change) => {
      const fact = newFact(change);
      if (fact) this.#facts.push(fact);
    });
  }

  /** The table of a company on its first day, see {@link openingRequests}. */
  static async opening(skus: readonly string[]): Promise<Item[]> {
    const business = new Business();
    for (const wanted of openingRequests(skus)) {
      const { status, text } = await business.#send(wanted, business.table.client());
      if (status !== 200 && status !== 201) throw new Error(`${wanted.operationId}: ${text}`);
    }
    return business.table.items();
  }

  /** Lets some days pass, then all that the round holds happen at once. */
  async play(round: Round): Promise<void> {
    this.#now += round.days * DAY + 1000;
    const facts = this.#untold();
    const reactions = (round.twice ? [...facts, ...facts] : facts).map(
      (fact) => (turn: Turn) =>
        this.#survive(round.reaction, turn, (client) => react(client, fact, this.#at())),
    );
    const steps = round.steps.map(
      ({ step, mishap }) =>
        (turn: Turn) =>
          this.#take(step, mishap, turn),
    );
    const bills = (round.twice ? [1, 2] : [1]).map(
      () => (turn: Turn) => this.#survive(round.reaction, turn, (client) => this.#bill(client)),
    );
    const morning = (turn: Turn) =>
      this.#survive(round.reaction, turn, (client) => expireReservations(client, this.#at()));
    await interleave(
      [...reactions, ...(round.days > 0 ? [...bills, morning] : []), ...steps],
      seeded(round.seed),
    );
  }

  /** Those who are billed by the week, for weeks that have ended. */
  async #bill(client: TableClient): Promise<void> {
    await billDue(client, new Date(this.#now).toISOString());
  }

  /** Lets everything that is under way come to its end. */
  async settle(): Promise<void> {
    for (let facts = this.#untold(); facts.length > 0; facts = this.#untold()) {
      for (const fact of facts) await react(this.table.client(), fact, this.#at());
    }
  }

  async expectInvariants(options: { settled?: boolean } = {}): Promise<void> {
    const { violations } = await checkInvariants(this.table.items(), options);
    deepStrictEqual(violations, []);
  }

  /** Every request that was done, sent again with its key, is answered as it was and changes nothing. */
  async expectSameAnswers(): Promise<void> {
    const before = this.table.items();
    for (const { response, ...wanted } of this.#answered) {
      const again = await request(this.table, wanted.operationId, wanted.options);
      deepStrictEqual(
        { ...wanted, status: again.status, body: again.json },
        { ...wanted, status: response.status, body: response.json },
      );
    }
    deepStrictEqual(this.table.items(), before);
  }

  async #take(step: Step, mishap: Mishap, turn: Turn): Promise<void> {
    this.#now++;
    if (step.do === 'collect') {
      const date = this.#at().slice(0, 10);
      return this.#survive(mishap, turn, (client) => collect(client, step.customerId, date));
    }
    const made = requestOf(step, this.table, this.#at().slice(0, 10));
    if (!made) return;
    const wanted = { ...made, options: { ...made.options, at: this.#at() } };
    const client = clientWith(this.table, mishap, turn);
    const first = await this.#send(wanted, client);
    // What a dead process seems to answer nobody hears.
    const isHeard = isAnswered(first) && !client.faults.isDead;
    const response = isHeard ? first : await this.#send(wanted, this.table.client(turn));
    ok(isAnswered(response), `${wanted.operationId} failed without cause: ${response.text}`);
    const { status } = response;
    if (made.repeatable && (status === 200 || status === 201)) this.#answered.push({ ...wanted, response });
  }

  #send({ operationId, options }: Request, client: TableClient): Promise<Response> {
    return request(client, operationId, { at: this.#at(), ...options });
  }

  /** Does something under a mishap; where that broke it off, does it again as AWS would. */
  async #survive(mishap: Mishap, turn: Turn, act: (client: TableClient) => Promise<void>): Promise<void> {
    const client = clientWith(this.table, mishap, turn);
    try {
      await act(client);
      if (!client.faults.isDead) return;
    } catch (error) {
      if (mishap.kind === 'none') throw error;
    }
    await act(this.table.client(turn));
  }

  #at(): string {
    return new Date(this.#now).toISOString();
  }

  #untold(): Fact[] {
    const facts = this.#facts.slice(this.#told);
    this.#told = this.#facts.length;
    return facts;
  }
}

function clientWith(table: MemoryTable, mishap: Mishap, turn: Turn): TableClient {
  const client = table.client(turn);
  switch (mishap.kind) {
    case 'none':
      break;
    case 'crash before':
      client.faults.crashBefore(mishap.write);
      break;
    case 'crash after':
      client.faults.crashAfter(mishap.write);
      break;
    case 'crash at':
      client.faults.crashAtAwait(mishap.await, mishap.when);
      break;
    case 'throttled':
      client.faults.throttle(1);
      break;
    case 'conflicted':
      client.faults.conflict(1);
      break;
    default:
      mishap satisfies never;
  }
  return client;
}

/** Anything but a failure of ours is an answer. */
const isAnswered = ({ status }: Response) => status !== undefined && status < 500;
