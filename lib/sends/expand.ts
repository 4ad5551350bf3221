import * as z from 'zod/mini';
import { send as enqueue } from '../aws/queue.ts';
import type { App } from '../core/app.ts';
import { defineJob } from '../jobs/kind.ts';
import { attributes } from '../table/conditions.ts';
import { sendKey } from '../table/keys.ts';
import { AudiencePlace, audiencePage } from './audience.ts';
import { contentOf } from './content.ts';
import { dispatchOf } from './control.ts';
import { followUpAt } from './dispatch.ts';
import { enlist } from './enlist.ts';
import type { Exclusion } from './exclusion-reasons.ts';
import { noteExcluded } from './exclusions.ts';
import { countWrite, totalsOf } from './ledger.ts';
import { sumOf } from './recipient.ts';
import type { Send } from './schema.ts';
import { screen } from './screen.ts';
import { readSend } from './send-store.ts';
import { mailSettings } from './settings.ts';
import { mayGoAt } from './working-hours.ts';

const contactsPerSlice = 200;

/** Where it stands; how many mails it has brought on their way, and the first moment at which one of the others may go. */
const Cursor = z.extend(AudiencePlace, { brought: z.optional(z.number()), soonest: z.optional(z.string()) });
type Cursor = z.output<typeof Cursor>;

/**
 * Turns the audience into recipients: a ledger row for each, then a message to the workers for each whose time has come. A slice that is
 * repeated finds its rows there and sends their messages again; the rows see to it that each mail goes out once.
 */
export const expandSend = defineJob({
  kind: 'send-expand',
  input: z.object({ sendId: z.string() }),
  cursor: Cursor,
  slice: async (app, { input, cursor = { source: 0 } }) => {
    const send = await readSend(app, input.sendId);
    if (send.status === 'CANCELLED') return { done: true, processed: 0, also: (await dispatchOf(app, send)).writes };
    const page = await audiencePage(app, send, cursor, contactsPerSlice);
    const content = await contentOf(app, send);
    const { chosen, excluded } = await screen(app, { send, content }, page.contactIds);
    const { waiting, refused } = await enlist(app, send, page.source, chosen);
    const { due, soonest } = await parted(app, send, waiting);
    await enqueue(
      'bulk-mail',
      due.map(({ contactId }) => ({ sendId: send.id, contactId })),
    );
    await noteExcluded(app, send.id, [...excluded, ...refused], 'EXPANSION');
    const counts = countsOf([...excluded, ...refused].map(({ reason }) => reason));
    const also = Object.keys(counts).length > 0 ? [countWrite(send.id, counts)] : [];
    const slice = { processed: page.contactIds.length, counts: { recipients: waiting.length, ...counts } };
    const sofar = { brought: (cursor.brought ?? 0) + due.length, ...earliest(cursor.soonest, soonest) };
    if (page.next) return { ...slice, done: false, cursor: { ...page.next, ...sofar }, also };
    return { ...slice, done: true, also: [...also, ...(await afterAll(app, send, sofar))] };
  },
});

const countsOf = (reasons: readonly Exclusion[]) =>
  sumOf(reasons.map((reason) => ({ [reason]: 1 }))) as Record<string, number>;

function earliest(one: string | undefined, other: string | undefined): Pick<Cursor, 'soonest'> {
  const soonest = [one, other].filter((each) => each !== undefined).toSorted()[0];
  return soonest === undefined ? {} : { soonest };
}

type Waiting = { readonly contactId: string; readonly zone?: string; readonly notBefore?: string };

/** Who may be written to now; the others wait in the ledger. */
async function parted(app: App, send: Send, waiting: readonly Waiting[]) {
  const closedOn = new Set(send.businessHours ? (await mailSettings(app)).businessHours.closedOn : []);
  const now = Date.parse(app.now());
  const times = waiting.map((person) => ({ person, at: mayGoAt(send, person, { now, closedOn }) }));
  const later = times.filter(({ at }) => at > now).map(({ at }) => at);
  return {
    due: times.flatMap(({ person, at }) => (at > now ? [] : [person])),
    soonest: later.length === 0 ? undefined : new Date(Math.min(...later)).toISOString(),
  };
}

/** All are recipients; who waits for a later time, and what is left behind (a lost message, a worker that died), is looked after. */
async function afterAll(app: App, send: Send, { brought = 0, soonest }: Pick<Cursor, 'brought' | 'soonest'>) {
  const at = followUpAt(app.now(), await totalsOf(app, send.id), { brought, soonest });
  const { writes } = await dispatchOf(app, send, at);
  return [{ update: sendKey(send.id), set: { expandedAt: app.now() }, when: attributes({ id: send.id }) }, ...writes];
}
