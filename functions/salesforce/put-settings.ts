import { handle } from '../../lib/core/handle.ts';
import { connect } from '../../lib/salesforce/setup.ts';
import { salesforce } from './operations.ts';

export const handler = handle(salesforce.putSettings, ({ body }, app) => connect(app, body));
