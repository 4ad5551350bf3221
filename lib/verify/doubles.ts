import { duplicatesShown, readGroups, SamePersonRow } from '../quality/doubles.ts';
import { NameState } from '../quality/state.ts';
import { nameStateKey } from '../table/quality-keys.ts';
import { type Check, itemsAt, nameOf, type Problem } from './check.ts';

const problem = (contactId: string, what: string): Problem => ({
  check: 'doubles',
  key: nameOf(nameStateKey(contactId)),
  what,
});

/** A contact stands among those of each of its signs, and knows who else does. */
const complete: Check = {
  entity: 'name-state',
  examine: async (app, items) => {
    const states = items.map((item) => NameState.parse(item));
    const groups = await readGroups(app, [...new Set(states.flatMap(({ signs }) => signs))]);
    return states.flatMap(({ contactId, signs, crowded = [], duplicates }): Problem[] => {
      const listed = signs.filter((sign) => !crowded.includes(sign));
      if (listed.some((sign) => !groups.get(sign)?.has(contactId)))
        return [problem(contactId, 'it does not stand among those of its sign')];
      // Who came to a sign that was full is not told of those who leave it.
      if (crowded.length > 0) return [];
      const doubles = new Set(signs.flatMap((sign) => [...(groups.get(sign) ?? [])]).filter((id) => id !== contactId));
      const lacks = duplicates.length < Math.min(duplicatesShown, doubles.size);
      return lacks || duplicates.some((id) => !doubles.has(id))
        ? [problem(contactId, 'it knows of other doubles than there are')]
        : [];
    });
  },
};

/** Who stands under a sign has it. The sign itself is not told: it is a person's number or address. */
const known: Check = {
  entity: 'same-person',
  examine: async (app, items) => {
    const rows = items.map((item) => SamePersonRow.parse(item));
    const members = rows.flatMap(({ sign, contactIds }) => [...(contactIds ?? [])].map((id) => ({ sign, id })));
    const states = await itemsAt(
      app,
      members.map(({ id }) => nameStateKey(id)),
    );
    const empty = rows.some(({ contactIds }) => !contactIds);
    return [
      ...(empty ? [{ check: 'doubles', key: 'person#…', what: 'a row of a sign that nobody has' }] : []),
      ...members.flatMap(({ sign, id }) => {
        const state = states.get(nameOf(nameStateKey(id)));
        return state && NameState.parse(state).signs.includes(sign)
          ? []
          : [problem(id, 'it stands under a sign that it does not have')];
      }),
    ];
  },
};

export const doubleChecks: readonly Check[] = [complete, known];
