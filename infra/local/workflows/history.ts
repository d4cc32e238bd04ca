import type { StateMachine } from 'aws-local-stepfunctions';
import type { HistoryEvent } from './execution-store.ts';

type EventLogs = ReturnType<StateMachine['run']>['eventLogs'];

/** Writes the interpreter's events into the history, with business time, until the execution has ended. */
export async function recordHistory(
  events: EventLogs,
  history: HistoryEvent[],
  nowIso: () => string,
): Promise<void> {
  for await (const event of events) {
    const { type } = event;
    const line: HistoryEvent = { at: nowIso(), type };
    if ('state' in event) {
      line.state = event.state.name;
      if (type === 'StateEntered') line.input = event.state.input;
      if (type === 'StateExited') line.output = event.state.output;
    }
    if ('parentState' in event) line.state = event.parentState.name;
    if ('input' in event) line.input = event.input;
    if ('output' in event) line.output = event.output;
    if ('Error' in event) {
      line.error = event.Error;
      line.cause = event.Cause instanceof Error ? event.Cause.message : event.Cause;
    }
    history.push(line);
  }
}
