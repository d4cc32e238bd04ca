import { memoryTable } from './memory-table.ts';

/**
 * The table that handlers find, for tests of whole functions:
 * `vi.mock('#shared/table/dynamo-table.ts', () => import('#test/builders/lambda-table.ts'))`.
 * One per test file, so give each test ids of its own.
 */
export const lambdaTable = memoryTable();
export const dynamoTable = () => lambdaTable;
