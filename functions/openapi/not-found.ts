import { pathBehind } from '../../lib/core/aliases.ts';
import { CrmError } from '../../lib/core/errors.ts';
import { handle, Reply } from '../../lib/core/handle.ts';
import { withoutEndingSlash } from '../../lib/core/path.ts';
import { openapi } from './operations.ts';

/**
 * Some of HubSpot's paths end in a slash. API Gateway takes no such route, so they come here and are sent on, body and all; so are
 * HubSpot's dated paths where they have no routes of their own.
 */
export const handler = handle(openapi.notFound, async ({ request: { origin, url } }) => {
  const [path = '', query] = url.split('?');
  const behind = pathBehind(path);
  const location = withoutEndingSlash(origin, url) ?? (behind && `${origin}${behind}${query ? `?${query}` : ''}`);
  if (location) return new Reply(308, undefined, { location });
  throw new CrmError('OBJECT_NOT_FOUND', `Unable to find the path ${path}`);
});
