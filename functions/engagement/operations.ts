import * as z from 'zod/mini';
import { operations } from '../../lib/core/operation.ts';

const path = z.object({ token: z.string() });
const query = z.record(z.string(), z.string());

export const engagement = operations('engagement', {
  open: {
    route: 'GET /o/{token}',
    also: ['HEAD /o/{token}'],
    summary: 'The picture of a mail, which counts that it was opened; changes nothing for the person',
    scope: 'public',
    path,
    query,
    status: [200, 204],
    uses: ['table:read', 'table:write', 'secret:link-keys:read'],
  },
  click: {
    route: 'GET /c/{token}',
    also: ['HEAD /c/{token}'],
    summary: 'Leads on to the link of a mail that the token holds, and nowhere else; counts the click by who did it',
    scope: 'public',
    path,
    query,
    status: [200, 302],
    uses: ['table:read', 'table:write', 'secret:link-keys:read'],
  },
});
