import { CrmError } from '../../lib/core/errors.ts';
import { handle } from '../../lib/core/handle.ts';
import { openapi } from './operations.ts';

export const handler = handle(openapi.notFound, async ({ request }) => {
  throw new CrmError('OBJECT_NOT_FOUND', `Unable to find the path ${request.url.split('?')[0]}`);
});
