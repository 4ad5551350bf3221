import { handle } from '../../lib/core/handle.ts';
import { readSettings } from '../../lib/salesforce/settings.ts';
import { salesforce } from './operations.ts';

export const handler = handle(salesforce.getSettings, (_, app) => readSettings(app));
