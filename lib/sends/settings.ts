import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { mailSettingKey } from '../table/send-keys.ts';

const Few = z.int().check(z.minimum(1), z.maximum(1000));
const Days = z.int().check(z.minimum(1), z.maximum(365));
const Limit = z.strictObject({ surveys: Few, days: Days });
const Day = z.string().check(z.regex(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, 'must be a day: 2026-12-29'));

/**
 * How much mail people are asked to bear (N5), over every kind of mail. `perPerson`: surveys to a contact in so many days; `perAdvertiser`: to
 * all people of a 広告主ID together; `mailsPerWeek`: mails of any kind to a contact in seven days; `holdWhileTicketOpenIn`: pipelines whose open
 * tickets keep every mail from their contacts. What is absent has no limit.
 */
export const FatiguePolicy = z.strictObject({
  perPerson: z.optional(Limit),
  perAdvertiser: z.optional(Limit),
  mailsPerWeek: z.optional(Few),
  holdWhileTicketOpenIn: z._default(
    z.array(z.string().check(z.minLength(1), z.maxLength(100))).check(z.maxLength(50)),
    [],
  ),
});
export type FatiguePolicy = z.output<typeof FatiguePolicy>;

/** Days on which the company is closed besides weekends and Japan's holidays. */
export const BusinessHours = z.strictObject({ closedOn: z.array(Day).check(z.maxLength(400)) });
export type BusinessHours = z.output<typeof BusinessHours>;

/**
 * The plan by which a new domain earns its name: how many bulk mails go out on each day, from `startOn` on (a day in Japan). After the last
 * day there is no limit but SES's own; an empty plan is none.
 */
export const WarmUp = z.strictObject({
  startOn: Day,
  perDay: z.array(z.int().check(z.minimum(1), z.maximum(10_000_000))).check(z.maxLength(90)),
});
export type WarmUp = z.output<typeof WarmUp>;

const schemas = { fatigue: FatiguePolicy, 'business-hours': BusinessHours, 'warm-up': z.partial(WarmUp) };
const Row = z.looseObject({ sk: z.string(), value: z.unknown() });

export type MailSettings = {
  readonly fatigue: FatiguePolicy;
  readonly businessHours: BusinessHours;
  readonly warmUp: Partial<WarmUp>;
};

/** What people decided about all mail, as it is now; read once in an invocation. */
export async function mailSettings(app: App): Promise<MailSettings> {
  const known = app.memo.get('mail-settings') as Promise<MailSettings> | undefined;
  if (known) return known;
  const reading = readSettings(app);
  app.memo.set('mail-settings', reading);
  reading.catch(() => app.memo.delete('mail-settings'));
  return reading;
}

async function readSettings({ table }: App): Promise<MailSettings> {
  const names = ['fatigue', 'business-hours', 'warm-up'] as const;
  const rows = await table.getMany(names.map(mailSettingKey), Row);
  const stored = (name: (typeof names)[number], otherwise: unknown) =>
    rows.find(({ sk }) => sk === name)?.value ?? otherwise;
  return {
    fatigue: schemas.fatigue.parse(stored('fatigue', {})),
    businessHours: schemas['business-hours'].parse(stored('business-hours', { closedOn: [] })),
    warmUp: schemas['warm-up'].parse(stored('warm-up', {})),
  };
}

/** Stores one of them in the place of what was there. */
export const saveMailSetting = ({ table, now }: App, name: keyof typeof schemas, value: object): Promise<void> =>
  table.commit([{ put: { ...mailSettingKey(name), entity: 'mail-setting', value, updatedAt: now() } }]);
