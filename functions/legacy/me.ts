import { accountDetails } from '../../lib/account/details.ts';
import { handle } from '../../lib/core/handle.ts';
import { legacy } from './operations.ts';

export const handler = handle(legacy.me, async ({ request }, { portalId }) => {
  const { companyCurrency, ...details } = accountDetails(portalId, new URL(request.origin).host);
  return { ...details, currency: companyCurrency };
});
