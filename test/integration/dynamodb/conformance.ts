import { expect, test } from 'vitest';
import type { Call } from '../../support/dynamodb-client.ts';
import { cases } from './cases.ts';

/** Registers a test for each fixed case against an endpoint. */
export function conformance(endpoint: () => Call): void {
  for (const { name, run, expected } of cases) {
    test(name, async () => {
      expect(await run(endpoint())).toEqual(expected);
    });
  }
}
