/** Apart from what it does, so that who starts one does not carry its code. */
export const threadPurgeKind = 'thread-purge';
