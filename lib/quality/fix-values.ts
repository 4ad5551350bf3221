import type { Suggestion } from './schema.ts';

type Values = Readonly<Record<string, string>>;

/**
 * What a correction gives a contact: the name, and what stood in it, where it is not known yet. Undefined when nothing is to be done, or
 * when nobody's name would be left.
 */
export function fixValues(values: Values, suggestion: Suggestion): Record<string, string | null> | undefined {
  const { lastname, firstname, honorific, company, department, jobtitle, tags } = suggestion;
  if (suggestion.findings.length === 0 || (lastname === '' && firstname === '')) return undefined;
  const known = (values.service_tags ?? '').split(';').filter(Boolean);
  const fresh = tags.filter((tag) => !known.includes(tag));
  const found = { salutation: honorific, company, department, jobtitle };
  const fixed = {
    lastname: lastname || null,
    firstname: firstname || null,
    ...Object.fromEntries(Object.entries(found).filter(([name, value]) => value !== undefined && !values[name])),
    ...(fresh.length > 0 && { service_tags: [...known, ...fresh].join(';') }),
  };
  const changed = Object.entries(fixed).filter(([name, value]) => (values[name] ?? null) !== value);
  return changed.length > 0 ? Object.fromEntries(changed) : undefined;
}
