import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { State } from './state.ts';

const Attributes = z.record(z.string(), z.string());
const Message = z.object({
  id: z.string(),
  queue: z.string(),
  body: z.string(),
  attributes: z.string().transform((text) => Attributes.parse(JSON.parse(text))),
  sentAt: z.number(),
});

/** A message waiting in a queue; `sentAt` is business time in epoch milliseconds. */
export type QueueMessage = z.infer<typeof Message>;

/** The SQS queues of the template: what could not be done waits here until a person looks. */
export class Queues {
  readonly #state: State;
  readonly #now: () => number;
  readonly names: readonly string[];

  constructor(state: State, names: readonly string[], now: () => number) {
    this.#state = state;
    this.#now = now;
    this.names = names;
  }

  has(queue: string): boolean {
    return this.names.includes(queue);
  }

  /** Puts a message into a queue; durable when it returns. Returns the message id. */
  send(queue: string, body: string, attributes: Readonly<Record<string, string>> = {}): string {
    const id = randomUUID();
    this.#state.run(
      'INSERT INTO messages (id, queue, body, attributes, sent_at) VALUES (?, ?, ?, ?, ?)',
      id,
      queue,
      body,
      JSON.stringify(attributes),
      this.#now(),
    );
    return id;
  }

  /** The messages of one queue, or of all, oldest first. */
  list(queue?: string): QueueMessage[] {
    const columns = 'SELECT id, queue, body, attributes, sent_at AS sentAt FROM messages';
    return queue === undefined
      ? this.#state.all(Message, `${columns} ORDER BY rowid`)
      : this.#state.all(Message, `${columns} WHERE queue = ? ORDER BY rowid`, queue);
  }
}
