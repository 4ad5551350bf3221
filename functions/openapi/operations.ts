import * as z from 'zod/mini';
import { operations } from '../../lib/core/operation.ts';

export const openapi = operations('openapi', {
  document: {
    route: 'GET /openapi.json',
    summary: 'The OpenAPI 3.1 document of every operation, computed from the rows',
    scope: null,
    status: 200,
    output: z.looseObject({}),
    uses: ['table:read'],
    memoryMb: 1024,
  },
  notFound: {
    route: '$default',
    summary: "HubSpot's 404 for a path that no row has",
    scope: null,
    status: 404,
    uses: ['table:read'],
  },
});
