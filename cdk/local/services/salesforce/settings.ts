import { createPublicKey } from 'node:crypto';
import * as z from 'zod/mini';
import type { Store } from '../store.ts';

const key = z.string().check(
  z.refine((pem) => {
    try {
      return createPublicKey(pem).asymmetricKeyType === 'rsa';
    } catch {
      return false;
    }
  }, 'must be an RSA public key or certificate in PEM'),
);

const Settings = z.object({
  /** How long an access token is good for. */
  sessionSeconds: z._default(z.int().check(z.minimum(1)), 7200),
  /** API calls in 24 hours. */
  dailyLimit: z._default(z.int().check(z.minimum(0)), 100_000),
  /** By how much the org's clock is ahead of ours, or behind. */
  clockSkewMs: z._default(z.int(), 0),
  duplicateRule: z._default(z.enum(['off', 'alert', 'block']), 'off'),
  /** The keys that connected apps sign with, under their client ids. */
  publicKeys: z._default(z.record(z.string(), key), {}),
});
export type Settings = z.output<typeof Settings>;

const SettingsChange = z.strictObject({
  sessionSeconds: z.optional(z.int().check(z.minimum(1))),
  dailyLimit: z.optional(z.int().check(z.minimum(0))),
  clockSkewMs: z.optional(z.int()),
  duplicateRule: z.optional(z.enum(['off', 'alert', 'block'])),
  publicKeys: z.optional(z.record(z.string(), key)),
});

const name = 'salesforce.org';

/** The set-up of the org, kept over restarts. */
export class OrgSettings {
  readonly #store: Store;
  #current: Settings;

  constructor(store: Store) {
    this.#store = store;
    this.#current = Settings.parse(JSON.parse(store.setting(name) ?? '{}'));
  }

  get current(): Settings {
    return this.#current;
  }

  /** Changes what is given and leaves the rest. Throws zod's error for what is no setting. */
  change(input: unknown): Settings {
    this.#current = { ...this.#current, ...SettingsChange.parse(input) };
    this.#store.saveSetting(name, JSON.stringify(this.#current));
    return this.#current;
  }
}
