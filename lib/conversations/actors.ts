import type * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { toBatchError } from '../objects/batch-answer.ts';
import { CrmRecord } from '../objects/record.ts';
import type { BatchError } from '../objects/schema.ts';
import { inParallel } from '../table/in-parallel.ts';
import { recordKey } from '../table/keys.ts';
import { findUser } from '../users/store.ts';
import type { PublicActor } from './public-schema.ts';

type Actor = z.output<typeof PublicActor>;

/**
 * Who takes part, by HubSpot's ids: `A-` and a user's id, `V-` and a contact's, `E-` and an address that nobody has, `I-` and a token's,
 * `S-` for the system. Undefined for a user or contact that is not there.
 */
export async function findActor(app: App, id: string): Promise<Actor | undefined> {
  const [, kind = '', rest = ''] = /^([AVEIS])-(.{1,300})$/s.exec(id) ?? [];
  switch (kind) {
    case 'A':
      return agent(app, id, rest);
    case 'V':
      return visitor(app, id, rest);
    case 'E':
      return { id, type: 'EMAIL', name: rest, email: rest };
    case 'I':
      return { id, type: 'INTEGRATION', name: `Integration ${rest}` };
    case 'S':
      return { id, type: 'SYSTEM', name: 'Tsunagi' };
    default:
      return undefined;
  }
}

async function agent(app: App, id: string, userId: string): Promise<Actor | undefined> {
  const user = await findUser(app, userId);
  if (!user) return undefined;
  return { id, type: 'AGENT', name: `${user.lastName} ${user.firstName}`.trim() || user.email, email: user.email };
}

async function visitor(app: App, id: string, contactId: string): Promise<Actor | undefined> {
  const contact = await app.table.get(recordKey({ objectType: '0-1', id: contactId }), CrmRecord);
  if (!contact) return undefined;
  const { lastname = '', firstname = '', email } = contact.properties;
  return { id, type: 'VISITOR', name: `${lastname} ${firstname}`.trim() || (email ?? ''), ...(email && { email }) };
}

const atOnce = 10;

/** The actors of ids, each once, and the ids that nobody has. */
export async function findActors(app: App, ids: readonly string[]) {
  const distinct = [...new Set(ids)];
  const found = await inParallel(distinct, atOnce, (id) => findActor(app, id));
  return {
    results: found.filter((actor) => actor !== undefined),
    missing: distinct.filter((_, position) => found[position] === undefined),
  };
}

/** The errors of a batch for ids that nobody has. */
export const unknownActors = (ids: readonly string[]): BatchError[] =>
  ids.map((id) => toBatchError(new CrmError('OBJECT_NOT_FOUND', `No actor with ID ${id} exists`), { ids: [id] }));

/** An agent that a body names. @throws CrmError 400 */
export async function requireAgent(app: App, id: string, field: string): Promise<Actor> {
  const actor = id.startsWith('A-') ? await findActor(app, id) : undefined;
  if (actor) return actor;
  throw new CrmError('VALIDATION_ERROR', `${field}: there is no agent ${id}`, { context: { [field]: [id] } });
}

/** Who makes a request, as an actor. */
export const requester = ({ actor: { kind, id } }: App): string =>
  `${kind === 'user' ? 'A' : kind === 'token' ? 'I' : 'S'}-${id}`;
