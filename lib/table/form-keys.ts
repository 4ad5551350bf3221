import type { Key } from './keys.ts';

/** Two submissions that name the same new company take turns, so that one of them makes it. */
export const companyTurnKey = (name: string): Key => ({ pk: `form-company#${name}`, sk: 'turn' });

/** A captcha that was solved and used: it is good for one submission. */
export const solvedCaptchaKey = (hash: string): Key => ({ pk: `captcha#${hash}`, sk: 'solved' });
