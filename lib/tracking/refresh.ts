import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { mergedIds } from '../merges/decide.ts';
import { readRecord } from '../objects/read-store.ts';
import type { CrmRecord } from '../objects/record.ts';
import { updateRecord } from '../objects/store.ts';
import { absent, versionIs } from '../table/conditions.ts';
import { contend, StaleRead } from '../table/contention.ts';
import { inParallel } from '../table/in-parallel.ts';
import { PreconditionFailed } from '../table/once.ts';
import { conversionKey, trackingStateKey, visitorKey } from '../table/tracking-keys.ts';
import type { Write } from '../table/write.ts';
import { type Conversion, Conversions, contactValues, oneConversion, sumOf } from './contact-values.ts';
import { linksOf, type VisitorLink } from './link.ts';
import { united, Visitor, Visits, visitsOf } from './visitor.ts';

const contacts = '0-1';
const readsAtOnce = 8;

/** With each contact. `version` is the turn of those who write what its visits come to: whoever read before another wrote, reads anew. */
const State = z.object({
  version: z.number(),
  conversions: z.optional(Conversions),
  /** What the pages of its forms tell of its visits. */
  pages: z.optional(Visits),
  /** The source that we wrote last; another one in the record is somebody's choice. */
  wroteSource: z.optional(z.string()),
});
type State = z.output<typeof State>;

/** A form that the contact sent; told once by its id. */
type NewConversion = Conversion & {
  readonly submissionId: string;
  /** What its page tells of the visit; it counts while no browser of the contact is known. */
  readonly page?: Visits | undefined;
};

/**
 * Writes what a contact's visits and conversions come to now into its properties, those of records merged into it included, as one change with
 * its actor and cause; nothing when they stand there. It may be asked twice, late or by several at once: the last one to look has seen
 * all, and a conversion counts once. A contact that is gone is passed over.
 */
export async function refreshContact(app: App, contactId: string, conversion?: NewConversion): Promise<void> {
  await contend(async () => {
    const of = await readRecord(app, contacts, { id: contactId }, { followMerged: true });
    if (!of) return;
    const state = await findState(app, of.id);
    // Read once more: what was merged since the state was read is seen now, and what comes later takes a turn.
    const contact = await readRecord(app, contacts, { id: of.id });
    if (!contact) throw new StaleRead('The contact was merged or archived meanwhile');
    const history = await historyOf(app, contact);
    const added = conversion && oneConversion(conversion);
    const conversions = sumOf(history.conversions, added);
    const visits = history.visits ?? united([...history.pages, ...(conversion?.page ? [conversion.page] : [])]);
    const values = ({ properties }: CrmRecord) => contactValues(visits, conversions, properties, history.wrote);
    if (!conversion && !differs(contact, values(contact))) return;
    const written = values(contact).hs_analytics_source ?? state?.wroteSource;
    const states = stateWrites({ contact, state, written, conversion });
    try {
      await updateRecord(
        app,
        contacts,
        { id: contact.id },
        {},
        {
          system: values,
          also: () => states,
          ...(conversion && {
            once: () => ({ ...conversionKey(contactId, conversion.submissionId), entity: 'conversion' }),
          }),
        },
      );
    } catch (error) {
      throw error instanceof PreconditionFailed ? new StaleRead('Somebody else wrote the visits') : error;
    }
  });
}

const differs = ({ properties }: CrmRecord, values: Readonly<Record<string, string | null>>) =>
  Object.entries(values).some(([name, value]) => (properties[name] ?? null) !== value);

const findState = (app: App, contactId: string): Promise<State | undefined> =>
  app.table.get(trackingStateKey(contactId), State);

type StateChange = {
  readonly contact: CrmRecord;
  readonly state: State | undefined;
  readonly written: string | null | undefined;
  readonly conversion: NewConversion | undefined;
};

/** The contact's own turn, with what it converted by. */
function stateWrites({ contact, state, written, conversion }: StateChange): Write[] {
  const conversions = sumOf(state?.conversions, conversion && oneConversion(conversion));
  const pages = united([state?.pages ?? [], conversion?.page ?? []].flat());
  const row = {
    ...trackingStateKey(contact.id),
    entity: 'tracking-state',
    version: (state?.version ?? 0) + 1,
    ...(conversions && { conversions }),
    ...(pages && { pages }),
    ...(written && { wroteSource: written }),
  };
  return [{ put: row, when: state ? versionIs(state.version) : absent }];
}

type History = {
  readonly visits: Visits | undefined;
  readonly conversions: Conversions | undefined;
  readonly pages: readonly Visits[];
  /** Sources that we wrote, to the contact or to one that was merged into it. */
  readonly wrote: readonly string[];
};

/** What the browsers of a contact, and of those merged into it, come to; and what they converted by. */
async function historyOf(app: App, contact: CrmRecord): Promise<History> {
  const ids = [contact.id, ...mergedIds(contact)];
  const links = (await inParallel(ids, readsAtOnce, (id) => linksOf(app, id))).flat();
  const states = await app.table.getMany(ids.map(trackingStateKey), State);
  const open = links.filter(({ until }) => until === undefined);
  const visitors = await app.table.getMany(
    open.map(({ hutk }) => visitorKey(hutk)),
    Visitor,
  );
  const own = visitors.filter((visitor) => open.some((link) => isOf(visitor, link)));
  const closed = links.flatMap(({ visits }) => visits ?? []);
  return {
    visits: united([...own.map(visitsOf), ...closed]),
    conversions: states.map(({ conversions }) => conversions).reduce(sumOf, undefined),
    pages: states.flatMap(({ pages }) => pages ?? []),
    wrote: states.flatMap(({ wroteSource }) => wroteSource ?? []),
  };
}

const isOf = ({ hutk, linkId }: Visitor, link: VisitorLink) => hutk === link.hutk && linkId === link.linkId;
