import type { Operation, Registered, RegisteredWorker } from '../lib/core/operation.ts';
import { account, accountWorkers } from './account/operations.ts';
import { appEvents } from './app-events/operations.ts';
import { associations, associationsWorkers } from './associations/operations.ts';
import { campaigns, campaignsWorkers } from './campaigns/operations.ts';
import { changesets } from './changesets/operations.ts';
import { conversations, conversationsWorkers } from './conversations/operations.ts';
import { emailsWorkers } from './emails/operations.ts';
import { engagement } from './engagement/operations.ts';
import { events } from './events/operations.ts';
import { exports } from './exports/operations.ts';
import { flows, flowsWorkers } from './flows/operations.ts';
import { forms, formsWorkers } from './forms/operations.ts';
import { imports } from './imports/operations.ts';
import { integrations } from './integrations/operations.ts';
import { jobs, jobsWorkers } from './jobs/operations.ts';
import { legacy } from './legacy/operations.ts';
import { limits } from './limits/operations.ts';
import { lists, listsWorkers } from './lists/operations.ts';
import { marketingEmails } from './marketing-emails/operations.ts';
import { objects, objectsWorkers } from './objects/operations.ts';
import { openapi } from './openapi/operations.ts';
import { owners } from './owners/operations.ts';
import { pages } from './pages/operations.ts';
import { pipelines } from './pipelines/operations.ts';
import { properties } from './properties/operations.ts';
import { quality } from './quality/operations.ts';
import { reports } from './reports/operations.ts';
import { salesforce, salesforceWorkers } from './salesforce/operations.ts';
import { schemas } from './schemas/operations.ts';
import { search } from './search/operations.ts';
import { sends, sendsWorkers } from './sends/operations.ts';
import { streamWorkers } from './stream/operations.ts';
import { subscriptions } from './subscriptions/operations.ts';
import { surveys } from './surveys/operations.ts';
import { timeline } from './timeline/operations.ts';
import { tracking, trackingWorkers } from './tracking/operations.ts';
import { transactional } from './transactional/operations.ts';
import { users } from './users/operations.ts';
import { validations } from './validations/operations.ts';

/** The rows of every area. */
const areas = {
  account,
  appEvents,
  associations,
  campaigns,
  changesets,
  conversations,
  engagement,
  events,
  exports,
  flows,
  forms,
  imports,
  integrations,
  jobs,
  legacy,
  limits,
  lists,
  marketingEmails,
  objects,
  openapi,
  owners,
  pages,
  pipelines,
  properties,
  quality,
  reports,
  salesforce,
  schemas,
  search,
  sends,
  subscriptions,
  surveys,
  timeline,
  transactional,
  tracking,
  users,
  validations,
};

/** The workers of every area. */
const workerAreas = {
  accountWorkers,
  associationsWorkers,
  conversationsWorkers,
  campaignsWorkers,
  emailsWorkers,
  flowsWorkers,
  formsWorkers,
  jobsWorkers,
  listsWorkers,
  objectsWorkers,
  sendsWorkers,
  salesforceWorkers,
  streamWorkers,
  trackingWorkers,
};

/** Every operation, area by area: the whole API in one list. */
export const operations: readonly Registered<Operation>[] = Object.values(areas).flatMap((area) => Object.values(area));

/** Every worker: what the stream, rules, queues and schedules start. */
export const workers: readonly RegisteredWorker[] = Object.values(workerAreas).flatMap((area) => Object.values(area));
