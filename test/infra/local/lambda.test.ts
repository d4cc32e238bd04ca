import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Activity } from '../../../infra/local/activity.ts';
import { Lambda } from '../../../infra/local/lambda/lambda.ts';

const dir = mkdtempSync(join(tmpdir(), 'o2c-lambda-'));
const source =
  'exports.wait = ({ ms, fail }) => new Promise((done, no) => setTimeout(fail ? no : done, ms));';
writeFileSync(join(dir, 'index.js'), source);
const waiting = {
  name: 'wait',
  arn: 'arn:aws:lambda:eu-west-2:000000000000:function:wait',
  dir,
  file: join(dir, 'index.js'),
  exportName: 'wait',
  timeoutMs: 10_000,
  memoryMb: 128,
  environment: {},
  logsCalls: false,
  retryAttempts: 0,
  onFailure: undefined,
};
const lambda = new Lambda([waiting], {
  activity: new Activity(),
  measure: () => {},
  place: { region: 'eu-west-2', account: '000000000000', apiUrl: 'http://localhost' },
  dataDir: dir,
  awsEndpoint: 'http://127.0.0.1:1',
});
afterAll(async () => {
  await lambda.stop();
  rmSync(dir, { recursive: true });
});

it('says when the calls that are running have ended, well or not, and waits for none that start later', async () => {
  const ended: string[] = [];
  const call = (name: string, given: object) =>
    lambda.invoke('wait', JSON.stringify(given)).then(() => ended.push(name));
  const first = call('first', { ms: 150 });
  const failing = call('failing', { ms: 300, fail: true });
  const heard = lambda.callsEnded('wait').then(() => ended.push('heard'));
  await first;
  expect(ended).toEqual(['first']);
  const later = call('later', { ms: 1_500 });
  await heard;
  expect(ended).toEqual(['first', 'failing', 'heard']);
  await Promise.all([failing, later]);
  await lambda.callsEnded('wait');
  await lambda.callsEnded('nobody');
});
