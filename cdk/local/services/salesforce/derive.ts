import { ApiError } from './api-error.ts';
import type { Fields } from './field.ts';
import type { Records } from './records.ts';
import type { SObject } from './sobject.ts';
import { stages } from './stages.ts';

/** Fields that follow from others; `changed` are the names that the write gave. */
export function derived(type: SObject, fields: Fields, changed: Fields, records: Records): Fields {
  switch (type.name) {
    case 'User':
    case 'Contact':
    case 'Lead':
      return { ...fields, Name: [fields.FirstName, fields.LastName].filter(Boolean).join(' ') };
    case 'Opportunity':
      return { ...fields, ...stageFields(fields, changed) };
    case 'Task':
      return { ...fields, IsClosed: fields.Status === 'Completed', AccountId: accountOfTask(fields, records) };
    default:
      return fields;
  }
}

function stageFields({ StageName }: Fields, changed: Fields): Fields {
  const stage = Object.hasOwn(stages, String(StageName)) ? stages[String(StageName)] : undefined;
  const moved = 'StageName' in changed && !('Probability' in changed);
  return {
    IsClosed: stage?.closed ?? false,
    IsWon: stage?.won ?? false,
    ...(moved && stage && { Probability: stage.probability }),
  };
}

/** The account that a task is about, by itself, by its opportunity or by its contact. */
function accountOfTask({ WhatId, WhoId }: Fields, records: Records): string | null {
  for (const id of [WhatId, WhoId]) {
    if (typeof id !== 'string') continue;
    const record = records.get(id);
    const account = record?.type.name === 'Account' ? record.fields.Id : record?.fields.AccountId;
    if (typeof account === 'string') return account;
  }
  return null;
}

/** @throws ApiError REQUIRED_FIELD_MISSING */
export function checkRequired(type: SObject, fields: Fields): void {
  const missing = type.fields
    .filter(({ name, nillable, createable }) => !nillable && createable && (fields[name] ?? null) === null)
    .map(({ name }) => name);
  if (missing.length > 0)
    throw new ApiError('REQUIRED_FIELD_MISSING', `Required fields are missing: [${missing.join(', ')}]`, {
      fields: missing,
    });
}

/** A task about a lead is about nothing else: a lead has no account yet. @throws ApiError */
export function checkTask(type: SObject, { WhoId, WhatId }: Fields): void {
  if (type.name !== 'Task' || typeof WhatId !== 'string' || !String(WhoId ?? '').startsWith('00Q')) return;
  throw new ApiError('FIELD_INTEGRITY_EXCEPTION', 'A task of a lead cannot be related to another record', {
    fields: ['WhatId'],
  });
}
