import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { dayIn, defaultZone } from '../flows/zoned-time.ts';
import { paceKey } from '../table/keys.ts';
import { Pace, planned } from './pace.ts';
import { refreshPace } from './pacing.ts';
import { mailSettings, saveMailSetting, WarmUp } from './settings.ts';

/** The plan, and today: how many bulk mails it allows (absent: as many as SES takes) and how many took their turn. */
export const PublicWarmUp = z.extend(z.partial(WarmUp), {
  today: z.object({ day: z.string(), planned: z.optional(z.number()), used: z.number() }),
});
type PublicWarmUp = z.output<typeof PublicWarmUp>;

/** Where the plan stands. Days are Japan's. */
export async function showWarmUp(app: App): Promise<PublicWarmUp> {
  const [{ warmUp }, pace] = await Promise.all([mailSettings(app), app.table.get(paceKey, Pace)]);
  const day = dayIn(Date.parse(app.now()), defaultZone);
  const most = planned(warmUp, day);
  const used = pace?.day === day ? (pace.dayUsed ?? 0) : 0;
  return { ...warmUp, today: { day, ...(most !== undefined && { planned: most }), used } };
}

/** Sets the plan; it holds from the next mail on. What went out today counts. */
export async function setWarmUp(app: App, plan: WarmUp): Promise<PublicWarmUp> {
  await saveMailSetting(app, 'warm-up', plan);
  await refreshPace(app);
  return showWarmUp(app);
}
