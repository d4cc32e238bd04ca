import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';

const Problem = z.looseObject({ code: z.string(), detail: z.string() });

/** The API refused: its problem document, as an error. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, request: string, detail: string) {
    super(`${request}: ${status} ${code}: ${detail}`);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = code;
  }
}

type Options = { body?: unknown; key?: string };

/** How often a busy or unreachable API is asked again, the pause doubling from 200 ms. */
const RETRIES = 5;

/** The HTTP API as one caller sees it. Requests that may be repeated safely are repeated when the API is busy. */
export class ApiClient {
  private readonly base: string;
  private readonly token: string;

  constructor(base: string, token: string) {
    this.base = base.replace(/\/$/, '');
    this.token = token;
  }

  /** @throws ApiProblem when the API refuses, ZodError when it answers in another shape */
  async get<S extends z.ZodType>(path: string, shape: S): Promise<z.output<S>> {
    return shape.parse(await this.send('GET', path, {}));
  }

  async put(path: string, body: unknown): Promise<void> {
    await this.send('PUT', path, { body });
  }

  /** @param key the Idempotency-Key: the same key is the same thing, however often it is sent */
  async post<S extends z.ZodType>(path: string, key: string, body: unknown, shape: S): Promise<z.output<S>> {
    return shape.parse(await this.send('POST', path, { body, key }));
  }

  private async send(method: string, path: string, options: Options): Promise<unknown> {
    for (let attempt = 0; ; attempt++) {
      const answer = await this.attempt(method, path, options);
      if (answer.ok) return answer.body;
      const busy = answer.status === 429 || answer.status === 503 || answer.status === 502;
      if (!busy || attempt === RETRIES) {
        const problem = Problem.safeParse(answer.body);
        const { code, detail } = problem.success
          ? problem.data
          : { code: 'unknown', detail: JSON.stringify(answer.body) };
        throw new ApiProblem(answer.status, code, `${method} ${path}`, detail);
      }
      await pause(200 * 2 ** attempt);
    }
  }

  private async attempt(method: string, path: string, { body, key }: Options) {
    const response = await fetch(`${this.base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { ok: response.ok, status: response.status, body: text === '' ? undefined : parse(text) };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
