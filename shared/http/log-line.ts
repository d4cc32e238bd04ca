/**
 * One line of JSON on standard output, which CloudWatch takes as a structured event. Never give it a body, a token or
 * a mail address: `fields` are ids, codes and counts.
 */
export function logLine(
  level: 'INFO' | 'WARN' | 'ERROR',
  message: string,
  fields: Readonly<Record<string, unknown>>,
): void {
  process.stdout.write(
    `${JSON.stringify({ timestamp: new Date().toISOString(), level, message, ...fields })}\n`,
  );
}

/** An error as a log can hold it, with its stack and what caused it. */
export function errorFields(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: String(error) };
  return {
    error: error.name,
    reason: error.message,
    stack: error.stack,
    ...(error.cause !== undefined && { cause: errorFields(error.cause) }),
  };
}
