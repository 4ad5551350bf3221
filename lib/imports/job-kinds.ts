/** Apart from what it does, so that who starts it does not carry its code. */
export const importKind = 'import';
