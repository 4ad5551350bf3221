import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { isEmail, normaliseEmail } from '../objects/email-address.ts';
import { absent, attributes, versionIs } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { ownerKey, ownerPartition, teamPartition, uniqueKey, userCounterKey } from '../table/keys.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import type { Write } from '../table/write.ts';
import { changedUser, newUser, Team, teamIdsOf, User, type UserProvision, type UserUpdate } from './user.ts';

const Holder = z.object({ ownerId: z.string() });
const Counter = z.object({ last: z.number() });
/** Numbers start high enough to have one length for ninety million users, so that text order is number order. */
const firstNumber = 10_000_001;

const emailRow = (email: string) => uniqueKey('user', 'email', email);

/** All users, the archived ones too, by id. */
export const listUsers = ({ table }: App): Promise<User[]> => table.all({ pk: ownerPartition, prefix: 'owner#' }, User);

export const listTeams = ({ table }: App): Promise<Team[]> => table.all({ pk: teamPartition, prefix: 'team#' }, Team);

/** The user with this id, archived or not. */
export const findUser = ({ table }: App, id: string): Promise<User | undefined> => table.get(ownerKey(id), User);

/** The user with this address, archived or not. */
export async function findUserByEmail(app: App, email: string): Promise<User | undefined> {
  const holder = await app.table.get(emailRow(normaliseEmail(email)), Holder);
  return holder && findUser(app, holder.ownerId);
}

export type UserRef = { readonly userId: string; readonly idProperty: 'USER_ID' | 'EMAIL' };

/** The active user. @throws CrmError 404. */
export async function readUser(app: App, { userId, idProperty }: UserRef): Promise<User> {
  const user = await (idProperty === 'EMAIL' ? findUserByEmail(app, userId) : findUser(app, userId));
  if (!user || user.archived)
    throw new CrmError(
      'OBJECT_NOT_FOUND',
      `No user exists with ${idProperty === 'EMAIL' ? 'email' : 'ID'} '${userId}'`,
    );
  return user;
}

/**
 * Adds a user. Somebody who was removed before comes back under the same id, so that what they own is theirs again.
 * @throws CrmError 409 when an active user has the address; 400 for a malformed address or unknown team.
 */
export async function createUser(app: App, input: UserProvision, { superAdmin = false } = {}): Promise<User> {
  const email = normaliseEmail(input.email);
  if (!isEmail(email)) throw invalidEmail(input.email);
  await requireTeams(app, teamIdsOf(input));
  return contend(async () => {
    const former = await findUserByEmail(app, email);
    if (former && !former.archived) throw alreadyExists(former);
    return former
      ? save(app, former, { ...changedUser(former, input, app.now()), archived: false })
      : insert(app, input, superAdmin);
  });
}

function invalidEmail(typed: string): CrmError {
  const message = `Email address ${typed} is invalid`;
  return new CrmError('VALIDATION_ERROR', message, { errors: [{ message, code: 'INVALID_EMAIL', in: 'email' }] });
}

const alreadyExists = ({ id, email }: User) =>
  new CrmError('CONFLICT', `User already exists. Existing ID: ${id}`, { context: { id: [id], email: [email] } });

async function insert(app: App, input: UserProvision, superAdmin: boolean): Promise<User> {
  const counter = await app.table.get(userCounterKey, Counter);
  const number = (counter?.last ?? firstNumber - 1) + 1;
  const user = newUser(input, { id: String(number), now: app.now(), superAdmin });
  await commit(app, [
    { put: { ...userCounterKey, last: number }, when: counter ? attributes({ last: counter.last }) : absent },
    { put: { ...emailRow(user.email), ownerId: user.id }, when: absent },
    { put: { ...ownerKey(user.id), entity: 'user', ...user }, when: absent },
  ]);
  return user;
}

/** Changes names and teams. @throws CrmError 404, or 400 for an unknown team. */
export async function updateUser(app: App, ref: UserRef, input: UserUpdate): Promise<User> {
  await requireTeams(app, teamIdsOf(input));
  return contend(async () => {
    const user = await readUser(app, ref);
    return save(app, user, changedUser(user, input, app.now()));
  });
}

/** Takes a user out of the account; the owner remains as archived. */
export async function archiveUser(app: App, ref: UserRef): Promise<void> {
  await contend(async () => {
    const user = await readUser(app, ref);
    await save(app, user, { ...user, archived: true, updatedAt: app.now(), version: user.version + 1 });
  });
}

async function save(app: App, before: User, after: User): Promise<User> {
  await commit(app, [{ put: { ...ownerKey(after.id), entity: 'user', ...after }, when: versionIs(before.version) }]);
  return after;
}

/** A condition that does not hold means that somebody else wrote first. */
const commit = ({ table }: App, writes: readonly Write[]): Promise<void> => commitOrThrow(table, writes.map(orStale));

async function requireTeams(app: App, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const known = new Set((await listTeams(app)).map(({ id }) => id));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length === 0) return;
  throw new CrmError('VALIDATION_ERROR', `Unknown team ids: ${unknown.join(', ')}`, {
    errors: unknown.map((id) => ({
      message: `No team exists with ID '${id}'`,
      code: 'INVALID_TEAM_ID',
      context: { teamId: [id] },
    })),
  });
}
