import { objectNamed } from './objects.ts';
import type { Records, Stored } from './records.ts';
import { idOf } from './records.ts';

/** What goes with a record: its roles and tasks, and for an account its contacts and opportunities with theirs. */
const children: Readonly<Record<string, readonly (readonly [type: string, field: string])[]>> = {
  Account: [
    ['Contact', 'AccountId'],
    ['Opportunity', 'AccountId'],
    ['Task', 'WhatId'],
  ],
  Contact: [
    ['OpportunityContactRole', 'ContactId'],
    ['Task', 'WhoId'],
  ],
  Lead: [['Task', 'WhoId']],
  Opportunity: [
    ['OpportunityContactRole', 'OpportunityId'],
    ['Task', 'WhatId'],
  ],
};

/** The records that hang directly from one, each with the field that holds it. */
export function childrenOf(record: Stored, records: Records): { child: Stored; field: string }[] {
  return (children[record.type.name] ?? []).flatMap(([name, field]) => {
    const type = objectNamed(name);
    return type ? records.having(type, field, idOf(record)).map((child) => ({ child, field })) : [];
  });
}

/** Everything that is deleted together with a record. */
export function cascade(record: Stored, records: Records): Stored[] {
  const found = new Map<string, Stored>();
  const visit = (parent: Stored) => {
    for (const { child } of childrenOf(parent, records)) {
      if (found.has(idOf(child))) continue;
      found.set(idOf(child), child);
      visit(child);
    }
  };
  visit(record);
  return [...found.values()];
}
