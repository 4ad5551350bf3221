/** Kinds of jobs by name, apart from what they do, so that who starts one does not carry its code. */
export const nameFixKind = 'name-fix';
export const nameRecheckKind = 'quality-backfill';
