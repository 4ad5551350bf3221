import type { App } from '../core/app.ts';
import { findUser, findUserByEmail, listTeams, listUsers } from '../users/store.ts';
import { type Owner, ownerOf } from './owner.ts';

export type { Owner } from './owner.ts';

/** All owners by id, the archived ones too. Two queries. */
export async function listOwners(app: App): Promise<Owner[]> {
  const [users, teams] = await Promise.all([listUsers(app), listTeams(app)]);
  return users.map((user) => ownerOf(user, teams));
}

/** The owner with this id, archived or not. */
export async function readOwner(app: App, id: string): Promise<Owner | undefined> {
  const [user, teams] = await Promise.all([findUser(app, id), listTeams(app)]);
  return user && ownerOf(user, teams);
}

/** The owner with this address, archived or not. */
export async function readOwnerByEmail(app: App, email: string): Promise<Owner | undefined> {
  const [user, teams] = await Promise.all([findUserByEmail(app, email), listTeams(app)]);
  return user && ownerOf(user, teams);
}
