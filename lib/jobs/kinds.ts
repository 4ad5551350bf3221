import { salesforceBackfill } from '../salesforce/backfill.ts';
import type { JobKind } from './kind.ts';

/** Every kind of long work. What its slices need is among the capabilities of the worker `jobs/work`. */
export const jobKinds: readonly JobKind[] = [salesforceBackfill];
