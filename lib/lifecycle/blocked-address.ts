import { createHash } from 'node:crypto';
import { CrmError } from '../core/errors.ts';
import { normaliseEmail } from '../objects/email-address.ts';
import { absent } from '../table/conditions.ts';
import { blockedAddressKey } from '../table/lifecycle-keys.ts';
import type { Step } from '../table/steps.ts';
import type { Write } from '../table/write.ts';

/** Who has the address can tell whether it is blocked; from the row nobody learns the address. */
const hashOf = (email: string) => createHash('sha256').update(normaliseEmail(email)).digest('hex');

/** The address of somebody who was erased does not come back by API, import or sync. */
export const blockWrite = (email: string, at: string): Write => ({
  put: { ...blockedAddressKey(hashOf(email)), entity: 'blocked-address', blockedAt: at },
});

/** Who sends a form himself wants to be known again. */
const ownWill: readonly string[] = ['form', 'survey'];

/** The check that an address which a record gets is not blocked. */
export const notBlockedSteps = (email: string | null | undefined, actorKind: string): Step[] =>
  !email || ownWill.includes(actorKind)
    ? []
    : [
        {
          write: { check: blockedAddressKey(hashOf(email)), when: absent },
          refused: () =>
            new CrmError('VALIDATION_ERROR', 'The contact with this e-mail address was erased on request', {
              subCategory: 'EMAIL_BLOCKLISTED',
              context: { propertyName: ['email'] },
            }),
        },
      ];
