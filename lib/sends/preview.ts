import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { announceJob, jobWrites } from '../jobs/store.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import { type Content, contentOf } from './content.ts';
import { checkReferences } from './create.ts';
import { costOf, endOf } from './estimate.ts';
import { exclusions } from './exclusion-reasons.ts';
import { firstLook, type Look, lookFurther } from './look.ts';
import type { Pace } from './pace.ts';
import { currentPace } from './pacing.ts';
import type { Preview, StoredPreview } from './preview-schema.ts';
import { findPreview, previewItem } from './preview-store.ts';
import type { Send } from './schema.ts';
import { readSend } from './send-store.ts';
import { mailSettings } from './settings.ts';

/** A request looks at so many pages of 200 contacts, and no longer than this; what is larger is a job's. */
const mostPages = 10;
const longestMs = 6000;

/** The kind of job that looks at a large audience. */
export const previewKind = 'send-preview';

type Looked = { readonly preview: StoredPreview } | { readonly jobId: string };

/**
 * Looks at the whole audience of a draft as it is now: exact figures of who would get the mail and who would not for which reason, what it
 * costs and when it ends. An audience of up to 2,000 is looked at in the request; a larger one by a job, whose id is the answer, and then the
 * figures stand with the send. @throws CrmError 404, 400 when what it refers to is gone, 409 when it is no draft
 */
export async function previewSend(app: App, id: string): Promise<Looked> {
  const send = await readSend(app, id);
  if (send.status !== 'DRAFT') throw new CrmError('CONFLICT', `A send that is ${send.status} cannot be previewed`);
  await checkReferences(app, send);
  const content = await contentOf(app, send);
  const preview = await lookNow(app, send, content);
  return preview ? { preview } : { jobId: await startLooking(app, send) };
}

/** The figures, if the audience is small enough for a request; they are stored with the send. */
async function lookNow(app: App, send: Send, content: Content): Promise<StoredPreview | undefined> {
  const run = app.newId();
  const until = performance.now() + longestMs;
  let look = firstLook;
  for (let page = 0; look.place; page += 1) {
    if (page === mostPages || performance.now() > until) return undefined;
    look = await lookFurther(app, { send, content, run }, look);
  }
  const preview = { ...(await figuresOf(app, send, look, await currentPace(app))), run, sendVersion: send.version };
  await app.table.commit([{ put: previewItem(send.id, preview) }]);
  return preview;
}

async function startLooking(app: App, send: Send): Promise<string> {
  const run = app.newId();
  const { job, writes } = await jobWrites(app, { kind: previewKind, input: { sendId: send.id, run } });
  const preview: StoredPreview = { status: 'RUNNING', jobId: job.id, at: app.now(), run, sendVersion: send.version };
  await commitOrThrow(app.table, [{ put: previewItem(send.id, preview) }, ...writes].map(orStale));
  await announceJob(job);
  return job.id;
}

/** What a finished look says. */
export async function figuresOf(app: App, send: Send, look: Look, pace: Pace): Promise<Preview> {
  const excluded = exclusions.flatMap((reason) => {
    const count = look.excluded[reason] ?? 0;
    return count > 0 ? [{ reason, count }] : [];
  });
  const begins = [app.now(), send.scheduledAt ?? ''].toSorted().at(-1) ?? app.now();
  const moments = Object.entries(look.moments).map(([at, mails]) => [at || begins, mails] as const);
  const closedOn = new Set((await mailSettings(app)).businessHours.closedOn);
  const keepsHours = { moments, businessHours: send.businessHours ?? false };
  return {
    status: 'DONE',
    at: app.now(),
    toSend: look.toSend,
    excluded,
    ...costOf(
      look.toSend,
      excluded.reduce((sum, { count }) => sum + count, 0),
    ),
    estimatedEndAt: endOf(keepsHours, pace, { now: Date.parse(begins), closedOn }),
    missingTokens: Object.entries(look.missing).map(([token, missing]) => ({ token, ...missing })),
  };
}

/** A look at a large audience is good for so long: who loses a value meanwhile is left out with the reason. */
const goodForMs = 24 * 3_600_000;

/**
 * Looks before a send whose mail could lack somebody's values is confirmed. @throws CrmError 400 naming the tokens and some contacts; 409
 * when the audience is too large to be looked at in the request and no look of the last day is there
 */
export async function refuseMissingTokens(app: App, send: Send): Promise<void> {
  const content = await contentOf(app, send);
  if (!content.mayMiss) return;
  const preview = (await lookNow(app, send, content)) ?? (await lastLook(app, send));
  const missing = preview.missingTokens ?? [];
  if (missing.length === 0) return;
  const errors = missing.map(({ token, contacts, examples }) => ({
    message: `${token}: ${contacts} contacts have no value for it, and it has no default`,
    code: 'MISSING_TOKEN',
    in: token,
    context: { token: [token], contacts: [String(contacts)], examples: [...examples] },
  }));
  throw new CrmError(
    'VALIDATION_ERROR',
    `The mail would have gaps: ${errors.map(({ message }) => message).join('; ')}`,
    {
      errors,
      context: { tokens: missing.map(({ token }) => token) },
    },
  );
}

async function lastLook(app: App, send: Send): Promise<StoredPreview> {
  const preview = await findPreview(app, send.id);
  const since = new Date(Date.parse(app.now()) - goodForMs).toISOString();
  if (preview?.status === 'DONE' && preview.sendVersion === send.version && preview.at > since) return preview;
  throw new CrmError('CONFLICT', 'The audience is large: let a preview look at it first (it is good for a day)', {
    subCategory: 'PREVIEW_NEEDED',
  });
}
