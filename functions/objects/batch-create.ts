import { handle } from '../../lib/core/handle.ts';
import { toBatchErrors } from '../../lib/objects/batch.ts';
import { batchReply } from '../../lib/objects/batch-answer.ts';
import { createRecords } from '../../lib/objects/batch-create.ts';
import { loadObjectType } from '../../lib/objects/definition-store.ts';
import { fullRecord } from '../../lib/objects/public-record.ts';
import { objects } from './operations.ts';

export const handler = handle(objects.batchCreate, async ({ path, body: { inputs } }, app) => {
  const startedAt = app.now();
  const { objectTypeId } = await loadObjectType(app, path.objectType);
  const { records, errors } = await createRecords(app, objectTypeId, inputs);
  const results = records.flatMap((record, position) =>
    record ? [{ ...fullRecord(record), objectWriteTraceId: inputs[position]?.objectWriteTraceId }] : [],
  );
  return batchReply(app, 201, { startedAt, results, errors: toBatchErrors(inputs, errors) });
});
