import { scopeNameOf } from '../objects/object-types.ts';
import { CrmError } from './errors.ts';

/**
 * The scopes that a row's template asks for on this path, e.g. `crm.objects.{objectType}.write` → `crm.objects.contacts.write`.
 * HubSpot's irregular names: tickets have the one scope `tickets`, engagements go with contacts, custom objects are `custom`
 * (developers.hubspot.com/scopes).
 */
export function requiredScope(template: string, path: Readonly<Record<string, string | undefined>>): string {
  const scope = template.replace(/\{(\w+)\}/g, (_, name: string) => scopeNameOf(path[name] ?? ''));
  return /^crm\.objects\.tickets\./.test(scope) ? 'tickets' : scope;
}

type Holder = { readonly scopes?: readonly string[] };

/** Whether a token, or the request that it came with, holds a scope. */
export const holdsScope = ({ scopes = [] }: Holder, scope: string): boolean =>
  scopes.includes('*') || scopes.includes(scope);

/** @throws CrmError 403 naming the scope that the token lacks. */
export function requireScope(token: Holder, scope: string): void {
  if (holdsScope(token, scope)) return;
  throw new CrmError(
    'MISSING_SCOPES',
    "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
    {
      errors: [
        { message: 'One or more of the following scopes are required.', context: { requiredGranularScopes: [scope] } },
      ],
      links: { scopes: 'https://developers.hubspot.com/scopes' },
    },
  );
}

/** Who works for a request has the scopes of its token; workers have none, for what they do was allowed when it was asked for. */
type Asker = { readonly scopes?: readonly string[] | undefined };
type Access = 'read' | 'write';

const accessScope = (objectType: string, access: Access) =>
  requiredScope(`crm.objects.{objectType}.${access}`, { objectType });

/** Whether who asks may read, or write, records of a type: for rows whose path does not name it. */
export const mayAccess = ({ scopes }: Asker, objectType: string, access: Access): boolean =>
  scopes === undefined || holdsScope({ scopes }, accessScope(objectType, access));

/** @throws CrmError 403 naming the scope of the first type that who asks may not read, or write */
export function requireAccess({ scopes }: Asker, objectTypes: readonly string[], access: Access): void {
  if (scopes === undefined) return;
  for (const objectType of objectTypes) requireScope({ scopes }, accessScope(objectType, access));
}
