import { createHash } from 'node:crypto';
import script from '../../lib/browser/track.ts?browser';
import { handle, Reply } from '../../lib/core/handle.ts';
import { tracking } from './operations.ts';

const etag = `"${createHash('sha256').update(script).digest('base64url').slice(0, 22)}"`;
/** A change of the script is everywhere after an hour. */
const cached = { etag, 'cache-control': 'public, max-age=3600, stale-while-revalidate=86400' };
const headers = {
  ...cached,
  'content-type': 'text/javascript; charset=utf-8',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'cross-origin',
};

export const handler = handle(tracking.script, async ({ request }) => {
  const known = (request.headers['if-none-match'] ?? '')
    .split(',')
    .some((tag) => tag.trim().replace(/^W\//, '') === etag);
  return known ? new Reply(304, undefined, cached) : new Reply(200, script, headers);
});
