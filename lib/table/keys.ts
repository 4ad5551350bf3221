/** Every key of the single table is built here (the table of items is in README, "The table"). */
export type Key = { readonly pk: string; readonly sk: string };
export type RecordRef = { readonly objectType: string; readonly id: string };

export const recordKey = ({ objectType, id }: RecordRef): Key => ({ pk: `${objectType}#${id}`, sk: 'record' });
/** gsi1: all records of a type by id, the archived ones apart. */
export const typeListing = (objectType: string, archived: boolean) =>
  `type#${objectType}${archived ? '#archived' : ''}`;

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

/** Rises with each change of a type's properties, groups, pipelines or schema: those who change them take turns. */
export const definitionTurnKey = (objectType: string): Key => ({ pk: `definitions#${objectType}`, sk: 'turn' });
export const schemaPartition = 'schema';
export const schemaKey = (objectTypeId: string): Key => ({ pk: schemaPartition, sk: `type#${objectTypeId}` });
/** Draws the numbers of custom types and of their association types. */
export const schemaCounterKey: Key = { pk: schemaPartition, sk: 'counter' };
export const propertyPartition = (objectType: string) => `property#${objectType}`;
export const propertyKey = (objectType: string, name: string): Key => ({
  pk: propertyPartition(objectType),
  sk: `property#${name}`,
});
export const propertyGroupKey = (objectType: string, name: string): Key => ({
  pk: propertyPartition(objectType),
  sk: `group#${name}`,
});
/** Labels of all pairs of object types lie together: there are few, and a label's id alone must find it. */
export const labelPartition = 'label';
export const labelKey = (fromType: string, toType: string, typeId: number): Key => ({
  pk: labelPartition,
  sk: `label#${fromType}#${toType}#${typeId}`,
});
export const pipelinePartition = (objectType: string) => `pipeline#${objectType}`;
export const pipelineKey = (objectType: string, id: string): Key => ({
  pk: pipelinePartition(objectType),
  sk: `pipeline#${id}`,
});
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
export const submissionKey = (formId: string, submissionId: string): Key => ({
  pk: `submission#${formId}#${submissionId}`,
  sk: 'submission',
});
/** Lies while a submission of the same content counts as the same one. */
export const submissionMarkKey = (formId: string, hash: string): Key => ({
  pk: `submission#${formId}#${hash}`,
  sk: 'mark',
});
/** gsi1: the submissions of a form by time. */
export const submissionListing = (formId: string) => `submissions#${formId}`;
export const rateKey = (scope: string, window: string): Key => ({ pk: `rate#${scope}`, sk: window });

export const flowPartition = 'flow';
/**
 * A flow lies in three places, written together: by id here (GET, and the stamp that each step checks), without its actions under
 * `flow` for the listing, and, while it is enabled, under `listen#{object type}`, where enrolment finds it with one query.
 */
export const flowKey = (id: string): Key => ({ pk: `flow#${id}`, sk: 'definition' });
export const flowListingKey = (id: string): Key => ({ pk: flowPartition, sk: `flow#${id}` });
export const flowListenerPartition = (objectType: string) => `listen#${objectType}`;
export const flowListenerKey = (objectType: string, id: string): Key => ({
  pk: flowListenerPartition(objectType),
  sk: `flow#${id}`,
});
/** Each revision for itself, never changed: a run ends with the one that it began with. */
export const flowRevisionKey = (id: string, revisionId: string): Key => ({
  pk: `flow#${id}`,
  sk: `revision#${revisionId.padStart(10, '0')}`,
});
export const runPartition = (flowId: string) => `flow#${flowId}`;
export const runPrefix = 'run#';
export const runKey = (flowId: string, runId: string): Key => ({
  pk: runPartition(flowId),
  sk: `${runPrefix}${runId}`,
});
/** gsi1: the runs of a flow in one status, by run id. */
export const runStatusListing = (flowId: string, status: string) => `runs#${flowId}#${status}`;
/** Left by the first enrolment of a record; without re-enrolment it is the only one. */
export const enrolledKey = (flowId: string, { objectType, id }: RecordRef): Key => ({
  pk: `flow#${flowId}`,
  sk: `enrolled#${objectType}#${id}`,
});
export const runStepKey = (flowId: string, runId: string, step: string): Key => ({
  pk: runStepPartition(flowId, runId),
  sk: `step#${step}`,
});
export const runStepPartition = (flowId: string, runId: string) => `run#${flowId}#${runId}`;
export const rotationKey = (flowId: string, actionId: string): Key => ({
  pk: `flow#${flowId}`,
  sk: `rotation#${actionId}`,
});
export const deliveryKey = (channel: string, id: string): Key => ({ pk: `delivery#${channel}`, sk: `delivery#${id}` });
/** gsi1: the deliveries of a channel by time. */
export const deliveryListing = (channel: string) => `deliveries#${channel}`;
export const messageKey = (id: string): Key => ({ pk: `message#${id}`, sk: 'message' });
/** What SES told about a message, once each. */
export const messageEventKey = (id: string, sesEventId: string): Key => ({
  pk: `message#${id}`,
  sk: `told#${sesEventId}`,
});

/** Due work, in buckets of a minute (`2026-11-22T04:30`) and a few shards, so that no bucket is one hot partition. */
export const dueShards = 4;
export const duePartition = (bucket: string) => `due#${bucket}`;
export const dueKey = (bucket: string, id: string): Key => ({ pk: duePartition(bucket), sk: `due#${id}` });
/** Which buckets (`{minute}#{shard}`) hold something, by time: the sweep looks into these and no other. */
export const dueBucketPartition = 'due';
export const dueBucketPrefix = 'bucket#';
export const dueBucketKey = (bucket: string): Key => ({ pk: dueBucketPartition, sk: `${dueBucketPrefix}${bucket}` });

export const countPartition = 'count';
export const countKey = (objectType: string): Key => ({ pk: countPartition, sk: objectType });

/** Surveys are few and lie together, to be listed with one query. */
export const surveyPartition = 'survey';
export const surveyPrefix = 'survey#';
export const surveyKey = (id: string): Key => ({ pk: surveyPartition, sk: `${surveyPrefix}${id}` });
/** What a contact answered to one invitation: with the contact, so that no survey makes one hot partition. */
export const surveyAnswerKey = (contactId: string, surveyId: string, sendId: string): Key => ({
  pk: `0-1#${contactId}`,
  sk: `answer#${surveyId}#${sendId}`,
});
/** gsi1: the answers of a survey by the time of the first answer. */
export const surveyAnswerListing = (surveyId: string) => `answers#${surveyId}`;
/** The counts of a survey, one row for each day in Asia/Tokyo. */
export const surveyResultPartition = (surveyId: string) => `survey#${surveyId}`;
const surveyResultPrefix = 'result#';
export const surveyResultKey = (surveyId: string, day: string): Key => ({
  pk: surveyResultPartition(surveyId),
  sk: `${surveyResultPrefix}${day}`,
});

export const jobKey = (id: string): Key => ({ pk: `job#${id}`, sk: 'job' });
/** gsi1: all jobs by id. */
export const jobListing = 'jobs';

/** The Salesforce sync's own small items: settings, mappings, where it stands, who runs it, its runs. */
export const salesforcePartition = 'salesforce';
export const salesforceKey = (what: 'settings' | 'mappings' | 'state' | 'lease' | 'reread'): Key => ({
  pk: salesforcePartition,
  sk: what,
});
export const salesforceRunPrefix = 'run#';
export const salesforceRunKey = (runId: string): Key => ({
  pk: salesforcePartition,
  sk: `${salesforceRunPrefix}${runId}`,
});
/** The pair of a Salesforce record and one of ours lies under Salesforce's id; the twin in the record's partition names it. */
export const salesforceLinkKey = (salesforceId: string): Key => ({ pk: `sflink#${salesforceId}`, sk: 'link' });
export const salesforceTwinKey = (record: RecordRef): Key => ({
  pk: `${record.objectType}#${record.id}`,
  sk: 'salesforce',
});
/** Records that are to be looked at by the next run, in shards, so that no partition is hot. */
export const salesforceShards = 8;
export const salesforceDirtyPartition = (shard: number) => `sfdirty#${shard}`;
/** Ids end in 13 bits of chance. */
export const salesforceDirtyKey = ({ objectType, id }: RecordRef): Key => ({
  pk: salesforceDirtyPartition(Number(id.slice(-4)) % salesforceShards),
  sk: `${objectType}#${id}`,
});
/** Contacts of Salesforce that were linked a moment ago: their roles on opportunities are to be looked at. Sharded, too. */
export const salesforceRolesPartition = (shard: number) => `sfroles#${shard}`;
export const salesforceRolesKey = (contactId: string): Key => ({
  pk: salesforceRolesPartition(
    [...contactId].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % salesforceShards,
  ),
  sk: contactId,
});
/** What was refused, one row for each record. gsi1: the rows of a category by the time of their next try. */
export const salesforceErrorKey = (id: string): Key => ({ pk: `sferror#${id}`, sk: 'error' });
export const salesforceErrorListing = (category: string) => `sferrors#${category}`;
export const campaignPartition = 'campaign';
export const campaignPrefix = 'campaign#';
export const campaignKey = (id: string): Key => ({ pk: campaignPartition, sk: `${campaignPrefix}${id}` });

export const sendPartition = (sendId: string) => `send#${sendId}`;
export const sendKey = (sendId: string): Key => ({ pk: sendPartition(sendId), sk: 'send' });
/** gsi1: all sends by the time of their making. */
export const sendListing = 'sends';
/** The totals of a send, spread over a few rows that only together mean something. */
export const sendCountShards = 8;
export const sendCountPrefix = 'count#';
export const sendCountKey = (sendId: string, shard: number): Key => ({
  pk: sendPartition(sendId),
  sk: `${sendCountPrefix}${shard}`,
});
/** The ledger row of one mail to one contact lies with the contact: no send makes one hot partition. */
export const recipientPrefix = 'mail#';
export const recipientKey = (contactId: string, sendId: string): Key => ({
  pk: `0-1#${contactId}`,
  sk: `${recipientPrefix}${sendId}`,
});
/** gsi1: the ledger rows of a send that are listed under one state, by contact id. */
export const recipientListing = (sendId: string, state: string) => `send#${sendId}#${state}`;
/** What SES told about a mail of a send, once each. */
export const recipientEventKey = (contactId: string, sendId: string, sesEventId: string): Key => ({
  pk: `0-1#${contactId}`,
  sk: `mail-told#${sendId}#${sesEventId}`,
});
/** When the next mail may go to SES. */
export const paceKey: Key = { pk: 'pace#ses', sk: 'pace' };

/** What an address wants to get, and whether mail to it arrives: by the normalised address, whoever has it. */
export const subscriptionKey = (email: string): Key => ({ pk: `subscription#${email}`, sk: 'subscription' });
export const suppressionKey = (email: string): Key => ({ pk: `suppression#${email}`, sk: 'suppression' });
export const reportPartition = 'report';
export const reportKey = (id: string): Key => ({ pk: reportPartition, sk: `report#${id}` });
/** The reports of an object type, as the projector reads them with one query. */
export const reportListenerPartition = (objectType: string) => `report-listeners#${objectType}`;
export const reportListenerKey = (objectType: string, id: string): Key => ({
  pk: reportListenerPartition(objectType),
  sk: `report#${id}`,
});
/** The counters of a report; `counterId` is `{report}.{generation}`. The cells of a range of dates are one range of keys. */
export const counterPartition = (counterId: string) => `report#${counterId}`;
export const counterPrefix = 'cell#';
export const counterKey = (counterId: string, cell: string): Key => ({
  pk: counterPartition(counterId),
  sk: `${counterPrefix}${cell}`,
});
/** What a record adds to a report: with the record, so that no report makes one hot partition. */
export const contributionKey = ({ objectType, id }: RecordRef, counterId: string): Key => ({
  pk: `${objectType}#${id}`,
  sk: `report#${counterId}`,
});
/** gsi1: the contributions to a cell by record id; without a cell: those that count nowhere. */
export const contributionListing = (counterId: string, cell?: string) =>
  cell === undefined ? `report#${counterId}#none` : `report#${counterId}#cell#${cell}`;
export const dashboardPartition = 'dashboard';
export const dashboardKey = (id: string): Key => ({ pk: dashboardPartition, sk: `dashboard#${id}` });
