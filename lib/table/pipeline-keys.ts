import { type Key, pipelinePartition } from './keys.ts';

/** What a pipeline and its stages were called until they were renamed, with the pipelines of the type: event ids are ordered by time. */
export const formerLabelsPrefix = 'former-labels#';
export const formerLabelsKey = (objectType: string, eventId: string): Key => ({
  pk: pipelinePartition(objectType),
  sk: `${formerLabelsPrefix}${eventId}`,
});
