import { handle } from '../../lib/core/handle.ts';
import { viewPage } from '../../lib/emails/view.ts';
import { pages } from './operations.ts';

export const handler = handle(pages.showEmail, ({ path }, app) => viewPage(app, path.token));
