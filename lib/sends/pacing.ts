import { sendQuota } from '../aws/mail.ts';
import type { App } from '../core/app.ts';
import { logRetry } from '../core/log.ts';
import { dayIn, defaultZone } from '../flows/zoned-time.ts';
import { absent, attributes, present } from '../table/conditions.ts';
import { pause } from '../table/contention.ts';
import { paceKey } from '../table/keys.ts';
import { ConditionFailed } from '../table/table.ts';
import {
  askingMs,
  type Grant,
  grantOf,
  Pace,
  paceBy,
  type Room,
  roomIn,
  slowed,
  unknownPace,
  unlimited,
} from './pace.ts';
import { mailSettings } from './settings.ts';

const tries = 20;

/** Reserves slots for so many mails, in a line that all workers share. */
export async function reserve(app: App, wanted: number): Promise<Grant> {
  let pace = await currentPace(app);
  for (let tried = 0; tried < tries; tried += 1) {
    const now = Date.parse(app.now());
    const grant = grantOf(pace, { now, wanted });
    if (grant.times.length === 0) return grant;
    const taken = await put(app, pace, taking(pace, grant, now));
    if (taken === 'TAKEN') return grant;
    pace = taken;
    if (tried > 4) await pause(tried - 4);
  }
  return { times: [], next: pace.next, askAgainAt: Date.parse(app.now()) + 1000 };
}

/** The pace after the slots of a grant were taken. */
function taking({ left, day, dayUsed = 0 }: Pace, { next, times }: Grant, now: number): Partial<Pace> {
  const today = dayIn(now, defaultZone);
  return { next, left: left - times.length, day: today, dayUsed: (day === today ? dayUsed : 0) + times.length };
}

/** Writes over the pace as it was read, or returns how somebody else left it. */
async function put(app: App, before: Pace, set: Partial<Pace>): Promise<'TAKEN' | Pace> {
  const { next, left, refreshAt, slowedAt } = before;
  try {
    await app.table.update({ update: paceKey, set, when: attributes({ next, left, refreshAt, slowedAt }) }, Pace);
    return 'TAKEN';
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    const [failed] = error.failed;
    return Pace.parse(failed?.item);
  }
}

/** The pace, by what SES told within the last minutes. Who finds it old asks SES; meanwhile the others go on by what is known. */
export async function currentPace(app: App): Promise<Pace> {
  const stored = await app.table.get(paceKey, Pace);
  const now = Date.parse(app.now());
  if (stored && stored.refreshAt > now) return stored;
  const asking = stored ? { ...stored, refreshAt: now + askingMs } : unknownPace(now);
  const turn = stored ? await put(app, stored, { refreshAt: asking.refreshAt }) : await begin(app, asking);
  if (turn !== 'TAKEN') return turn;
  return refreshed(app, asking, now);
}

/** The pace by what SES tells now; where it tells nothing, what was known goes on. */
async function refreshed(app: App, asking: Pace, now: number): Promise<Pace> {
  let told: Awaited<ReturnType<typeof sendQuota>>;
  try {
    told = await sendQuota();
  } catch (error) {
    logRetry(error, { function: 'sends/deliver' });
    return asking;
  }
  const { warmUp } = await mailSettings(app);
  let pace = asking;
  for (let tried = 0; tried < tries; tried += 1) {
    const fresh = { ...paceBy(told, now, pace.next), warmUp };
    const taken = await put(app, pace, fresh);
    if (taken === 'TAKEN') return { ...pace, ...fresh };
    pace = taken;
    await pause(tried);
  }
  return pace;
}

/** Writes the first pace of all, or returns what somebody else wrote. */
async function begin(app: App, first: Pace): Promise<'TAKEN' | Pace> {
  try {
    await app.table.update({ update: paceKey, set: { entity: 'pace', ...first }, when: absent }, Pace);
    return 'TAKEN';
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return Pace.parse(error.failed[0]?.item);
  }
}

/** How many mails the workers may still give to SES today, as far as it is known; what SES told a while ago is not held against anybody. */
export async function roomNow(app: App): Promise<Room> {
  const [stored, { warmUp }] = await Promise.all([app.table.get(paceKey, Pace), mailSettings(app)]);
  const now = Date.parse(app.now());
  const isOld = !stored || stored.refreshAt <= now;
  return roomIn({ ...(stored ?? unknownPace(now)), ...(isOld && { left: unlimited }), warmUp }, now);
}

/** Lets the next worker ask anew: what people decided holds at once. */
export async function refreshPace(app: App): Promise<void> {
  try {
    await app.table.commit([{ update: paceKey, set: { refreshAt: 0 }, when: present }]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

/** SES refused a mail because too many came: everybody goes slower. */
export async function slowDown(app: App, reason: string): Promise<void> {
  const daily = /daily|quota exceeded/i.test(reason);
  let pace = await currentPace(app);
  for (let tried = 0; tried < tries; tried += 1) {
    const slower = slowed(pace, Date.parse(app.now()), { daily });
    if (!slower) return;
    const taken = await put(app, pace, slower);
    if (taken === 'TAKEN') return;
    pace = taken;
    await pause(tried);
  }
}
