const dayMs = 86_400_000;
/** How long an archived record can be restored, as in HubSpot. */
const retentionDays = 90;

/** Whether the time in which a record could be restored is over. */
export const isFinal = (archivedAt: string, now: string): boolean =>
  Date.parse(archivedAt) + retentionDays * dayMs <= Date.parse(now);

/** The day whose archived records are purged `back` days after they could be: a day in UTC. */
export const purgedDay = (now: string, back: number): string =>
  new Date(Date.parse(now) - (retentionDays + 1 + back) * dayMs).toISOString().slice(0, 10);
