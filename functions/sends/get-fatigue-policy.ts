import { handle } from '../../lib/core/handle.ts';
import { mailSettings } from '../../lib/sends/settings.ts';
import { sends } from './operations.ts';

export const handler = handle(sends.getFatiguePolicy, async (_, app) => (await mailSettings(app)).fatigue);
