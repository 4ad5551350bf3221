import { campaignWave } from '../campaigns/wave.ts';
import { importJob } from '../imports/work.ts';
import { listCleanup } from '../lists/cleanup.ts';
import { reportBackfill } from '../reports/backfill.ts';
import { reportCleanup } from '../reports/cleanup.ts';
import { reportVerify } from '../reports/verify.ts';
import { salesforceBackfill } from '../salesforce/backfill.ts';
import { dispatchSend } from '../sends/dispatch.ts';
import { expandSend } from '../sends/expand.ts';
import type { JobKind } from './kind.ts';

/** Every kind of long work. What its slices need is among the capabilities of the worker `jobs/work`. */
export const jobKinds: readonly JobKind[] = [
  campaignWave,
  expandSend,
  dispatchSend,
  reportBackfill,
  reportCleanup,
  reportVerify,
  salesforceBackfill,
  importJob,
  listCleanup,
];
