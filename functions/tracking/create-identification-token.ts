import { handle } from '../../lib/core/handle.ts';
import { identificationToken } from '../../lib/tracking/identification.ts';
import { tracking } from './operations.ts';

export const handler = handle(tracking.createIdentificationToken, async ({ body }, app) => ({
  token: await identificationToken(app, body),
}));
