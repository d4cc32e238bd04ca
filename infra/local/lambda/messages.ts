/** What the pool tells a worker and what it answers; payloads travel as JSON text, as they do to Lambda. */
export type WorkerSetup = {
  file: string;
  dir: string;
  exportName: string;
  logFile: string;
  functionName: string;
  functionArn: string;
  memoryMb: number;
  /** Whether Lambda logs the start and end of each call. */
  logsCalls: boolean;
  /** Where `@aws-sdk` is found, which Lambda's Node runtime brings along. */
  runtimeModules: string;
};

export type Invocation = { requestId: string; payload: string; deadline: number };

export type FunctionError = { errorType: string; errorMessage: string; trace: string[] };

export type Answer =
  | { kind: 'ready'; initMs: number }
  | { kind: 'initFailed'; error: FunctionError; logBytes: number }
  | { kind: 'result'; requestId: string; payload: string; ms: number; logBytes: number }
  | { kind: 'error'; requestId: string; error: FunctionError; ms: number; logBytes: number };
