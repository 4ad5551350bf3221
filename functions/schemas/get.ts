import { handle } from '../../lib/core/handle.ts';
import { readSchema } from '../../lib/schemas/store.ts';
import { schemas } from './operations.ts';

export const handler = handle(schemas.get, ({ path, query }, app) => readSchema(app, path.objectType, query));
