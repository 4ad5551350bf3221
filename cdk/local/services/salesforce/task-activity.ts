import type { Records, Stored } from './records.ts';
import { fieldOf } from './sobject.ts';

/** A closed task is the last activity of whom it is about. It moves their SystemModstamp, but nobody modified them. */
export function noteActivity({ type, fields }: Stored, records: Records, now: string): void {
  if (type.name !== 'Task' || fields.IsClosed !== true) return;
  const day = String(fields.ActivityDate ?? now.slice(0, 10));
  for (const id of [fields.WhoId, fields.WhatId, fields.AccountId]) {
    const about = typeof id === 'string' ? records.get(id) : undefined;
    if (!about || !fieldOf(about.type, 'LastActivityDate')) continue;
    const last = String(about.fields.LastActivityDate ?? '');
    const touched = { ...about.fields, LastActivityDate: day > last ? day : last, SystemModstamp: now };
    records.save({ type: about.type, fields: touched }, about);
  }
}
