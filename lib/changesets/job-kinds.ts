/** Apart from what they do, so that who starts one does not carry its code. */
export const undoKind = 'change-set-undo';
export const bulkEditKind = 'bulk-edit';
