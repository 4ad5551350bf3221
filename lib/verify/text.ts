import type { App } from '../core/app.ts';
import { CrmRecord } from '../objects/record.ts';
import { type Key, recordKey } from '../table/keys.ts';
import { textKey, textStateKey } from '../table/text-keys.ts';
import { textProperties } from '../text/document.ts';
import { TextState, wantedOf } from '../text/state.ts';
import { type Check, itemsAt, nameOf, type Problem, type Stored } from './check.ts';
import { typeOf } from './records.ts';

const refOf = ({ pk }: Key) => {
  const [objectType = '', id = ''] = pk.split('#');
  return { objectType, id };
};

/** Every record is found by its text as it is now: its state says the very tokens, or it has none and needs none. */
const indexed: Check = {
  entity: 'record',
  examine: async (app, items) => {
    const states = await itemsAt(
      app,
      items.map((item) => textStateKey(refOf(item))),
    );
    const problems = await Promise.all(items.map((item) => problemOf(app, item, states)));
    return problems.flatMap((what, position): Problem[] =>
      what ? [{ check: 'text', key: nameOf(recordKey(refOf(items[position] as Stored))), what }] : [],
    );
  },
};

async function problemOf(app: App, item: Stored, states: ReadonlyMap<string, Stored>): Promise<string | undefined> {
  const record = CrmRecord.parse(item);
  const type = await typeOf(app, record.objectType);
  if (!type || textProperties(type).length === 0) return undefined;
  const state = states.get(nameOf(textStateKey(record)));
  const wanted = wantedOf(type, record).tokens;
  if (!state) return wanted.length > 0 ? 'its text is not indexed' : undefined;
  return same(TextState.parse(state).tokens, wanted) ? undefined : 'its text index is of another version';
}

const same = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && new Set([...one, ...other]).size === one.length;

/** Every token of a state has its row. */
const complete: Check = {
  entity: 'text-state',
  examine: async (app, items) => {
    const wanted = items.flatMap((item) => {
      const { objectType, id } = refOf(item);
      return TextState.parse(item).tokens.map((token) => ({ item, key: textKey(objectType, token, id) }));
    });
    const rows = await itemsAt(
      app,
      wanted.map(({ key }) => key),
    );
    const lacking = new Set(wanted.filter(({ key }) => !rows.has(nameOf(key))).map(({ item }) => nameOf(item)));
    return [...lacking].map((key) => ({ check: 'text', key, what: 'a row of its tokens is missing' }));
  },
};

/** Every row stands in its record's state. The token itself is not told: it is a person's word. */
const known: Check = {
  entity: 'text',
  examine: async (app, items) => {
    const rows = items.map((item) => ({
      ref: { objectType: item.pk.split('#')[1] ?? '', id: String(item.id) },
      token: item.sk.slice(0, item.sk.lastIndexOf('#')),
    }));
    const states = await itemsAt(
      app,
      rows.map(({ ref }) => textStateKey(ref)),
    );
    return rows.flatMap(({ ref, token }): Problem[] => {
      const state = states.get(nameOf(textStateKey(ref)));
      if (state && TextState.parse(state).tokens.includes(token)) return [];
      return [{ check: 'text', key: nameOf(textStateKey(ref)), what: 'it does not know of a row' }];
    });
  },
};

export const textChecks: readonly Check[] = [indexed, complete, known];
