import { pairOf, specNamed } from '../../lib/associations/public.ts';
import { associate } from '../../lib/associations/store.ts';
import { handle } from '../../lib/core/handle.ts';
import { requireRecord } from '../../lib/objects/not-found.ts';
import { showRecord } from '../../lib/objects/public-record.ts';
import { readRecord } from '../../lib/objects/read-store.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.setNamed, async ({ path, request }, app) => {
  const { from, to } = await pairOf(app, path);
  const type = await specNamed(
    app,
    { fromObjectType: from.objectType, toObjectType: to.objectType },
    path.associationType,
  );
  await associate(app, from, to, [type]);
  const record = requireRecord(await readRecord(app, from.objectType, from), from);
  return showRecord(app, record, { associations: [to.objectType] }, request.origin);
});
