import { MailHits, momentsFor, momentsNow } from '../engagement/mail-hits.ts';
import { Surveys } from '../sends/advertisers.ts';
import { Recipient } from '../sends/recipient.ts';
import { recipientKey } from '../table/keys.ts';
import { advertiserSurveysKey, mailHitsKey } from '../table/send-keys.ts';
import { type Check, itemsAt, nameOf, type Problem } from './check.ts';

const check = 'mail';

/** A ledger row says of openings and clicks what the hits of its mail come to. */
const hits: Check = {
  entity: 'mail-hits',
  examine: async (app, items) => {
    const stored = items.map((item) => MailHits.parse(item));
    const rows = await itemsAt(
      app,
      stored.map(({ contactId, sendId }) => recipientKey(contactId, sendId)),
    );
    return stored.flatMap((each): Problem[] => {
      const item = rows.get(nameOf(recipientKey(each.contactId, each.sendId)));
      const key = nameOf(mailHitsKey(each.contactId, each.sendId));
      if (!item) return [{ check, key, what: 'belongs to no ledger row' }];
      const row = Recipient.parse(item);
      const should = momentsFor(row, each, momentsNow(each, row.deliveredAt));
      const wrong = (['openedAt', 'clickedAt', 'scannedAt'] as const).filter((name) => row[name] !== should[name]);
      return wrong.map((name) => ({ check, key, what: `${name} of the ledger row is not what the hits come to` }));
    });
  },
};

/** What is counted for an advertiser stands in the ledger. */
const surveys: Check = {
  entity: 'advertiser-surveys',
  examine: async (app, items) => {
    const stored = items.map((item) => Surveys.parse(item));
    const keyOf = ({ contactId, sendId }: Surveys['marks'][number]) => recipientKey(contactId, sendId);
    const rows = await itemsAt(
      app,
      stored.flatMap(({ marks }) => marks.map(keyOf)),
    );
    return stored.flatMap(({ advertiserId, marks }) =>
      marks
        .filter((mark) => !rows.has(nameOf(keyOf(mark))))
        .map(() => ({
          check,
          key: nameOf(advertiserSurveysKey(advertiserId)),
          what: 'counts a mail of no ledger row',
        })),
    );
  },
};

export const mailChecks: readonly Check[] = [hits, surveys];
