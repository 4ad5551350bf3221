import type { ActionName, Body } from '../support/dynamodb-client.ts';
import { key, S } from '../support/dynamodb-values.ts';
import { randomCondition } from './conditions.ts';
import { Draw } from './draw.ts';
import { randomUpdate } from './updates.ts';

export type Operation = { readonly action: ActionName; readonly body: Body };

const TABLE = { TableName: 'main' };
const SORTS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** Random operations on a few items of one lane. Lanes share no item, so that they may run side by side. */
export class Operations {
  readonly #draw: Draw;
  readonly #lane: string;

  constructor(seed: number, lane: string) {
    this.#draw = new Draw(seed);
    this.#lane = lane;
  }

  next(): Operation {
    return this.#draw.weighted<() => Operation>([
      [18, () => this.#put()],
      [26, () => this.#update()],
      [8, () => this.#delete()],
      [10, () => this.#get()],
      [16, () => this.#query()],
      [12, () => this.#transactWrite()],
      [3, () => this.#transactGet()],
      [4, () => this.#batchWrite()],
      [3, () => this.#batchGet()],
    ])();
  }

  #key(): Body {
    return key(`${this.#lane}${this.#draw.below(2)}`, this.#draw.of(SORTS));
  }

  #keys(count: number): Body[] {
    const keys = Array.from({ length: count }, () => this.#key());
    return [...new Map(keys.map((item) => [JSON.stringify(item), item])).values()];
  }

  #item(itemKey = this.#key()): Body {
    const draw = this.#draw;
    const item: Body = { ...itemKey };
    for (const name of ['a', 'n', 'l', 'm', 'ss', 'ns', 't', 'nul', 'b']) {
      if (draw.chance(0.6)) item[name] = draw.attribute(name);
    }
    if (draw.chance(0.15)) item.f = S('x'.repeat(draw.below(3000)));
    if (draw.chance(0.5)) {
      item.gsi1pk = S(`${this.#lane}-${draw.below(2)}`);
      // No two items share a place in the index: their order would be anybody's.
      item.gsi1sk = S(`${draw.below(5)}#${JSON.stringify(itemKey)}`);
    }
    return item;
  }

  #capacity(): Body {
    return this.#draw.chance(0.3) ? { ReturnConsumedCapacity: this.#draw.of(['TOTAL', 'INDEXES']) } : {};
  }

  #condition(probability: number): Body {
    if (!this.#draw.chance(probability)) return {};
    const { expression, values } = randomCondition(this.#draw);
    return {
      ConditionExpression: expression,
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
      ...(this.#draw.chance(0.5) && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    };
  }

  #put(): Operation {
    const returns = this.#draw.chance(0.4) ? { ReturnValues: 'ALL_OLD' } : {};
    return {
      action: 'PutItem',
      body: { ...TABLE, Item: this.#item(), ...this.#condition(0.5), ...returns, ...this.#capacity() },
    };
  }

  #delete(): Operation {
    const returns = this.#draw.chance(0.5) ? { ReturnValues: 'ALL_OLD' } : {};
    return {
      action: 'DeleteItem',
      body: { ...TABLE, Key: this.#key(), ...this.#condition(0.6), ...returns, ...this.#capacity() },
    };
  }

  #updateBody(conditional: number): Body {
    const update = randomUpdate(this.#draw);
    const condition = this.#condition(conditional);
    const values = { ...update.values, ...(condition.ExpressionAttributeValues as Body | undefined) };
    return {
      ...TABLE,
      Key: this.#key(),
      ...condition,
      UpdateExpression: update.expression,
      ExpressionAttributeValues: Object.keys(values).length > 0 ? values : undefined,
    };
  }

  #update(): Operation {
    // UPDATED_OLD and UPDATED_NEW of nested paths differ in DynamoDB Local; the fixed cases cover them.
    const ReturnValues = this.#draw.of(['NONE', 'ALL_OLD', 'ALL_NEW']);
    return { action: 'UpdateItem', body: { ...this.#updateBody(0.3), ReturnValues, ...this.#capacity() } };
  }

  #projection(): Body {
    if (!this.#draw.chance(0.4)) return {};
    const paths = Array.from({ length: 1 + this.#draw.below(3) }, () => this.#draw.path());
    return { ProjectionExpression: paths.join(', ') };
  }

  #get(): Operation {
    const body = {
      ...TABLE,
      Key: this.#key(),
      ConsistentRead: this.#draw.chance(0.5),
      ...this.#projection(),
      ...this.#capacity(),
    };
    return { action: 'GetItem', body };
  }

  #keyCondition(hash: string, range: string): { expression: string; values: Body } {
    const draw = this.#draw;
    const [low, high] = [draw.below(5), draw.below(5)].sort((a, b) => a - b);
    const bound = (place: number | undefined): unknown => S(hash === 'pk' ? (SORTS[place ?? 0] ?? 'a') : String(place));
    const one = { ':low': bound(low) };
    const forms: readonly (readonly [string, Body])[] = [
      ['', {}],
      [` AND ${range} = :low`, one],
      [` AND ${range} < :low`, one],
      [` AND ${range} <= :low`, one],
      [` AND ${range} > :low`, one],
      [` AND ${range} >= :low`, one],
      [` AND begins_with(${range}, :low)`, one],
      [` AND ${range} BETWEEN :low AND :high`, { ...one, ':high': bound(high) }],
    ];
    const [expression, values] = draw.of(forms);
    return { expression: `${hash} = :hash${expression}`, values };
  }

  #query(): Operation {
    const draw = this.#draw;
    const onIndex = draw.chance(0.4);
    const range = onIndex ? this.#keyCondition('gsi1pk', 'gsi1sk') : this.#keyCondition('pk', 'sk');
    const filter = draw.chance(0.4) ? randomCondition(draw) : undefined;
    const hash = onIndex ? `${this.#lane}-${draw.below(2)}` : `${this.#lane}${draw.below(2)}`;
    return {
      action: 'Query',
      body: {
        ...TABLE,
        ...(onIndex && { IndexName: 'gsi1' }),
        KeyConditionExpression: range.expression,
        ...(filter && { FilterExpression: filter.expression }),
        ExpressionAttributeValues: { ':hash': S(hash), ...range.values, ...filter?.values },
        ScanIndexForward: draw.chance(0.5),
        ...(draw.chance(0.4) && { Limit: 1 + draw.below(4) }),
        ...(draw.chance(0.2) ? { Select: 'COUNT' } : this.#projection()),
        ...this.#capacity(),
      },
    };
  }

  #transactWrite(): Operation {
    const draw = this.#draw;
    const keys = this.#keys(1 + draw.below(4));
    const TransactItems = keys.map((itemKey) => {
      const kind = draw.of(['Put', 'Update', 'Delete', 'ConditionCheck']);
      if (kind === 'Put') return { Put: { ...TABLE, Item: this.#item(itemKey), ...this.#condition(0.3) } };
      if (kind === 'Update') return { Update: { ...this.#updateBody(0.2), Key: itemKey } };
      if (kind === 'Delete') return { Delete: { ...TABLE, Key: itemKey, ...this.#condition(0.3) } };
      return { ConditionCheck: { ...TABLE, Key: itemKey, ...this.#condition(1) } };
    });
    return { action: 'TransactWriteItems', body: { TransactItems } };
  }

  #transactGet(): Operation {
    const TransactItems = this.#keys(1 + this.#draw.below(4)).map((Key) => ({
      Get: { ...TABLE, Key, ...this.#projection() },
    }));
    return { action: 'TransactGetItems', body: { TransactItems } };
  }

  #batchWrite(): Operation {
    const keys = this.#draw.chance(0.05)
      ? [this.#key(), this.#key(), this.#key()]
      : this.#keys(1 + this.#draw.below(6));
    const main = keys.map((Key) =>
      this.#draw.chance(0.7) ? { PutRequest: { Item: this.#item(Key) } } : { DeleteRequest: { Key } },
    );
    return { action: 'BatchWriteItem', body: { RequestItems: { main } } };
  }

  #batchGet(): Operation {
    const main = { Keys: this.#keys(1 + this.#draw.below(6)), ...this.#projection() };
    return { action: 'BatchGetItem', body: { RequestItems: { main } } };
  }
}
