import { hash } from 'node:crypto';
import type { Action, Context } from './actions.ts';
import { CapacityMeter, readUnits } from './capacity.ts';
import { type CancellationReason, DynamoError, transactionCanceled, validation } from './errors.ts';
import { checkTransactionLength } from './read-actions.ts';
import { capacityMode, checkParameters, constraint, listOf, optionalText, type Shape } from './request.ts';
import { type Item, isRecord } from './value.ts';
import { type Decision, decide, readWrite, type Write } from './write.ts';

const MAX_BYTES = 4 * 1024 * 1024;
/** How long a token stands for the transaction that it came with. */
export const TOKEN_LIFETIME = 10 * 60 * 1000;
const MAX_TOKEN_LENGTH = 36;
const KINDS = { Put: 'put', Update: 'update', Delete: 'delete', ConditionCheck: 'check' } as const;

/** A client that repeats a request sends the same bytes again, so its parts need no common order first. */
const fingerprint = (entries: unknown): string => hash('sha256', JSON.stringify(entries), 'base64');

function readAction({ storage }: Context, entry: Record<string, unknown>): Write {
  const names = Object.keys(entry).filter((name) => entry[name] !== undefined && entry[name] !== null);
  const [name] = names;
  if (names.length !== 1 || !name || !Object.hasOwn(KINDS, name)) {
    throw validation('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  const action = entry[name];
  if (!isRecord(action)) throw validation('TransactItems can only contain one of Check, Put, Update or Delete');
  checkParameters(`TransactWriteItems.${name}` as Shape, action);
  if (name === 'ConditionCheck' && action.ConditionExpression === undefined) {
    throw constraint(undefined, 'transactItems.1.member.conditionCheck.conditionExpression', 'not be null');
  }
  if (name === 'Update' && action.UpdateExpression === undefined) {
    throw constraint(undefined, 'transactItems.1.member.update.updateExpression', 'not be null');
  }
  return readWrite(storage, KINDS[name as keyof typeof KINDS], action);
}

function checkDistinct(writes: readonly Write[]): void {
  const keys = new Set(writes.map(({ table, key }) => JSON.stringify([table.definition.name, key.pk, key.sk])));
  if (keys.size < writes.length) {
    throw validation('Transaction request cannot include multiple operations on one item');
  }
}

function reasonOf(error: unknown): CancellationReason {
  if (!(error instanceof DynamoError)) throw error;
  if (error.type === 'ConditionalCheckFailedException') {
    const { Item: item } = error.details;
    return {
      Code: 'ConditionalCheckFailed',
      Message: error.message,
      ...(item !== undefined && { Item: item as Item }),
    };
  }
  if (error.type === 'ValidationException') return { Code: 'ValidationError', Message: error.message };
  throw error;
}

/** Decides every action against the same state, or cancels all of them with a reason for each. */
function decideAll(writes: readonly Write[]): Decision[] {
  const decisions: Decision[] = [];
  const reasons: CancellationReason[] = [];
  for (const write of writes) {
    try {
      decisions.push(decide(write));
      reasons.push({ Code: 'None' });
    } catch (error) {
      reasons.push(reasonOf(error));
    }
  }
  if (decisions.length < writes.length) throw transactionCanceled(reasons);
  return decisions;
}

/** Whether the token was used in the last ten minutes; for another request that is an error. */
function isRepeated({ storage, realNow }: Context, token: string, request: string): boolean {
  const used = storage.findToken(token, realNow() - TOKEN_LIFETIME);
  if (used === undefined || used === request) return used !== undefined;
  throw new DynamoError(
    'IdempotentParameterMismatchException',
    'The request uses the same client token as a previous, but non-identical request.',
  );
}

export const transactWriteItems: Action = (context, body) => {
  const entries = listOf(body, 'TransactItems');
  checkTransactionLength(entries);
  const token = optionalText(body, 'ClientRequestToken') || undefined;
  if (token !== undefined && token.length > MAX_TOKEN_LENGTH) {
    throw constraint(token, 'clientRequestToken', 'have length less than or equal to 36');
  }
  const writes = entries.map((entry) => readAction(context, entry));
  checkDistinct(writes);
  const bytes = writes.reduce((sum, { size }) => sum + size, 0);
  if (bytes > MAX_BYTES) throw validation(`Transaction payload size cannot exceed 4MB. Payload Size: ${bytes}`);
  const meter = new CapacityMeter(capacityMode(body), true);
  const request = token === undefined ? '' : fingerprint(entries);
  if (token !== undefined && isRepeated(context, token, request)) {
    // AWS reads the items again to answer a repeated request.
    for (const { table, key } of writes) meter.read(table.definition.name, readUnits(table.get(key)?.size ?? 0, true));
    return meter.list();
  }
  const decisions = decideAll(writes);
  const changes = decisions.filter(({ changed }) => changed).map(({ change }) => change);
  context.commit(
    changes,
    token === undefined ? undefined : () => context.storage.saveToken(token, request, context.realNow()),
  );
  for (const { change } of decisions) meter.write(change.table.definition, change.before, change.after);
  return meter.list();
};
