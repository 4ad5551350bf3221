/** Kinds of jobs by name, apart from what they do, so that who starts one does not carry its code. */
export const backfillKind = 'report-backfill';
export const verifyKind = 'report-verify';
export const cleanupKind = 'report-cleanup';
