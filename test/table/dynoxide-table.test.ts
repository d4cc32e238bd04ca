import { afterAll, beforeAll, describe } from 'vitest';
import { type Dynoxide, startDynoxide } from '../builders/dynoxide.ts';
import { tableContract } from './table-contract.ts';

describe('the real table keeps the contract', () => {
  let server: Dynoxide;
  beforeAll(async () => {
    server = await startDynoxide();
  });
  afterAll(() => server.stop());

  tableContract(() => server.newTable());
});
