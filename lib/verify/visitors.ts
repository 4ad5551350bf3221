import { trackingStateKey, visitorKey, visitorLinkKey } from '../table/tracking-keys.ts';
import { VisitorLink } from '../tracking/link.ts';
import { Visitor } from '../tracking/visitor.ts';
import { type Check, itemsAt, nameOf, type Problem, type Stored } from './check.ts';

const check = 'visitor';

const linkOf = ({ contactId = '', hutk, linkId = '' }: Visitor) => visitorLinkKey(contactId, hutk, linkId);

/** A visitor that is a contact's has its link there, which is open. */
const visitors: Check = {
  entity: 'visitor',
  examine: async (app, items) => {
    const linked = items.map((item) => Visitor.parse(item)).filter(({ contactId }) => contactId !== undefined);
    const links = await itemsAt(app, linked.map(linkOf));
    return linked.flatMap((visitor): Problem[] => {
      const link = links.get(nameOf(linkOf(visitor)));
      if (link && VisitorLink.parse(link).until === undefined) return [];
      return [{ check, key: nameOf(trackingStateKey(visitor.contactId ?? '')), what: 'does not know of its visitor' }];
    });
  },
};

/** An open link has its visitor, which says the same. */
const links: Check = {
  entity: 'visitor-link',
  examine: async (app, items) => {
    const open = items.filter(({ until }) => until === undefined);
    const keyOf = (item: Stored) => visitorKey(VisitorLink.parse(item).hutk);
    const found = await itemsAt(app, open.map(keyOf));
    return open.flatMap((item): Problem[] => {
      const visitor = found.get(nameOf(keyOf(item)));
      if (visitor?.linkId === item.linkId) return [];
      return [{ check, key: nameOf({ pk: item.pk, sk: 'visitor link' }), what: 'its visitor is not its own' }];
    });
  },
};

export const visitorChecks: readonly Check[] = [visitors, links];
