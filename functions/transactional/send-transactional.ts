import { handle } from '../../lib/core/handle.ts';
import { singleSend } from '../../lib/transactional/single-send.ts';
import { transactional } from './operations.ts';

export const handler = handle(transactional.sendTransactional, ({ body }, app) =>
  singleSend(app, body, { marketing: false }),
);
