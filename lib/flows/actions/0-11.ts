import * as z from 'zod/mini';
import { CrmError } from '../../core/errors.ts';
import { readRecord } from '../../objects/read-store.ts';
import { updateRecord } from '../../objects/store.ts';
import { listOwners } from '../../owners/store.ts';
import { contend, StaleRead } from '../../table/contention.ts';
import type { RecordRef } from '../../table/keys.ts';
import { PreconditionFailed } from '../../table/once.ts';
import { defineAction, effect, nothing, type Step } from '../action.ts';
import type { Output } from '../facts.ts';
import { type Among, candidatesOf, nextInTurn } from '../rotation.ts';
import { readTurn, turnWrite } from '../rotation-store.ts';
import { Flag, Target, targetNow } from '../values.ts';

const Ids = z._default(z.array(z.union([z.string(), z.number()])), []);

/** Rotate the owner: each run takes the next of the named people and teams who is not archived; each is taken equally often. */
export const action = defineAction({
  typeId: '0-11',
  name: 'rotate owner',
  fields: z
    .object({
      owner_ids: Ids,
      user_ids: Ids,
      team_ids: Ids,
      target_property: z._default(z.string().check(z.minLength(1)), 'hubspot_owner_id'),
      overwrite_current_owner: Flag,
      target: Target,
    })
    .check(
      z.refine(
        ({ owner_ids, user_ids, team_ids }) => owner_ids.length + user_ids.length + team_ids.length > 0,
        'owner_ids, user_ids or team_ids must name somebody',
      ),
    ),
  plan: ({ target, target_property, overwrite_current_owner, owner_ids, user_ids, team_ids }, facts) => {
    const { objectType, id, properties } = targetNow(target, facts);
    const current = properties[target_property];
    if (current && !overwrite_current_owner) return nothing('the record has an owner', { ownerId: current });
    const among = { owner_ids: owner_ids.map(String), user_ids: user_ids.map(String), team_ids: team_ids.map(String) };
    return effect({ objectType, id, property: target_property, overwrite: overwrite_current_owner, among });
  },
  run: (input, step) => contend(() => takeTurn(input, step)),
});

type Input = {
  readonly objectType: string;
  readonly id: string;
  readonly property: string;
  readonly overwrite: boolean;
  readonly among: Among;
};

/** One attempt: the pointer moves and the record changes in one transaction, so a turn is never lost or taken twice. */
async function takeTurn({ objectType, id, property, overwrite, among }: Input, step: Step): Promise<Output> {
  const { app, flowId, actionId, guard, mark } = step;
  const current = overwrite ? undefined : (await readRecord(app, objectType, { id }))?.properties[property];
  if (current) return keepOwner({ objectType, id }, current, step);
  const [owners, turn] = await Promise.all([listOwners(app), readTurn(app, flowId, actionId)]);
  const chosen = nextInTurn(candidatesOf(owners, among), turn.ownerId);
  if (!chosen) throw new CrmError('VALIDATION_ERROR', 'Nobody of those who take turns is an owner any more');
  const output = { objectType, recordId: id, ownerId: chosen.id, ownerEmail: chosen.email };
  try {
    await updateRecord(
      app,
      objectType,
      { id },
      { [property]: chosen.id },
      {
        once: () => mark(output),
        also: () => [...guard, turnWrite(flowId, actionId, turn, chosen.id)],
      },
    );
  } catch (error) {
    if (!(error instanceof PreconditionFailed)) throw error;
    // Either the flow was switched off, or another run took this turn: the pointer tells which.
    const now = await readTurn(app, flowId, actionId);
    throw now.count === turn.count ? error : new StaleRead('Another run took this turn');
  }
  return output;
}

/** The record has an owner: this step's own, which its mark then tells, or one that somebody gave it since. */
async function keepOwner({ objectType, id }: RecordRef, ownerId: string, { app, guard, mark }: Step): Promise<Output> {
  const output = { objectType, recordId: id, ownerId, skipped: 'the record has an owner' };
  await updateRecord(app, objectType, { id }, {}, { once: () => mark(output), also: () => guard });
  return output;
}
