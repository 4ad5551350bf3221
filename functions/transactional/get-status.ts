import { handle } from '../../lib/core/handle.ts';
import { readStatus } from '../../lib/transactional/status.ts';
import { transactional } from './operations.ts';

export const handler = handle(transactional.getStatus, ({ path }, app) => readStatus(app, path.statusId));
