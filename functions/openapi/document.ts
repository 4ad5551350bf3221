import { handle } from '../../lib/core/handle.ts';
import { openApiDocument } from '../../lib/core/openapi.ts';
import { operations } from '../operations.ts';
import { openapi } from './operations.ts';

export const handler = handle(openapi.document, async ({ request }) => openApiDocument(operations, request.origin));
