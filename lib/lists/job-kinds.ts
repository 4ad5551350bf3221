/** Apart from what it does, so that who starts it does not carry its code. */
export const cleanupKind = 'list-cleanup';
export const backfillKind = 'list-backfill';
export const spreadKind = 'list-spread';
