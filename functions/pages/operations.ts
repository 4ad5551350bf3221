import * as z from 'zod/mini';
import { operations } from '../../lib/core/operation.ts';

const path = z.object({ formId: z.string() });
const surveyPath = z.object({ token: z.string() });

export const pages = operations('pages', {
  showForm: {
    route: 'GET /f/{formId}',
    summary: 'The page of a form',
    scope: 'public',
    path,
    query: z.record(z.string(), z.string()),
    status: 200,
    uses: ['table:read'],
  },
  submitForm: {
    route: 'POST /f/{formId}',
    summary: 'Takes what a browser posts from the page of a form',
    scope: 'public',
    path,
    query: z.record(z.string(), z.string()),
    rawBody: true,
    status: 303,
    maxBodyBytes: 32 * 1024 * 1024,
    uses: ['table:read', 'table:write'],
  },
  showSurvey: {
    route: 'GET /s/{token}',
    summary:
      'The page of a survey for the person whom the link invites; shows the score that the link names and writes nothing',
    scope: 'public',
    path: surveyPath,
    query: z.record(z.string(), z.string()),
    status: 200,
    uses: ['table:read', 'secret:link-keys:read'],
  },
  answerSurvey: {
    route: 'POST /s/{token}',
    summary: 'Takes what a browser posts from the page of a survey; a second time changes the answer',
    scope: 'public',
    path: surveyPath,
    query: z.record(z.string(), z.string()),
    rawBody: true,
    status: 303,
    maxBodyBytes: 32 * 1024 * 1024,
    uses: ['table:read', 'table:write', 'secret:link-keys:read'],
  },
  showUnsubscribe: {
    route: 'GET /u/{token}',
    summary: 'Asks which mail shall stop; changes nothing',
    scope: 'public',
    path: z.object({ token: z.string() }),
    query: z.record(z.string(), z.string()),
    status: 200,
    uses: ['table:read', 'secret:link-keys:read'],
  },
  unsubscribe: {
    route: 'POST /u/{token}',
    summary:
      "Stops mail, or lets it come again: the page's buttons and the one-click button of mail programs (RFC 8058)",
    scope: 'public',
    path: z.object({ token: z.string() }),
    query: z.record(z.string(), z.string()),
    rawBody: true,
    status: 200,
    maxBodyBytes: 16 * 1024,
    uses: ['table:read', 'table:write', 'secret:link-keys:read'],
  },
  showEmail: {
    route: 'GET /v/{token}',
    summary: 'A mail in the browser, as its receiver got it; changes nothing',
    scope: 'public',
    path: z.object({ token: z.string() }),
    status: 200,
    uses: ['table:read', 'secret:link-keys:read', 'public-url'],
  },
  showDashboard: {
    route: 'GET /d/{dashboardId}',
    summary: 'The page of a dashboard, for a signed link or an access token',
    scope: 'public',
    path: z.object({ dashboardId: z.string() }),
    query: z.record(z.string(), z.string()),
    status: 200,
    uses: ['table:read', 'secret:link-keys:read'],
    memoryMb: 1024,
  },
});
