import type { Action, Condition, Query } from './table.ts';

type Names = Record<string, string>;
type Values = Record<string, unknown>;
type ConditionParts = {
  ConditionExpression?: string;
  ExpressionAttributeNames?: Names;
  ExpressionAttributeValues?: Values;
};

/** DynamoDB's condition expression for `when`; empty where there is none. */
export function conditionOf(when: readonly Condition[] | undefined): ConditionParts {
  if (!when || when.length === 0) return {};
  const names: Names = {};
  const values: Values = {};
  const ConditionExpression = when
    .map((condition, index) => clauseOf(condition, index, names, values))
    .join(' AND ');
  return {
    ConditionExpression,
    ExpressionAttributeNames: names,
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}

function clauseOf(condition: Condition, index: number, names: Names, values: Values): string {
  const name = `#c${index}`;
  names[name] = condition.attribute;
  switch (condition.is) {
    case 'absent':
      return `attribute_not_exists(${name})`;
    case 'present':
      return `attribute_exists(${name})`;
    case 'equal':
    case 'atLeast':
    case 'atMost': {
      values[`:c${index}`] = condition.value;
      return `${name} ${{ equal: '=', atLeast: '>=', atMost: '<=' }[condition.is]} :c${index}`;
    }
    default:
      return condition satisfies never;
  }
}

/** DynamoDB's update expression with its condition. `undefined` values in `set` are left alone. */
export function updateOf(action: Extract<Action, { do: 'update' }>) {
  const { ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues } = conditionOf(
    action.when,
  );
  const names: Names = { ...ExpressionAttributeNames };
  const values: Values = { ...ExpressionAttributeValues };
  const clauses: string[] = [];

  const sets = Object.entries(action.set ?? {}).filter(([, value]) => value !== undefined);
  sets.forEach(([attribute, value], index) => {
    names[`#s${index}`] = attribute;
    values[`:s${index}`] = value;
  });
  if (sets.length > 0) clauses.push(`SET ${sets.map((_, index) => `#s${index} = :s${index}`).join(', ')}`);

  const adds = Object.entries(action.add ?? {});
  adds.forEach(([attribute, value], index) => {
    names[`#a${index}`] = attribute;
    values[`:a${index}`] = value;
  });
  if (adds.length > 0) clauses.push(`ADD ${adds.map((_, index) => `#a${index} :a${index}`).join(', ')}`);

  const removes = action.remove ?? [];
  removes.forEach((attribute, index) => {
    names[`#r${index}`] = attribute;
  });
  if (removes.length > 0) clauses.push(`REMOVE ${removes.map((_, index) => `#r${index}`).join(', ')}`);

  return {
    UpdateExpression: clauses.join(' '),
    ...(ConditionExpression && { ConditionExpression }),
    ExpressionAttributeNames: names,
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}

/** DynamoDB's key condition for the bounds of `query`. */
export function keyConditionOf(query: Query, keys: { partitionKey: string; sortKey: string }) {
  const names: Names = { '#p': keys.partitionKey };
  const values: Values = { ':p': query.partition };
  let range = '';
  if (query.prefix !== undefined) {
    range = ' AND begins_with(#k, :from)';
    values[':from'] = query.prefix;
  } else if (query.from !== undefined && query.to !== undefined) {
    range = ' AND #k BETWEEN :from AND :to';
    values[':from'] = query.from;
    values[':to'] = query.to;
  } else if (query.from !== undefined) {
    range = ' AND #k >= :from';
    values[':from'] = query.from;
  } else if (query.to !== undefined) {
    range = ' AND #k <= :to';
    values[':to'] = query.to;
  }
  if (range) names['#k'] = keys.sortKey;
  return {
    KeyConditionExpression: `#p = :p${range}`,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}
