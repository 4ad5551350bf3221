import * as z from 'zod/mini';
import {
  PublicTemplate,
  PublicTimelineEvent,
  TemplateInput,
  TemplateUpdate,
  TimelineEventInput,
  Token,
  TokenInput,
  TokenUpdate,
} from '../../lib/app-events/schema.ts';
import { operations } from '../../lib/core/operation.ts';
import { flag } from '../../lib/core/page.ts';
import { batchOf } from '../../lib/objects/schema.ts';

const ofApp = z.object({ appId: z.string() });
const ofTemplate = z.extend(ofApp, { eventTemplateId: z.string() });
const ofToken = z.extend(ofTemplate, { tokenName: z.string() });
const ofEvent = z.object({ eventTemplateId: z.string(), eventId: z.string() });

const reads = { scope: 'timeline', status: 200, uses: ['table:read'] } as const;
const writes = { scope: 'timeline', status: 200, uses: ['table:read', 'table:write'] } as const;

/** How HubSpot's client calls those that define templates. */
const defines = { tokenInQuery: true } as const;

export const appEvents = operations('app-events', {
  listTemplates: {
    ...reads,
    ...defines,
    route: 'GET /integrators/timeline/v3/{appId}/event-templates',
    summary: "List an app's event templates",
    path: ofApp,
    output: z.object({ results: z.array(PublicTemplate) }),
  },
  createTemplate: {
    ...writes,
    ...defines,
    route: 'POST /integrators/timeline/v3/{appId}/event-templates',
    summary: 'Make a template for events of an app',
    path: ofApp,
    body: TemplateInput,
    status: 201,
    output: PublicTemplate,
  },
  getTemplate: {
    ...reads,
    ...defines,
    route: 'GET /integrators/timeline/v3/{appId}/event-templates/{eventTemplateId}',
    summary: 'Read an event template',
    path: ofTemplate,
    output: PublicTemplate,
  },
  updateTemplate: {
    ...writes,
    ...defines,
    route: 'PUT /integrators/timeline/v3/{appId}/event-templates/{eventTemplateId}',
    summary: 'Replace an event template',
    path: ofTemplate,
    body: TemplateUpdate,
    output: PublicTemplate,
  },
  removeTemplate: {
    ...writes,
    ...defines,
    route: 'DELETE /integrators/timeline/v3/{appId}/event-templates/{eventTemplateId}',
    summary: 'Delete an event template; its events stay',
    path: ofTemplate,
    status: 204,
  },
  createToken: {
    ...writes,
    ...defines,
    route: 'POST /integrators/timeline/v3/{appId}/event-templates/{eventTemplateId}/tokens',
    summary: 'Add a token to an event template',
    path: ofTemplate,
    body: TokenInput,
    output: Token,
  },
  updateToken: {
    ...writes,
    ...defines,
    route: 'PUT /integrators/timeline/v3/{appId}/event-templates/{eventTemplateId}/tokens/{tokenName}',
    summary: 'Change a token of an event template',
    path: ofToken,
    body: TokenUpdate,
    output: Token,
  },
  removeToken: {
    ...writes,
    ...defines,
    route: 'DELETE /integrators/timeline/v3/{appId}/event-templates/{eventTemplateId}/tokens/{tokenName}',
    summary: 'Take a token out of an event template',
    path: ofToken,
    status: 204,
  },
  createEvent: {
    ...writes,
    route: 'POST /integrators/timeline/v3/events',
    summary: "Log an app's event with a record",
    repeatable: true,
    body: TimelineEventInput,
    status: 201,
    output: PublicTimelineEvent,
  },
  batchCreateEvents: {
    ...writes,
    route: 'POST /integrators/timeline/v3/events/batch/create',
    summary: 'Log up to 500 events of an app',
    repeatable: true,
    body: z.object({ inputs: z.array(TimelineEventInput).check(z.maxLength(500)) }),
    status: [201, 207],
    output: batchOf(PublicTimelineEvent),
    timeoutSeconds: 28,
    maxBodyBytes: 5 * 1024 * 1024,
  },
  getEvent: {
    ...reads,
    route: 'GET /integrators/timeline/v3/events/{eventTemplateId}/{eventId}',
    summary: "Read an app's event",
    path: ofEvent,
    output: PublicTimelineEvent,
  },
  getEventDetail: {
    ...reads,
    route: 'GET /integrators/timeline/v3/events/{eventTemplateId}/{eventId}/detail',
    summary: "The detail of an app's event, by its template",
    path: ofEvent,
    output: z.object({ details: z.string() }),
  },
  renderEvent: {
    ...reads,
    route: 'GET /integrators/timeline/v3/events/{eventTemplateId}/{eventId}/render',
    summary: "An app's event as HTML: its header, or with `detail` its detail",
    path: ofEvent,
    query: z.object({ detail: flag }),
    output: z.string(),
  },
});
