import { CrmError } from '../core/errors.ts';

const usualLimit = 10;
const mostWithHistory = 50;

/** How many records a page has; HubSpot gives at most 50 with their history. @throws CrmError 400 */
export function limitOf({
  limit = usualLimit,
  propertiesWithHistory = [],
}: {
  limit?: number | undefined;
  propertiesWithHistory?: readonly string[] | undefined;
}): number {
  if (propertiesWithHistory.length > 0 && limit > mostWithHistory) {
    throw new CrmError(
      'VALIDATION_ERROR',
      `limit: at most ${mostWithHistory} records are read with propertiesWithHistory`,
      {
        context: { limit: [String(limit)] },
      },
    );
  }
  return limit;
}
