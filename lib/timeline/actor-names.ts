import * as z from 'zod/mini';
import type { Actor } from '../../events/define.ts';
import type { App } from '../core/app.ts';
import { flowListingKey, formKey, type Key, ownerKey, tokenListKey } from '../table/keys.ts';

/** Where the name of who did something lies, for those who have one. */
const keyOf: Partial<Record<Actor['kind'], (id: string) => Key>> = {
  user: ownerKey,
  token: tokenListKey,
  flow: flowListingKey,
  form: formKey,
};

const Named = z.object({
  pk: z.string(),
  sk: z.string(),
  name: z.optional(z.string()),
  firstName: z.optional(z.string()),
  lastName: z.optional(z.string()),
  email: z.optional(z.string()),
});

export type NamedActor = Actor & { readonly label?: string };

/** Adds the names of people, tokens, flows and forms, as they are called now; what is gone stays an id. One read. */
export async function namedActors(app: App, actors: readonly Actor[]): Promise<(actor: Actor) => NamedActor> {
  const keys = new Map(
    actors.flatMap((actor) => {
      const key = keyOf[actor.kind]?.(actor.id);
      return key ? [[nameOf(key), key] as const] : [];
    }),
  );
  const rows = await app.table.getMany([...keys.values()], Named);
  const labels = new Map(rows.map((row) => [nameOf(row), labelOf(row)]));
  return (actor) => {
    const key = keyOf[actor.kind]?.(actor.id);
    const label = key && labels.get(nameOf(key));
    return label ? { ...actor, label } : actor;
  };
}

const nameOf = ({ pk, sk }: Key) => `${pk}\n${sk}`;

/** Family name first, as in Japan. */
const labelOf = ({ name, firstName, lastName, email }: z.output<typeof Named>) =>
  name ?? ([lastName, firstName].filter(Boolean).join(' ') || email);
