import { createHash } from 'node:crypto';
import { createChallenge, randomInt, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { derivedSecret } from '../links/link.ts';
import { solvedCaptchaKey } from '../table/form-keys.ts';
import type { Mark } from '../table/once.ts';

/** Half a second of a telephone's work on average; a thousand submissions cost a program minutes of a whole core. */
const iterations = 1000;
const counters = [400, 1200] as const;
const validSeconds = 30 * 60;
const longestProof = 4000;

const Challenge = z.object({
  parameters: z.looseObject({
    algorithm: z.string(),
    nonce: z.string(),
    salt: z.string(),
    cost: z.number(),
    keyLength: z.number(),
    keyPrefix: z.string(),
    expiresAt: z.number(),
    data: z.object({ formId: z.string(), kid: z.string() }),
  }),
  signature: z.string(),
});
const Proof = z.object({
  challenge: Challenge,
  solution: z.object({ counter: z.number(), derivedKey: z.string() }),
});
export type CaptchaChallenge = z.output<typeof Challenge>;

const secretsOf = (secret: string) => ({
  hmacSignatureSecret: secret,
  hmacKeySignatureSecret: createHash('sha256').update(`key\n${secret}`).digest('hex'),
});

/** Work for the visitor's browser, good for one submission of this form within half an hour. Nothing is stored for it. */
export async function newCaptcha(app: App, formId: string): Promise<CaptchaChallenge> {
  const own = await derivedSecret('captcha');
  if (!own) throw new Error('The signing keys name a current one that is not there');
  const challenge = await createChallenge({
    algorithm: 'PBKDF2/SHA-256',
    cost: iterations,
    counter: randomInt(...counters),
    deriveKey,
    expiresAt: Math.floor(Date.parse(app.now()) / 1000) + validSeconds,
    data: { formId, kid: own.kid },
    ...secretsOf(own.secret),
  });
  return Challenge.parse(challenge);
}

/**
 * The mark by which a solved captcha is used up, for the transaction of the submission; undefined when the proof is forged, too old, of
 * another form, or not solved. Whether it was used before is the mark's condition to say.
 */
export async function captchaMark(formId: string, proof: string | undefined): Promise<Mark | undefined> {
  const read = proof === undefined || proof.length > longestProof ? undefined : parsed(proof);
  if (!read || read.challenge.parameters.data.formId !== formId) return undefined;
  const own = await derivedSecret('captcha', read.challenge.parameters.data.kid);
  if (!own) return undefined;
  const { verified } = await verifySolution({ ...read, deriveKey, ...secretsOf(own.secret) });
  if (!verified) return undefined;
  return {
    ...solvedCaptchaKey(createHash('sha256').update(read.challenge.signature).digest('hex')),
    entity: 'captcha',
    formId,
    // It cannot be used after its time anyhow.
    expiresAt: read.challenge.parameters.expiresAt + 60,
  };
}

function parsed(proof: string) {
  try {
    const result = Proof.safeParse(JSON.parse(Buffer.from(proof, 'base64').toString('utf8')));
    return result.success ? result.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
