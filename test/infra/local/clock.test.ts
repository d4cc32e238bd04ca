import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BusinessClock } from '../../../infra/local/clock.ts';
import { readExpression } from '../../../infra/local/schedule/expression.ts';
import { State } from '../../../infra/local/state.ts';

function openState(dir = mkdtempSync(join(tmpdir(), 'o2c-clock-'))): { dir: string; state: State } {
  return { dir, state: State.open(dir) };
}

const fail = (line: string): never => {
  throw new Error(line);
};

const at = (iso: string): number => Date.parse(iso);

describe('the business clock', () => {
  it('stops at every alarm on the way, in order, and settles after each', async () => {
    const { state } = openState();
    const clock = new BusinessClock(state, at('2026-03-01T00:00:00Z'), fail);
    const heard: string[] = [];
    const alarm = (name: string, moments: string[]) => ({
      next: () => (moments[0] === undefined ? undefined : at(moments[0])),
      fire: async () => void heard.push(`${name} ${moments.shift()} at ${clock.nowIso().slice(0, 16)}`),
    });
    clock.addAlarm(alarm('a', ['2026-03-01T08:00:00Z', '2026-03-02T08:00:00Z', '2026-03-04T08:00:00Z']));
    clock.addAlarm(alarm('b', ['2026-03-01T06:30:00Z', '2026-03-02T06:30:00Z']));
    await clock.advance('P2D', async () => void heard.push('settled'));
    expect(heard).toEqual([
      'settled',
      'b 2026-03-01T06:30:00Z at 2026-03-01T06:30',
      'settled',
      'a 2026-03-01T08:00:00Z at 2026-03-01T08:00',
      'settled',
      'b 2026-03-02T06:30:00Z at 2026-03-02T06:30',
      'settled',
      'a 2026-03-02T08:00:00Z at 2026-03-02T08:00',
      'settled',
    ]);
    expect(clock.nowIso().slice(0, 16)).toBe('2026-03-03T00:00');
    clock.stop();
    state.close();
  });

  it('never goes back, and goes on from where it was after a restart', async () => {
    const { dir, state } = openState();
    const clock = new BusinessClock(state, at('2026-03-01T00:00:00Z'), fail);
    const settle = async (): Promise<void> => undefined;
    await clock.advanceTo('2026-06-01T00:00:00Z', settle);
    await clock.advanceTo('2026-05-01T00:00:00Z', settle);
    expect(clock.nowIso().slice(0, 16)).toBe('2026-06-01T00:00');
    await expect(clock.advance('soon', settle)).rejects.toThrow('not an ISO 8601 duration');
    clock.stop();
    state.close();

    const later = openState(dir).state;
    const again = new BusinessClock(later, at('2020-01-01T00:00:00Z'), fail);
    expect(again.nowIso().slice(0, 16)).toBe('2026-06-01T00:00');
    again.stop();
    later.close();
  });
});

describe('schedule expressions', () => {
  const after = (expression: string, zone: string, from: string): string | undefined => {
    const next = readExpression(expression, zone, at('2026-01-01T00:10:00Z'))(at(from));
    return next === undefined ? undefined : new Date(next).toISOString();
  };

  it('keep their hour in the time zone when the clocks change', () => {
    expect(after('cron(0 8 * * ? *)', 'Europe/London', '2026-03-28T12:00:00Z')).toBe(
      '2026-03-29T07:00:00.000Z',
    );
    expect(after('cron(0 8 * * ? *)', 'Europe/London', '2026-03-27T12:00:00Z')).toBe(
      '2026-03-28T08:00:00.000Z',
    );
  });

  it('count Sunday as day 1', () => {
    expect(after('cron(30 6 ? * 2 *)', 'UTC', '2026-03-01T12:00:00Z')).toBe('2026-03-02T06:30:00.000Z');
    expect(after('cron(30 6 ? * MON-FRI *)', 'UTC', '2026-03-06T12:00:00Z')).toBe('2026-03-09T06:30:00.000Z');
  });

  it('repeat from the moment they were made', () => {
    expect(after('rate(1 hour)', 'UTC', '2026-01-01T05:10:00Z')).toBe('2026-01-01T06:10:00.000Z');
  });

  it('can be one moment', () => {
    expect(after('at(2026-02-01T08:00:00)', 'Europe/Berlin', '2026-01-01T00:00:00Z')).toBe(
      '2026-02-01T07:00:00.000Z',
    );
    expect(after('at(2026-02-01T08:00:00)', 'Europe/Berlin', '2026-03-01T00:00:00Z')).toBeUndefined();
  });

  it('are refused when they can not be read', () => {
    expect(() => after('cron(0 8 * * *)', 'UTC', '2026-01-01T00:00:00Z')).toThrow("can't be read");
  });
});
