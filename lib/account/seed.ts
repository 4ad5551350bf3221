import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { absent } from '../table/conditions.ts';
import { type Key, seedKey, teamKey } from '../table/keys.ts';
import type { Write } from '../table/write.ts';
import { createUser, listUsers } from '../users/store.ts';
import type { User } from '../users/user.ts';
import { newAccessToken } from './access-token.ts';
import { tokenWrites } from './store.ts';

/** The sections of a sales organisation; the names in 【】 of the standard ticket pipelines belong to them. */
const teams = [
  { id: '1001', name: 'CS課' },
  { id: '1002', name: 'メディア課' },
  { id: '1003', name: 'コンサル課' },
  { id: '1004', name: 'サクセス課' },
  { id: '1005', name: '既存営業課' },
  { id: '1006', name: '問合せチーム' },
] as const;

/**
 * Writes the teams, the first user and the access token of a new installation. What was changed or removed since stays so when the
 * seed runs again; a new secret is a new token.
 */
export async function seedAccount(
  app: App,
  { secret, adminEmail }: { secret: string; adminEmail: string },
): Promise<void> {
  await once(app, seedKey('teams'), () =>
    teams.map((team) => ({ put: { ...teamKey(team.id), entity: 'team', ...team } })),
  );
  const admin = await firstUser(app, adminEmail);
  const at = { id: app.newId(), now: app.now(), secret, installedBy: admin.id };
  const token = newAccessToken({ name: 'Installation', scopes: ['*'] }, at);
  await once(app, seedKey(`token#${token.hash}`), () => tokenWrites(token));
}

/** The oldest user; users are archived and never deleted, so none at all means a new installation. */
async function firstUser(app: App, email: string): Promise<User> {
  const [first] = await listUsers(app);
  return first ?? createUser(app, { email, lastName: '管理者' }, { superAdmin: true });
}

/** Makes the writes together with a marker, unless the marker is there. */
async function once({ table, now }: App, key: Key, writes: () => readonly Write[]): Promise<void> {
  if (await table.get(key, z.looseObject({}))) return;
  await table.commit([{ put: { ...key, entity: 'seed', at: now() }, when: absent }, ...writes()]);
}
