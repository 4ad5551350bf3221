import { canonicalNumber } from '../../cdk/local/dynamodb/decimal.ts';
import type { Answer, Body } from '../support/dynamodb-client.ts';

/**
 * Texts that AWS and DynamoDB Local word differently for the same error. The engine speaks as AWS does; both sides are
 * brought to one tag.
 */
const sameMeaning: readonly (readonly [RegExp, string])[] = [
  [/^(Requested resource not found|Cannot do operations on a non-existent table)$/, 'no such table'],
  [
    /(DynamoDB only supports precision up to 38 digits|Attempting to store more than 38 significant digits in a Number)/,
    'too many digits',
  ],
  [
    /(The parameter cannot be converted to a numeric value.*|A value provided cannot be converted into a number)/,
    'no number',
  ],
  [/(Input collection .*contains duplicates\.?)/, 'duplicates'],
  [
    /^One or more parameter values were invalid: (Missing the key|Type mismatch for [kK]ey).*|^One of the required keys was not given a value$|^The provided key element does not match the schema$|^The number of conditions on the keys is invalid$/,
    'wrong key',
  ],
  [
    /^One or more parameter values were invalid: Type mismatch for Index Key.*|^Invalid attribute value type$/,
    'wrong index key',
  ],
  [
    /^(The provided starting key is invalid.*|Exclusive Start Key must have same size.*|Type mismatch for attribute to update)$/,
    'wrong start key',
  ],
  [/^Query condition missed key schema element.*/, 'missing key condition'],
  [
    /^(One or more parameter values were invalid: (Size of hashkey|Aggregated size|Size limit) .*|Hash primary key values must be under .*)$/,
    'too long a key',
  ],
  [
    /^1 validation error detected: Value '.*' at '.*' failed to satisfy constraint: |^Value .* failed to satisfy constraint: /,
    '',
  ],
  [/valid types: \{.*\}/, 'valid types'],
  [/^(UnknownError|The request uses the same client token .*)$/, 'token of another request'],
  // DynamoDB Local stops to count at the limit.
  [/Payload Size: \d+$/, 'Payload Size'],
  // With three paths or more it names others than those that overlap.
  [/; path one: .*, path two: .*$/, ''],
  // It repeats numbers as they were written.
  [/; lower bound operand: .*$/, ''],
];

function message(text: string): string {
  return sameMeaning.reduce((current, [pattern, tag]) => current.replace(pattern, tag), text);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries.map(([name, inner]) => {
      // The order of a set has no meaning.
      if (['SS', 'NS', 'BS'].includes(name) && Array.isArray(inner)) return [name, [...inner].sort()];
      // DynamoDB Local repeats a number of an update as it was written, and stores it without superfluous zeros.
      if (name === 'N' && typeof inner === 'string') return [name, canonicalNumber(inner)];
      return [name, sorted(inner)];
    }),
  );
}

type Reason = { Code?: string; Message?: string; Item?: unknown };

/** DynamoDB Local refuses the whole request where AWS gives the update that does not fit as a reason. */
const RUNTIME =
  /^(An operand in the update|The provided expression refers|The document path provided|Item size to update|Number overflow|Number underflow|too many digits|Nesting Levels|wrong index key|One or more parameter values are not valid\. The update expression)/;
const SEVERAL_ACTIONS = /,| (SET|REMOVE|ADD|DELETE) /;

/** Several actions can fail at once. Which of them an answer names is not defined, and not by their order. */
function misfit(text: string, { UpdateExpression: update, TransactItems: several }: Body): string {
  const many = several !== undefined || (typeof update === 'string' && SEVERAL_ACTIONS.test(update));
  return many && RUNTIME.test(text) ? 'the update does not fit the item' : text;
}

type Failure = { error: string; message: string; reasons?: unknown; item?: unknown };

function error(answer: Failure, request: Body): unknown {
  const text = misfit(message(answer.message), request);
  if (!Array.isArray(answer.reasons)) return { error: answer.error, message: text, item: sorted(answer.item) };
  const reasons = (answer.reasons as Reason[]).map((reason) => ({
    Code: reason.Code,
    // DynamoDB Local ends the text of a failed condition check with a full stop.
    Message: reason.Message === undefined ? undefined : message(reason.Message).replace(/\.$/, ''),
    Item: sorted(reason.Item),
  }));
  const runtime = reasons.find(({ Code, Message }) => Code === 'ValidationError' && RUNTIME.test(Message ?? ''));
  if (runtime) return { error: 'ValidationException', message: misfit(runtime.Message ?? '', request) };
  return { error: answer.error, reasons };
}

/**
 * AWS gives a key to go on from wherever the limit was reached. DynamoDB Local leaves it out where the last item lies on
 * the bound of BETWEEN, <= or >=, though not on that of = or begins_with.
 */
function endsAtBound(
  last: unknown,
  { KeyConditionExpression: condition, ExpressionAttributeValues: values }: Body,
): boolean {
  if (typeof condition !== 'string' || !/BETWEEN|<=|>=/.test(condition)) return false;
  const { sk } = last as { sk?: unknown };
  const { ':low': low, ':high': high } = values as Body;
  return [low, high].some((bound) => JSON.stringify(bound) === JSON.stringify(sk));
}

function output(ok: Body, request: Body): unknown {
  const { ConsumedCapacity: capacity, Responses: responses, LastEvaluatedKey: last, ...rest } = ok;
  return sorted({
    ...rest,
    ...(last !== undefined && !endsAtBound(last, request) && { LastEvaluatedKey: last }),
    // Only single actions have capacity that DynamoDB Local counts as AWS does, and empty pages are not among them.
    // Deletions of nothing have it there without being asked.
    ...(request.ReturnConsumedCapacity !== undefined &&
      capacity !== undefined &&
      !Array.isArray(capacity) &&
      ok.ScannedCount !== 0 && { ConsumedCapacity: capacity }),
    ...(responses !== undefined && { Responses: Array.isArray(responses) ? responses : unordered(responses as Body) }),
  });
}

/** A batch read answers in no particular order. */
function unordered(responses: Body): Body {
  return Object.fromEntries(
    Object.entries(responses).map(([table, items]) => [
      table,
      (items as unknown[]).map((item) => JSON.stringify(sorted(item))).sort(),
    ]),
  );
}

/** An answer as a text that is equal for equal meanings. */
export function normalise(answer: Answer, request: Body): string {
  return JSON.stringify('ok' in answer ? { ok: output(answer.ok, request) } : error(answer, request));
}
