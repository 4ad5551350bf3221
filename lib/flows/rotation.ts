import type { Owner } from '../owners/store.ts';

/** Who takes turns, as a definition names them. */
export type Among = {
  readonly owner_ids: readonly string[];
  readonly user_ids: readonly string[];
  readonly team_ids: readonly string[];
};

/** Those who take turns, in a fixed order: people as they are named, then members of teams by id. Each once; archived ones too. */
export function candidatesOf(owners: readonly Owner[], { owner_ids, user_ids, team_ids }: Among): Owner[] {
  const named = [
    ...owner_ids.flatMap((id) => owners.find((owner) => owner.id === id) ?? []),
    ...user_ids.flatMap((id) => owners.find((owner) => String(owner.userId) === id) ?? []),
    ...team_ids.flatMap((id) => owners.filter((owner) => owner.teams.some((team) => team.id === id)).sort(byId)),
  ];
  return [...new Map(named.map((owner) => [owner.id, owner])).values()];
}

const byId = (one: Owner, other: Owner) => (one.id < other.id ? -1 : 1);

/** The first after the one who was taken last who is not archived. The order goes round. */
export function nextInTurn(candidates: readonly Owner[], lastId: string | undefined): Owner | undefined {
  const last = candidates.findIndex(({ id }) => id === lastId);
  const order = [...candidates.slice(last + 1), ...candidates.slice(0, last + 1)];
  return order.find(({ archived }) => !archived);
}
