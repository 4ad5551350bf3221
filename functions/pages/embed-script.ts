import script from '../../lib/browser/embed.ts?browser';
import { handle, Reply } from '../../lib/core/handle.ts';
import { pages } from './operations.ts';

export const handler = handle(
  pages.embedScript,
  async () =>
    new Reply(200, script, {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=300, stale-while-revalidate=86400',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
    }),
);
