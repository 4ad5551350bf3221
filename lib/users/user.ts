import * as z from 'zod/mini';
import { normaliseEmail } from '../objects/email-address.ts';

/** A user as stored. A user is an owner: both APIs show the same item, and its id is the owner's id too. */
export const User = z.object({
  id: z.string(),
  email: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  /** Ours: stands in signatures, `{{ owner.phone }}`. */
  phone: z.optional(z.string()),
  primaryTeamId: z.optional(z.string()),
  secondaryTeamIds: z.array(z.string()),
  superAdmin: z.boolean(),
  archived: z.boolean(),
  createdAt: z.string(),
  updatedAt: z.string(),
  version: z.number(),
});
export type User = z.output<typeof User>;

export const Team = z.object({ id: z.string(), name: z.string() });
export type Team = z.output<typeof Team>;

/** HubSpot's user body. Welcome mails are not sent, so the flag is always false. */
export const PublicUser = z.object({
  id: z.string(),
  email: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  phone: z.optional(z.string()),
  primaryTeamId: z.optional(z.string()),
  secondaryTeamIds: z.array(z.string()),
  roleIds: z.array(z.string()),
  sendWelcomeEmail: z.boolean(),
  superAdmin: z.boolean(),
});

const profile = {
  firstName: z.optional(z.string().check(z.maxLength(100))),
  lastName: z.optional(z.string().check(z.maxLength(100))),
  phone: z.optional(z.string().check(z.maxLength(40))),
  primaryTeamId: z.nullish(z.string()),
  secondaryTeamIds: z.nullish(z.array(z.string()).check(z.maxLength(100))),
};

export const UserUpdate = z.object(profile);
export type UserUpdate = z.output<typeof UserUpdate>;

export const UserProvision = z.object({
  email: z.string().check(z.minLength(1), z.maxLength(254)),
  sendWelcomeEmail: z.optional(z.boolean()),
  ...profile,
});
export type UserProvision = z.output<typeof UserProvision>;

export const PublicTeam = z.object({
  id: z.string(),
  name: z.string(),
  userIds: z.array(z.string()),
  secondaryUserIds: z.array(z.string()),
});

/** A user that did not exist before. */
export function newUser(input: UserProvision, at: { id: string; now: string; superAdmin?: boolean }): User {
  return {
    id: at.id,
    email: normaliseEmail(input.email),
    firstName: input.firstName ?? '',
    lastName: input.lastName ?? '',
    ...(input.phone && { phone: input.phone }),
    ...(input.primaryTeamId && { primaryTeamId: input.primaryTeamId }),
    secondaryTeamIds: input.secondaryTeamIds ?? [],
    superAdmin: at.superAdmin ?? false,
    archived: false,
    createdAt: at.now,
    updatedAt: at.now,
    version: 1,
  };
}

/** The user after the change: what the input leaves out stays, `null` takes a team away. */
export function changedUser(user: User, input: UserUpdate, now: string): User {
  const { primaryTeamId = user.primaryTeamId, secondaryTeamIds = user.secondaryTeamIds } = input;
  const { primaryTeamId: _, ...rest } = user;
  return {
    ...rest,
    firstName: input.firstName ?? user.firstName,
    lastName: input.lastName ?? user.lastName,
    ...(input.phone !== undefined && { phone: input.phone }),
    ...(primaryTeamId && { primaryTeamId }),
    secondaryTeamIds: secondaryTeamIds ?? [],
    updatedAt: now,
    version: user.version + 1,
  };
}

export const teamIdsOf = (input: UserUpdate): string[] => [
  ...(input.primaryTeamId ? [input.primaryTeamId] : []),
  ...(input.secondaryTeamIds ?? []),
];

export const toPublicUser = (user: User): z.input<typeof PublicUser> => ({
  ...user,
  roleIds: [],
  sendWelcomeEmail: false,
});

/** The teams with who is in each, in HubSpot's shape. */
export const toPublicTeams = (teams: readonly Team[], users: readonly User[]): z.input<typeof PublicTeam>[] =>
  teams.map(({ id, name }) => ({
    id,
    name,
    userIds: users.filter((user) => user.primaryTeamId === id).map((user) => user.id),
    secondaryUserIds: users.filter((user) => user.secondaryTeamIds.includes(id)).map((user) => user.id),
  }));
