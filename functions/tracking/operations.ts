import * as z from 'zod/mini';
import { operations, workers } from '../../lib/core/operation.ts';
import { IdentificationRequest } from '../../lib/tracking/identification.ts';

export const tracking = operations('tracking', {
  script: {
    route: 'GET /t.js',
    summary: 'The tracking script for the pages of a site',
    scope: 'public',
    query: z.record(z.string(), z.string()),
    status: [200, 304],
    uses: ['table:read'],
  },
  collect: {
    route: 'POST /collect',
    summary: 'Takes what a page tells of its visitor: page views, events, who it is; each once by its id',
    scope: 'public',
    query: z.record(z.string(), z.string()),
    rawBody: true,
    status: 204,
    maxBodyBytes: 16 * 1024,
    uses: ['table:read', 'table:write', 'secret:link-keys:read'],
  },
  createIdentificationToken: {
    route: 'POST /visitor-identification/v3/tokens/create',
    summary: 'Make a proof of who a visitor is, which a page hands to the tracking script',
    scope: 'conversations.visitor_identification.tokens.create',
    body: IdentificationRequest,
    status: 200,
    output: z.object({ token: z.string() }),
    uses: ['table:read', 'secret:link-keys:read'],
    repeatable: true,
  },
});

const writes = ['table:read', 'table:write'] as const;

export const trackingWorkers = workers('tracking', {
  linkVisitor: {
    summary: 'A form that was sent: its visitor is the contact, and the contact has converted',
    uses: writes,
    timeoutSeconds: 60,
  },
  refresh: {
    summary: 'Writes what a contact’s visits come to, and tells the custom events of its pages',
    uses: writes,
    timeoutSeconds: 60,
  },
  followMerge: {
    summary: 'Unites the histories of contacts that became one, or parts them again',
    uses: writes,
    timeoutSeconds: 60,
  },
});
