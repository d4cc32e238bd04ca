import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  expressGbSeconds,
  httpApiRequests,
  lambdaGbSeconds,
  Meter,
} from '../../../infra/local/meter/meter.ts';
import { State } from '../../../infra/local/state.ts';

describe('the meter', () => {
  it('bills Lambda by the begun millisecond', () => {
    expect(lambdaGbSeconds(100.2, 512)).toBeCloseTo(0.0505, 10);
    expect(lambdaGbSeconds(1000, 1024)).toBe(1);
  });

  it('bills Express duration in begun 100 ms of 64 MB', () => {
    expect(expressGbSeconds(1)).toBeCloseTo(0.00625, 10);
    expect(expressGbSeconds(101)).toBeCloseTo(0.0125, 10);
  });

  it('bills an HTTP request for every begun 512 KB', () => {
    expect(httpApiRequests(0, 0)).toBe(1);
    expect(httpApiRequests(524_289, 10)).toBe(2);
  });

  it('adds up at list price, with and without mail, and goes on counting after a restart', () => {
    const dir = mkdtempSync(join(tmpdir(), 'o2c-meter-'));
    const first = State.open(dir);
    const meter = new Meter(first, () => '2026-01-01T00:00:00.000Z');
    meter.add('httpApiRequests', 1_000_000);
    meter.add('sesMails', 10);
    meter.addTableUse('http-orders', 'TransactWriteItems', 0, 64);
    meter.stop();
    first.close();

    const second = State.open(dir);
    const again = new Meter(second, () => '2026-01-02T00:00:00.000Z');
    again.addTableUse('http-orders', 'GetItem', 16, 0);
    const snapshot = again.snapshot();
    expect(snapshot.since).toBe('2026-01-01T00:00:00.000Z');
    expect(snapshot.usd['httpApi']).toBeCloseTo(1, 10);
    expect(snapshot.usd['dynamoDb']).toBeCloseTo(0.000042, 10);
    expect(snapshot.totalUsdWithoutMail).toBeCloseTo(1.000042, 10);
    expect(snapshot.totalUsd).toBeCloseTo(1.001042, 10);
    expect(snapshot.table['http-orders']?.['TransactWriteItems']).toEqual({
      calls: 1,
      readUnits: 0,
      writeUnits: 64,
    });
    again.reset();
    expect(again.snapshot().totalUsd).toBe(0);
    again.stop();
    second.close();
  });
});
