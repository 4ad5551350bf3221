import { handle } from '../../lib/core/handle.ts';
import { saveMailSetting } from '../../lib/sends/settings.ts';
import { sends } from './operations.ts';

export const handler = handle(sends.setFatiguePolicy, async ({ body }, app) => {
  await saveMailSetting(app, 'fatigue', body);
  return body;
});
