import { unassociatedBackfill } from '../associations/unassociated-backfill.ts';
import { unassociatedSpread } from '../associations/unassociated-spread.ts';
import { attributionRecount } from '../attribution/recount.ts';
import { campaignAsk } from '../campaigns/after-event.ts';
import { campaignReminder } from '../campaigns/reminder.ts';
import { campaignWave } from '../campaigns/wave.ts';
import { bulkEdit } from '../changesets/bulk-edit.ts';
import { changeSetUndo } from '../changesets/undo-work.ts';
import { threadPurge } from '../conversations/purge.ts';
import { exportJob } from '../exports/work.ts';
import { importJob } from '../imports/work.ts';
import { attachAssociations } from '../lifecycle/attach-work.ts';
import { recordErase } from '../lifecycle/erase-work.ts';
import { recordPurge } from '../lifecycle/purge.ts';
import { listCopying, listEmptying } from '../lists/bulk-members.ts';
import { listCleanup } from '../lists/cleanup.ts';
import { listConversion } from '../lists/conversion-store.ts';
import { listBackfill } from '../lists/dynamic/backfill.ts';
import { listSpread } from '../lists/dynamic/spread.ts';
import { mergeMove } from '../merges/work.ts';
import { nameFix } from '../quality/fix-work.ts';
import { nameRecheck } from '../quality/recheck.ts';
import { reportBackfill } from '../reports/backfill.ts';
import { reportCleanup } from '../reports/cleanup.ts';
import { reportVerify } from '../reports/verify.ts';
import { salesforceBackfill } from '../salesforce/backfill.ts';
import { dispatchSend } from '../sends/dispatch.ts';
import { expandSend } from '../sends/expand.ts';
import { previewWork } from '../sends/preview-work.ts';
import { releaseWork } from '../sends/release-work.ts';
import { textIndex } from '../text/text-index.ts';
import { visitorErase } from '../tracking/erase.ts';
import type { JobKind } from './kind.ts';

/** Every kind of long work. What its slices need is among the capabilities of the worker `jobs/work`. */
export const jobKinds: readonly JobKind[] = [
  attributionRecount,
  visitorErase,
  campaignWave,
  campaignAsk,
  campaignReminder,
  expandSend,
  dispatchSend,
  previewWork,
  releaseWork,
  reportBackfill,
  reportCleanup,
  reportVerify,
  salesforceBackfill,
  exportJob,
  importJob,
  listCleanup,
  textIndex,
  mergeMove,
  attachAssociations,
  recordErase,
  recordPurge,
  changeSetUndo,
  bulkEdit,
  nameFix,
  nameRecheck,
  listBackfill,
  listSpread,
  listCopying,
  listEmptying,
  listConversion,
  threadPurge,
  unassociatedBackfill,
  unassociatedSpread,
];
