import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { z } from 'zod';
import { codeOf, LocalRunError, messageOf } from './errors.ts';

const schemaVersion = 2;

const schema = `
  CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE deliveries (id INTEGER PRIMARY KEY AUTOINCREMENT, target TEXT NOT NULL, payload TEXT NOT NULL, policy TEXT NOT NULL);
  CREATE TABLE executions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, arn TEXT NOT NULL UNIQUE, machine TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
    status TEXT NOT NULL, input TEXT NOT NULL, output TEXT, error TEXT, cause TEXT,
    started_at INTEGER NOT NULL, stopped_at INTEGER, history TEXT NOT NULL DEFAULT '[]');
  CREATE INDEX executions_running ON executions (status) WHERE status = 'RUNNING';
  CREATE TABLE messages (id TEXT PRIMARY KEY, queue TEXT NOT NULL, body TEXT NOT NULL, attributes TEXT NOT NULL, sent_at INTEGER NOT NULL);
  CREATE TABLE checkpoints (mapping TEXT NOT NULL, shard TEXT NOT NULL, sequence TEXT NOT NULL, PRIMARY KEY (mapping, shard));
  CREATE TABLE mails (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, received_at INTEGER NOT NULL, source TEXT NOT NULL,
    recipients TEXT NOT NULL, subject TEXT NOT NULL, file TEXT NOT NULL, bytes INTEGER NOT NULL, attachments INTEGER NOT NULL);
`;

/**
 * Everything the local run itself must not forget, in one SQLite file: inbox of events, executions, queues, stream
 * positions, mail index, clock, keys. The connection holds the file exclusively, which is also the lock on the data
 * directory: it goes with the process, however that ends, so there is no stale lock to clear.
 */
export class State {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();

  private constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /**
   * Opens (or makes) `state.sqlite` in the data directory and locks it.
   * @throws LocalRunError when another process holds it, when it is damaged or of another version
   */
  static open(dataDir: string): State {
    const file = join(dataDir, 'state.sqlite');
    const pidFile = join(dataDir, 'pid');
    try {
      mkdirSync(dataDir, { recursive: true });
      const db = new DatabaseSync(file, { timeout: 300 });
      db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
      db.exec('BEGIN IMMEDIATE');
      const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
      checkSound(db);
      if (version === 0) db.exec(`${schema}; PRAGMA user_version = ${schemaVersion}`);
      db.exec('COMMIT');
      if (version !== 0 && version !== schemaVersion) {
        db.close();
        throw new LocalRunError(
          `${dataDir} was made by another version of the local run: start with --fresh`,
        );
      }
      writeFileSync(pidFile, `${process.pid}\n`);
      return new State(db);
    } catch (error) {
      if (error instanceof LocalRunError) throw error;
      if (codeOf(error) === 5) {
        throw new LocalRunError(
          `Another local run (process ${readPid(pidFile)}) uses ${dataDir}: stop it, or give this one another data directory`,
        );
      }
      throw new LocalRunError(
        `${file} is damaged (${messageOf(error)}): start with --fresh to empty ${dataDir}`,
      );
    }
  }

  /** Runs one statement that returns nothing. */
  run(sql: string, ...values: SQLInputValue[]): void {
    this.#prepare(sql).run(...values);
  }

  /** All rows of one query, each checked against the schema. */
  all<T>(row: z.ZodType<T>, sql: string, ...values: SQLInputValue[]): T[] {
    return this.#prepare(sql)
      .all(...values)
      .map((found) => row.parse(found));
  }

  /** The first row of one query, or undefined. */
  first<T>(row: z.ZodType<T>, sql: string, ...values: SQLInputValue[]): T | undefined {
    const found = this.#prepare(sql).get(...values);
    return found === undefined ? undefined : row.parse(found);
  }

  /** Runs the work in one transaction: all of it is kept, or nothing. Must not be nested. */
  transaction<T>(work: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  /** A remembered setting, checked against its schema; undefined when never set.
   * @throws LocalRunError when what is stored can't be read */
  get<T>(key: string, value: z.ZodType<T>): T | undefined {
    const row = this.#prepare('SELECT value FROM settings WHERE key = ?').get(key);
    if (row === undefined) return undefined;
    try {
      return value.parse(JSON.parse(String(row['value'])));
    } catch {
      throw new LocalRunError(`The stored ${key} of the local run is damaged: start with --fresh`);
    }
  }

  /** Remembers a JSON value under a key. */
  set(key: string, value: unknown): void {
    this.run(
      'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      key,
      JSON.stringify(value),
    );
  }

  close(): void {
    this.#db.close();
  }

  #prepare(sql: string): ReturnType<DatabaseSync['prepare']> {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** Looks through the pages of a database. @throws Error naming the first damage found */
export function checkSound(db: DatabaseSync): void {
  const found = String(db.prepare('PRAGMA quick_check(1)').get()?.['quick_check'] ?? 'no answer');
  if (found !== 'ok') throw new Error(found.replaceAll(/\s+/g, ' '));
}

function readPid(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
