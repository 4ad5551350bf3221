import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'vitest';
import { handler as addMembers } from '../../functions/lists/add-members.ts';
import { handler as create } from '../../functions/lists/create.ts';
import { handler as listMembers } from '../../functions/lists/list-members.ts';
import { handler as listMembersByJoin } from '../../functions/lists/list-members-by-join.ts';
import { jobKinds } from '../../lib/jobs/kinds.ts';
import { JobMessage, workOn } from '../../lib/jobs/work.ts';
import { createRecord } from '../../lib/objects/store.ts';
import { call } from './call.ts';
import { bearer, type Database } from './database.ts';

const headers = bearer();
let made = 0;

/** A number that no other call in this file has got. */
const next = (): number => {
  made += 1;
  return made;
};

/** Lists of a test file, their members, and the jobs that work for them. */
export function listsOf(database: () => Database) {
  const sqs = mockClient(SQSClient);
  const waiting: JobMessage[] = [];
  sqs.on(SendMessageBatchCommand).callsFake(({ Entries = [] }: { Entries?: { MessageBody?: string }[] }) => {
    waiting.push(...Entries.map(({ MessageBody = '' }) => JobMessage.parse(JSON.parse(MessageBody))));
    return { Successful: [], Failed: [] };
  });
  const page = async (handler: unknown, listId: string, query: Readonly<Record<string, string>>) => {
    const answer = await call(handler, { headers, path: { listId }, query });
    expect(answer.status, answer.text).toBe(200);
    return answer.body as {
      results: { recordId: string; membershipTimestamp: string }[];
      paging?: { next?: { after: string; link: string }; prev?: { before: string; link: string } };
    };
  };
  return {
    contact: async () => (await createRecord(database().app, '0-1', { email: `list${next()}@example.co.jp` })).id,
    newList: async (body: Readonly<Record<string, unknown>> = {}): Promise<string> => {
      const usual = { name: `リスト${next()}`, objectTypeId: '0-1', processingType: 'MANUAL' };
      const answer = await call(create, { headers, body: { ...usual, ...body } });
      expect(answer.status, answer.text).toBe(200);
      return (answer.body as { list: { listId: string } }).list.listId;
    },
    add: (listId: string, ids: readonly unknown[]) => call(addMembers, { headers, path: { listId }, body: ids }),
    members: (listId: string, query = {}) => page(listMembers, listId, query),
    joined: (listId: string, query = {}) => page(listMembersByJoin, listId, query),
    /** Everything that was announced is worked off. */
    work: async () => {
      for (let message = waiting.shift(); message; message = waiting.shift())
        await workOn(database().app, message, jobKinds);
    },
    announced: waiting,
    restore: () => sqs.restore(),
  };
}
