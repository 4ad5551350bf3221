/** Apart from what they do, so that who starts one does not carry its code. */
export const unassociatedBackfillKind = 'unassociated-backfill';
export const unassociatedSpreadKind = 'unassociated-spread';
