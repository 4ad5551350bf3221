/** Apart from what they do, so that who starts one does not carry its code. */
export const attachKind = 'restore-associations';
export const moveKind = 'merge-associations';
export const eraseKind = 'record-erase';
export const purgeKind = 'record-purge';
