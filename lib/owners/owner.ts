import * as z from 'zod/mini';
import type { Team, User } from '../users/user.ts';

const OwnerTeam = z.object({ id: z.string(), name: z.string(), primary: z.boolean() });

/** HubSpot's owner body. `userId` is absent for somebody who is no user any more; `userIdIncludingInactive` stays. */
export const PublicOwner = z.object({
  id: z.string(),
  email: z.string(),
  type: z.literal('PERSON'),
  firstName: z.string(),
  lastName: z.string(),
  userId: z.optional(z.number()),
  userIdIncludingInactive: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
  archived: z.boolean(),
  teams: z.optional(z.array(OwnerTeam)),
});
export type PublicOwner = z.output<typeof PublicOwner>;

/** Who a record may belong to. */
export type Owner = {
  readonly id: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly userId: number;
  readonly archived: boolean;
  readonly teams: readonly z.output<typeof OwnerTeam>[];
  readonly createdAt: string;
  readonly updatedAt: string;
};

export function ownerOf(user: User, teams: readonly Team[]): Owner {
  const { id, email, firstName, lastName, archived, createdAt, updatedAt } = user;
  const mine = teams.filter((team) => team.id === user.primaryTeamId || user.secondaryTeamIds.includes(team.id));
  return {
    id,
    email,
    firstName,
    lastName,
    userId: Number(id),
    archived,
    teams: mine.map((team) => ({ ...team, primary: team.id === user.primaryTeamId })),
    createdAt,
    updatedAt,
  };
}

export function toPublicOwner({ userId, teams, ...owner }: Owner): z.input<typeof PublicOwner> {
  return {
    ...owner,
    type: 'PERSON',
    ...(!owner.archived && { userId }),
    userIdIncludingInactive: userId,
    ...(teams.length > 0 && { teams: [...teams] }),
  };
}
