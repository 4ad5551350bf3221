import * as z from 'zod/mini';
import { CrmError } from '../../core/errors.ts';
import { isAddress } from '../../mail/address.ts';
import { isHtml } from '../../mail/compose.ts';
import { sendFlowMail } from '../../mail/send.ts';
import { listOwners } from '../../owners/store.ts';
import { defineAction, effect } from '../action.ts';
import { htmlText, plain, render } from '../tokens.ts';
import { Flag } from '../values.ts';

const Ids = z._default(z.array(z.union([z.string(), z.number()])), []);
/** SES takes 50 recipients a message. */
const most = 50;

/** Internal e-mail: `{subject, body}` to people, teams, owners of the record (by property), or plain addresses (`to`). */
export const action = defineAction({
  typeId: '0-8',
  name: 'send internal e-mail',
  fields: z
    .object({
      subject: z.string().check(z.minLength(1), z.maxLength(1000)),
      body: z.string().check(z.minLength(1)),
      user_ids: Ids,
      owner_ids: Ids,
      team_ids: Ids,
      owner_properties: z._default(z.array(z.string()), []),
      send_to_owner: Flag,
      to: z._default(z.array(z.string().check(z.refine(isAddress, 'is no e-mail address'))), []),
    })
    .check(
      z.refine(
        ({ user_ids, owner_ids, team_ids, owner_properties, send_to_owner, to }) =>
          send_to_owner ||
          user_ids.length + owner_ids.length + team_ids.length + owner_properties.length + to.length > 0,
        'somebody must get it: to, user_ids, owner_ids, team_ids, owner_properties or send_to_owner',
      ),
    ),
  plan: ({ subject, body, to, user_ids, owner_ids, team_ids, owner_properties, send_to_owner }, facts) => {
    const named = [...owner_properties, ...(send_to_owner ? ['hubspot_owner_id'] : [])].flatMap(
      (name) => facts.enrolled.properties[name] ?? [],
    );
    return effect({
      subject: render(subject, facts),
      body: render(body, facts, isHtml(body) ? htmlText : plain),
      to,
      ownerIds: [...owner_ids.map(String), ...named],
      userIds: user_ids.map(String),
      teamIds: team_ids.map(String),
    });
  },
  run: async ({ subject, body, to, ownerIds, userIds, teamIds }, step) => {
    const people = (await listOwners(step.app)).filter(
      (owner) =>
        !owner.archived &&
        (ownerIds.includes(owner.id) ||
          userIds.includes(String(owner.userId)) ||
          owner.teams.some(({ id }) => teamIds.includes(id))),
    );
    const addresses = [...new Set([...to, ...people.map(({ email }) => email)])];
    if (addresses.length === 0)
      throw new CrmError('VALIDATION_ERROR', 'Nobody who should get the mail is an owner any more');
    if (addresses.length > most)
      throw new CrmError('VALIDATION_ERROR', `A mail goes to at most ${most} people, this one to ${addresses.length}`);
    return sendFlowMail({ to: addresses, subject, body }, step.enrolled, step);
  },
});
