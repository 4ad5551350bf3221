import { accountDetails } from '../../lib/account/details.ts';
import { handle } from '../../lib/core/handle.ts';
import { account } from './operations.ts';

export const handler = handle(account.details, async ({ request }, { portalId }) =>
  accountDetails(portalId, new URL(request.origin).host),
);
