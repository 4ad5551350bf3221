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
