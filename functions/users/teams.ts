import { handle } from '../../lib/core/handle.ts';
import { listTeams, listUsers } from '../../lib/users/store.ts';
import { toPublicTeams } from '../../lib/users/user.ts';
import { users } from './operations.ts';

export const handler = handle(users.teams, async (_, app) => {
  const [teams, everybody] = await Promise.all([listTeams(app), listUsers(app)]);
  return {
    results: toPublicTeams(
      teams,
      everybody.filter(({ archived }) => !archived),
    ),
  };
});
