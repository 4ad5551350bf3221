import { handle } from '../../lib/core/handle.ts';
import { reserveFile } from '../../lib/files/store.ts';
import { imports } from './operations.ts';

export const handler = handle(imports.createFile, ({ body }, app) => reserveFile(app, body));
