/** Why the local run can't start or go on: one line that says what happened and what to do about it. */
export class LocalRunError extends Error {
  override name = 'LocalRunError';
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node system error (`EADDRINUSE`), the `errcode` of a SQLite error (`5`), or undefined. */
export function codeOf(error: unknown): string | number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return undefined;
}
