import { describe } from 'vitest';
import { smoke } from './smoke.ts';
import { callerAt } from './world.ts';

const { O2C_API = '', O2C_TOKEN = '' } = process.env;

// O2C_API=https://….execute-api.….amazonaws.com O2C_TOKEN=<ID token of an admin> npx vitest run test/e2e/deployed.test.ts
describe.skipIf(O2C_API === '')('the stage at O2C_API', () => {
  smoke(() => callerAt(O2C_API.replace(/\/$/, ''), O2C_TOKEN));
});
