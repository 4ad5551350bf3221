import { ApiError } from './api-error.ts';
import type { Fields } from './field.ts';
import { objectNamed } from './objects.ts';
import { idOf, type Records, type Stored } from './records.ts';
import type { SObject } from './sobject.ts';

/** @throws ApiError DUPLICATE_VALUE when another record has a value that must be the only one */
export function checkUnique(type: SObject, id: string, changes: Fields, records: Records): void {
  for (const { name, unique } of type.fields) {
    const value = changes[name];
    if (!unique || typeof value !== 'string') continue;
    const other = records.having(type, name, value).find((record) => idOf(record) !== id);
    if (other)
      throw new ApiError(
        'DUPLICATE_VALUE',
        `duplicate value found: ${name} duplicates value on record with id: ${idOf(other).slice(0, 15)}`,
      );
  }
}

/** `alert` lets a write through that says so in its header, `block` lets none through. */
export type DuplicateRule = 'off' | 'alert' | 'block';

/** The org's rule for leads and contacts of one address. @throws ApiError DUPLICATES_DETECTED */
export function checkDuplicates(
  type: SObject,
  id: string,
  changes: Fields,
  { records, rule, allowSave }: { records: Records; rule: DuplicateRule; allowSave: boolean },
): void {
  const address = changes.Email;
  if (rule === 'off' || (rule === 'alert' && allowSave)) return;
  if ((type.name !== 'Lead' && type.name !== 'Contact') || typeof address !== 'string') return;
  const matches = ['Lead', 'Contact'].flatMap((name) => {
    const each = objectNamed(name);
    const found = each ? records.having(each, 'Email', address) : [];
    return found.filter((record) => idOf(record) !== id && record.fields.IsConverted !== true);
  });
  if (matches.length > 0) throw duplicatesDetected(type, matches, rule === 'alert');
}

/** The refusal of a duplicate rule. Its detail stands under a key that Salesforce misspelt. */
export function duplicatesDetected(type: SObject, matches: readonly Stored[], allowSave: boolean): ApiError {
  const message = allowSave
    ? 'Use one of these records?'
    : "You're creating a duplicate record. Use one of these records instead.";
  const entities = [...new Set(matches.map((match) => match.type.name))];
  const duplicateResut = {
    allowSave,
    duplicateRule: `Standard_${type.name}_Duplicate_Rule`,
    duplicateRuleEntityType: type.name,
    errorMessage: message,
    matchResults: entities.map((entityType) => ({
      entityType,
      errors: [],
      matchEngine: 'ExactMatchEngine',
      matchRecords: matches
        .filter((match) => match.type.name === entityType)
        .map((match) => ({
          additionalInformation: [],
          fieldDiffs: [],
          matchConfidence: 100,
          record: {
            attributes: { type: entityType, url: `/services/data/v63.0/sobjects/${entityType}/${idOf(match)}` },
            Id: idOf(match),
          },
        })),
      rule: `Standard_${entityType}_Match_Rule`,
      size: matches.filter((match) => match.type.name === entityType).length,
      success: true,
    })),
  };
  return new ApiError('DUPLICATES_DETECTED', message, { detail: { duplicateResut } });
}
