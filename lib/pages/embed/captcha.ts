import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import type { CaptchaChallenge } from '../../forms/captcha.ts';

/**
 * Solves a challenge beside what the visitor does: each step waits for the browser's own cryptography, so that the page stays quick
 * without a worker, for which a strict policy would need one rule more.
 */
export async function proofOf(challenge: CaptchaChallenge): Promise<string> {
  const solution = await solveChallenge({ challenge, deriveKey });
  return btoa(JSON.stringify({ challenge, solution }));
}
