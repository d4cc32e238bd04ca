import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { tableNames } from '#shared/table/names.ts';
import type { TableAccess } from '../functions.ts';

/**
 * What a function may do to the table. TransactWriteItems and TransactGetItems are allowed item by item through these
 * actions. No Scan: whatever an access pattern needs has a key. Indexes can only be queried.
 */
export function tableStatements(table: Table, access: TableAccess): PolicyStatement[] {
  switch (access) {
    case 'none':
      return [];
    case 'read':
      return [readItems(table), queryIndexes(table)];
    case 'write':
      return [readItems(table), queryIndexes(table), writeItems(table)];
    default:
      return access satisfies never;
  }
}

function readItems(table: Table): PolicyStatement {
  return new PolicyStatement({
    sid: 'ReadItems',
    actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
    resources: [table.tableArn],
  });
}

function queryIndexes(table: Table): PolicyStatement {
  return new PolicyStatement({
    sid: 'QueryIndexes',
    actions: ['dynamodb:Query'],
    resources: Object.keys(tableNames.indexes).map((index) => `${table.tableArn}/index/${index}`),
  });
}

function writeItems(table: Table): PolicyStatement {
  return new PolicyStatement({
    sid: 'WriteItems',
    actions: [
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:ConditionCheckItem',
    ],
    resources: [table.tableArn],
  });
}
