/** Apart from what they do, so that who starts one does not carry its code. */
export const cleanupKind = 'list-cleanup';
export const emptyKind = 'list-empty';
export const copyKind = 'list-copy';
export const conversionKind = 'list-conversion';
export const backfillKind = 'list-backfill';
export const spreadKind = 'list-spread';
