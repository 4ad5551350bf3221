/** A DynamoDB condition with its own names and values, so that several can meet in one request. */
export type Condition = {
  readonly expression: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
};

/** Nothing is stored under the key. */
export const absent: Condition = { expression: 'attribute_not_exists(#c_pk)', names: { '#c_pk': 'pk' }, values: {} };

/** Something is stored under the key. */
export const present: Condition = { expression: 'attribute_exists(#c_pk)', names: { '#c_pk': 'pk' }, values: {} };

/** Each attribute has exactly this value; `undefined` = the attribute is not there. */
export function attributes(expected: Readonly<Record<string, unknown>>): Condition {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const parts = Object.entries(expected).map(([name, value], position) => {
    names[`#c${position}`] = name;
    if (value === undefined) return `attribute_not_exists(#c${position})`;
    values[`:c${position}`] = value;
    return `#c${position} = :c${position}`;
  });
  return { expression: parts.join(' AND '), names, values };
}

/** The record is still as it was read. */
export const versionIs = (version: number): Condition => attributes({ version });

/** Nothing is stored, or what is stored has an attribute below the limit (a lease that ran out, an old window). */
export const absentOrBelow = (name: string, limit: string | number): Condition => ({
  expression: 'attribute_not_exists(#c_pk) OR #c_below < :c_below',
  names: { '#c_pk': 'pk', '#c_below': name },
  values: { ':c_below': limit },
});

/** Nothing is stored, or what DynamoDB has not deleted yet though its time is over: no read sees that any more. */
export const absentOrExpired = (now: string): Condition =>
  absentOrBelow('expiresAt', Math.floor(Date.parse(now) / 1000) + 1);

/** Nothing is stored, or the attribute of what is stored has this value (it is ours). */
export const absentOrIs = (name: string, value: string | number): Condition => ({
  expression: 'attribute_not_exists(#c_pk) OR #c_is = :c_is',
  names: { '#c_pk': 'pk', '#c_is': name },
  values: { ':c_is': value },
});

/** A record is stored and not archived. */
export const alive: Condition = {
  expression: 'attribute_exists(#c_pk) AND attribute_not_exists(#c_archived)',
  names: { '#c_pk': 'pk', '#c_archived': 'archivedAt' },
  values: {},
};
