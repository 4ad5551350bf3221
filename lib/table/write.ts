import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Condition } from './conditions.ts';
import type { Key } from './keys.ts';

export type Item = Record<string, unknown>;

/** One step of a transaction. A failed condition of any step undoes all of them. */
export type Write =
  | { readonly put: Key & Item; readonly when?: Condition }
  | { readonly remove: Key; readonly when?: Condition }
  | {
      readonly update: Key;
      readonly set?: Readonly<Item>;
      /** To a number; to a set of texts, which holds each once. */
      readonly add?: Readonly<Record<string, number | ReadonlySet<string>>>;
      /** From a set of texts. With its last one the attribute goes. */
      readonly take?: Readonly<Record<string, ReadonlySet<string>>>;
      readonly unset?: readonly string[];
      readonly when?: Condition;
    }
  | { readonly check: Key; readonly when: Condition };

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** The write as DynamoDB's API wants it. A refused write returns the stored item, so that a conflict can name it. */
export function toTransactItem(TableName: string, write: Write): TransactItem {
  const condition = write.when && conditionOf(write.when);
  if ('put' in write) return { Put: { TableName, Item: write.put, ...condition } };
  if ('remove' in write) return { Delete: { TableName, Key: keyOf(write.remove), ...condition } };
  if ('check' in write) return { ConditionCheck: { TableName, Key: keyOf(write.check), ...conditionOf(write.when) } };
  const update = updateOf(write);
  return {
    Update: {
      TableName,
      Key: keyOf(write.update),
      ...condition,
      UpdateExpression: update.expression,
      ExpressionAttributeNames: { ...update.names, ...write.when?.names },
      ...nonEmpty({ ...update.values, ...write.when?.values }),
    },
  };
}

const keyOf = ({ pk, sk }: Key) => ({ pk, sk });

const nonEmpty = (values: Item) => (Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {});

const conditionOf = (condition: Condition) => ({
  ConditionExpression: condition.expression,
  ExpressionAttributeNames: condition.names,
  ...nonEmpty(condition.values),
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
});

function updateOf({ set = {}, add = {}, take = {}, unset = [] }: Extract<Write, { update: Key }>) {
  const names: Record<string, string> = {};
  const values: Item = {};
  const name = (attribute: string) => {
    const placeholder = `#u${Object.keys(names).length}`;
    names[placeholder] = attribute;
    return placeholder;
  };
  const value = (given: unknown) => {
    const placeholder = `:u${Object.keys(values).length}`;
    values[placeholder] = given;
    return placeholder;
  };
  const clauses = [
    clause(
      'SET',
      Object.entries(set).map(([key, given]) => `${name(key)} = ${value(given)}`),
    ),
    clause('REMOVE', unset.map(name)),
    clause(
      'ADD',
      Object.entries(add).map(([key, given]) => `${name(key)} ${value(given)}`),
    ),
    clause(
      'DELETE',
      Object.entries(take).map(([key, given]) => `${name(key)} ${value(given)}`),
    ),
  ];
  return { expression: clauses.filter(Boolean).join(' '), names, values };
}

const clause = (word: string, parts: readonly string[]) => (parts.length > 0 ? `${word} ${parts.join(', ')}` : '');
