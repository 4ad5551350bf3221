/** Every key of the single table is built here (the table of items is in README, "The table"). */
export type Key = { readonly pk: string; readonly sk: string };
export type RecordRef = { readonly objectType: string; readonly id: string };

export const recordKey = ({ objectType, id }: RecordRef): Key => ({ pk: `${objectType}#${id}`, sk: 'record' });
/** gsi1: all records of a type by id, the archived ones apart. */
export const typeListing = (objectType: string, archived: boolean) => `type#${objectType}${archived ? '#archived' : ''}`;

export const eventPrefix = 'event#';
export const eventKey = (record: RecordRef, eventId: string): Key => ({
  pk: `${record.objectType}#${record.id}`,
  sk: `${eventPrefix}${eventId}`,
});
/** gsi1: all events of a UTC day by id. */
export const dayListing = (isoTime: string) => `events#${isoTime.slice(0, 10)}`;

export const associationPrefix = (toObjectType: string) => `assoc#${toObjectType}#`;
export const associationKey = (from: RecordRef, to: RecordRef): Key => ({
  pk: `${from.objectType}#${from.id}`,
  sk: `${associationPrefix(to.objectType)}${to.id}`,
});
export const everyAssociation = 'assoc#';
/** Which record is the primary one of a type for this record; its version serialises those who set it. */
export const primaryKey = (record: RecordRef, toObjectType: string): Key => ({
  pk: `${record.objectType}#${record.id}`,
  sk: `primary#${toObjectType}`,
});
/** Pairs of archived records, kept for the restore. */
export const detachedKey = (from: RecordRef, to: RecordRef): Key => ({
  pk: `${from.objectType}#${from.id}`,
  sk: `detached#${to.objectType}#${to.id}`,
});

export const uniqueKey = (objectType: string, property: string, normalised: string): Key => ({
  pk: `unique#${objectType}#${property}#${normalised}`,
  sk: 'unique',
});
export const indexPartition = (objectType: string, property: string) => `index#${objectType}#${property}`;
export const indexKey = (objectType: string, property: string, ordered: string, id: string): Key => ({
  pk: indexPartition(objectType, property),
  sk: `${ordered}#${id}`,
});

export const schemaPartition = 'schema';
export const schemaKey = (objectTypeId: string): Key => ({ pk: schemaPartition, sk: `type#${objectTypeId}` });
export const propertyPartition = (objectType: string) => `property#${objectType}`;
export const propertyKey = (objectType: string, name: string): Key => ({ pk: propertyPartition(objectType), sk: `property#${name}` });
export const propertyGroupKey = (objectType: string, name: string): Key => ({ pk: propertyPartition(objectType), sk: `group#${name}` });
/** Labels of all pairs of object types lie together: there are few, and a label's id alone must find it. */
export const labelPartition = 'label';
export const labelKey = (fromType: string, toType: string, typeId: number): Key => ({
  pk: labelPartition,
  sk: `label#${fromType}#${toType}#${typeId}`,
});
export const pipelinePartition = (objectType: string) => `pipeline#${objectType}`;
export const pipelineKey = (objectType: string, id: string): Key => ({ pk: pipelinePartition(objectType), sk: `pipeline#${id}` });
export const pipelineAuditPrefix = (pipelineId: string) => `audit#${pipelineId}#`;

export const tokenKey = (hash: string): Key => ({ pk: `token#${hash}`, sk: 'token' });
export const ownerPartition = 'owner';
export const ownerKey = (id: string): Key => ({ pk: ownerPartition, sk: `owner#${id}` });

/** The last user number that was given out. */
export const userCounterKey: Key = { pk: 'owner-counter', sk: 'counter' };
export const teamPartition = 'team';
export const teamKey = (id: string): Key => ({ pk: teamPartition, sk: `team#${id}` });
/** The token rows lie under their hashes; this twin finds them by id and lists them. */
export const tokenListPartition = 'tokens';
export const tokenListKey = (tokenId: string): Key => ({ pk: tokenListPartition, sk: `token#${tokenId}` });
/** What the installation was seeded with, so that a later run does not bring back what was taken away. */
export const seedKey = (what: string): Key => ({ pk: 'seed', sk: what });

export const formPartition = 'form';
export const formKey = (id: string): Key => ({ pk: formPartition, sk: `form#${id}` });
export const submissionKey = (formId: string, submissionId: string): Key => ({ pk: `submission#${formId}#${submissionId}`, sk: 'submission' });
/** Lies while a submission of the same content counts as the same one. */
export const submissionMarkKey = (formId: string, hash: string): Key => ({ pk: `submission#${formId}#${hash}`, sk: 'mark' });
/** gsi1: the submissions of a form by time. */
export const submissionListing = (formId: string) => `submissions#${formId}`;
export const rateKey = (scope: string, window: string): Key => ({ pk: `rate#${scope}`, sk: window });

export const flowPartition = 'flow';
/** The definition lies twice: by id here (read at each step), and under `flow` for the listing. */
export const flowKey = (id: string): Key => ({ pk: `flow#${id}`, sk: 'definition' });
export const runKey = (flowId: string, runId: string): Key => ({ pk: `flow#${flowId}`, sk: `run#${runId}` });
export const runStepKey = (flowId: string, runId: string, step: string): Key => ({ pk: `run#${flowId}#${runId}`, sk: `step#${step}` });
export const runStepPartition = (flowId: string, runId: string) => `run#${flowId}#${runId}`;
export const rotationKey = (flowId: string, actionId: string): Key => ({ pk: `flow#${flowId}`, sk: `rotation#${actionId}` });
export const deliveryKey = (channel: string, id: string): Key => ({ pk: `delivery#${channel}`, sk: `delivery#${id}` });
export const messageKey = (id: string): Key => ({ pk: `message#${id}`, sk: 'message' });

/** Due work, in buckets of a minute (`2026-11-22T04:30`) and a few shards, so that no bucket is one hot partition. */
export const dueShards = 4;
export const duePartition = (minute: string, shard: number) => `due#${minute}#${shard}`;
export const dueKey = (minute: string, shard: number, id: string): Key => ({ pk: duePartition(minute, shard), sk: `due#${id}` });
export const sweepKey: Key = { pk: 'due', sk: 'watermark' };

export const countPartition = 'count';
export const countKey = (objectType: string): Key => ({ pk: countPartition, sk: objectType });
