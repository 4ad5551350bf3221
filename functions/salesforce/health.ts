import { handle } from '../../lib/core/handle.ts';
import { readHealth } from '../../lib/salesforce/health.ts';
import { salesforce } from './operations.ts';

export const handler = handle(salesforce.health, (_, app) => readHealth(app));
