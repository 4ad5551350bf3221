import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { absentOrBelow } from '../table/conditions.ts';
import { rateKey } from '../table/keys.ts';
import { ConditionFailed } from '../table/table.ts';
import { trackedHostKey } from '../table/tracking-keys.ts';

const dayMs = 86_400_000;
/** A host that has not sent a page view for so long is none any more. */
const keptDays = 60;
/** New hosts of a day, so that nobody who makes names up fills the table. */
const mostNewOfDay = 50;

const Host = z.object({ host: z.string() });

/** Hosts that this instance has noted on this day. */
const noted = new Set<string>();
const notedKept = 1000;

/** Notes that a host's pages run the script: one write a day and instance at most. */
export async function noteHost(app: App, url: string): Promise<void> {
  const host = hostOf(url);
  const now = app.now();
  const day = now.slice(0, 10);
  if (host === undefined || noted.has(`${day} ${host}`)) return;
  if (!(await isTracked(app, host)) && (await newOfDay(app, now)) > mostNewOfDay) return;
  const expiresAt = Math.ceil((Date.parse(now) + keptDays * dayMs) / 1000);
  try {
    await app.table.commit([
      {
        put: { ...trackedHostKey(host), entity: 'tracked-host', host, day, expiresAt },
        when: absentOrBelow('day', day),
      },
    ]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
  if (noted.size >= notedKept) noted.clear();
  noted.add(`${day} ${host}`);
}

const newOfDay = (app: App, now: string): Promise<number> =>
  app.table.count(rateKey('tracked-hosts', now.slice(0, 10)), Math.ceil(Date.parse(now) / 1000) + 2 * 86_400);

/** Whether the pages of a host ran the script within the last two months. */
export async function isTracked(app: App, host: string): Promise<boolean> {
  return (await app.table.get(trackedHostKey(host), Host, { consistent: false })) !== undefined;
}

/** The host of a web address with its port; undefined for another text. */
export function hostOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, host } = new URL(url);
  return /^https?:$/.test(protocol) && host.length <= 255 ? host : undefined;
}
