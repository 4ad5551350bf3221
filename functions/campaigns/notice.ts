import { noticeClosing } from '../../lib/campaigns/after-event.ts';
import { subscribe } from '../../lib/core/consume.ts';
import { campaignsWorkers } from './operations.ts';

export const handler = subscribe(campaignsWorkers.notice.id, (event, app) => noticeClosing(app, event));
