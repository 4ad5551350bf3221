import { measureBundles } from './bundles.ts';
import { measureCosts } from './costs.ts';
import { measureRender } from './emails.ts';
import { measureForms } from './forms.ts';
import { measureImport } from './imports.ts';
import { measureLists } from './lists.ts';
import { measureLoad } from './load.ts';
import { measureReports } from './reports.ts';
import { measureSync } from './salesforce.ts';
import { measureSearch } from './search.ts';
import { measureSend, sendUnderTrouble } from './sends.ts';
import { measureStart } from './startup.ts';
import { measureSurveys } from './surveys.ts';
import { removeHome, scratchHome, startSystem } from './system.ts';
import { measureText } from './text.ts';
import { measureTracking } from './tracking.ts';

/** `npm run bench [bundles|start|emails|forms|sends|mail|salesforce|reports|imports|lists|search|surveys|text|tracking|costs|load …]`: all of them by default. Figures and ratios are printed beside their budgets. */
const wanted = process.argv.slice(2);
const wants = (name: string) => wanted.length === 0 || wanted.includes(name);
const line = (...cells: readonly (string | number)[]) =>
  console.log(
    cells
      .map((cell, n) =>
        typeof cell === 'number' ? cell.toFixed(1).padStart(10) : n === 0 ? cell.padEnd(44) : cell.padStart(10),
      )
      .join(' '),
  );
const verdict = (held: boolean) => (held ? 'ok' : 'OVER');

if (wants('bundles')) {
  const { bundles, libDynamodb } = await measureBundles();
  const bySize = bundles.toSorted((a, b) => b.kilobytes - a.kilobytes);
  const byTime = bundles.toSorted((a, b) => b.importMs - a.importMs);
  line('bundle', 'KB', 'import ms');
  for (const row of [libDynamodb, ...bySize]) line(row.id, row.kilobytes, row.importMs);
  const [median, medianTime] = [bySize[bySize.length >> 1], byTime[byTime.length >> 1]];
  line('largest', bySize[0]?.kilobytes ?? 0, byTime[0]?.importMs ?? 0);
  line('median', median?.kilobytes ?? 0, medianTime?.importMs ?? 0);
  const ratio = (medianTime?.importMs ?? 0) / libDynamodb.importMs;
  line('median import / lib-dynamodb, budget 1.2', ratio, verdict(ratio <= 1.2));
}

if (wants('start')) {
  const { firstSeconds, againSeconds, afterKillSeconds } = await measureStart();
  line('start: nothing built, budget 60 s', firstSeconds, verdict(firstSeconds <= 60));
  line('start again, budget 15 s', againSeconds, verdict(againSeconds <= 15));
  line('start after kill -9, budget 15 s', afterKillSeconds, verdict(afterKillSeconds <= 15));
}

if (wants('emails')) {
  const { kilobytes, firstMs, ms } = await measureRender();
  line('e-mail, KB', kilobytes);
  line('e-mail: first rendering, ms', firstMs);
  line('e-mail: a further one, ms, budget 5', ms, verdict(ms <= 5));
}

const costBudgets: Readonly<Record<string, { calls: number; rru?: number; wru?: number }>> = {
  'create a contact of 10 properties': { calls: 1, rru: 0, wru: 60 },
  'get a record': { calls: 1, rru: 1 },
  'update one property': { calls: 2, wru: 20 },
  'list 100': { calls: 1 },
};
const loadBudgets: Readonly<Record<string, number>> = {
  create: 250,
  get: 400,
  'get by e-mail': 300,
  update: 200,
  'batch create (contacts)': 900,
};

if (wants('forms')) {
  const home = scratchHome();
  const system = await startSystem(home);
  try {
    const figures = await measureForms(system);
    line('a submission of 5 values: calls, WRU', figures.calls, figures.wru);
    line('p50, p99 in ms', figures.p50, figures.p99);
    const none = figures.taken === 200 && figures.kept === 200;
    line('200 posts at once: taken, kept', figures.taken, figures.kept, verdict(none));
    line('10,000 junk posts: submissions left', figures.junkLeft, verdict(figures.junkLeft === 0));
    line('page of a form, KB', figures.pageBytes / 1024);
    const small = figures.scriptGzipped < 12 * 1024;
    line('embed.js, KB, gzipped (budget 12)', figures.scriptBytes / 1024, figures.scriptGzipped / 1024, verdict(small));
  } finally {
    await system.stop();
    removeHome(home);
  }
}

if (wants('sends')) {
  const home = scratchHome();
  const system = await startSystem(home);
  try {
    line('a survey by mail, through the whole system', 'seconds', 'mails/s', 'SES calls', 'writes');
    const figures = [];
    for (const recipients of [1000, 5000]) figures.push(await measureSend(system, recipients));
    for (const { recipients, seconds, mailsPerSecond, callsOfSes, writes } of figures) {
      const held = callsOfSes <= 1 && writes <= 3.75;
      line(
        `${recipients} recipients, budget 1 and 3 + 0.75 for totals`,
        seconds,
        mailsPerSecond,
        callsOfSes,
        writes,
        verdict(held),
      );
    }
    const [small, large] = figures;
    const ratio = (large?.seconds ?? 0) / (small?.seconds ?? 1);
    line('time of 5,000 / time of 1,000, budget 7', ratio, verdict(ratio <= 7));
  } finally {
    await system.stop();
    removeHome(home);
  }
}

if (wants('mail')) {
  const home = scratchHome();
  const system = await startSystem(home);
  try {
    line('an e-mail with tokens and links', 'seconds', 'ms a mail', 'SES calls', 'writes', 'MB before', 'MB');
    const figures = [];
    for (const recipients of [1000, 10_000]) figures.push(await measureSend(system, recipients, 'e-mail'));
    for (const { recipients, seconds, callsOfSes, writes, megabytesBefore, megabytes } of figures) {
      const held = callsOfSes <= 1 && writes <= 3.75;
      const each = (seconds * 1000) / recipients;
      line(
        `${recipients} recipients, budget 1 and 3 + 0.75 for totals`,
        seconds,
        each,
        callsOfSes,
        writes,
        megabytesBefore,
        megabytes,
        verdict(held),
      );
    }
    const [small, large] = figures;
    const ratio = (large?.seconds ?? 0) / (small?.seconds ?? 1);
    line('time of 10,000 / time of 1,000, budget 14', ratio, verdict(ratio <= 14));
  } finally {
    await system.stop();
    removeHome(home);
  }
  const troubled = scratchHome();
  try {
    const recipients = 1000;
    const { seconds, ledger, unknown, taken, twice } = await sendUnderTrouble(troubled, recipients);
    const { accepted = 0 } = ledger;
    const held = twice === 0 && accepted === taken && accepted === recipients;
    line('5 % throttles, 2 % late answers, a kill', 'seconds', 'unknown', 'accepted', 'mails', 'twice');
    line(`${recipients} recipients, unknown ones released`, seconds, unknown, accepted, taken, twice, verdict(held));
  } finally {
    removeHome(troubled);
  }
}

if (wants('imports')) {
  const home = scratchHome();
  const system = await startSystem(home);
  try {
    line('import of new contacts, five columns', 'seconds', 'rows/s', 'MB');
    const figures = [];
    for (const rows of [10_000, 100_000]) figures.push(await measureImport(system, rows));
    for (const { rows, seconds, rowsPerSecond, megabytes } of figures)
      line(`${rows} rows, budget 300 a second`, seconds, rowsPerSecond, megabytes, verdict(rowsPerSecond >= 300));
    const [small, large] = figures;
    const ratio = (large?.megabytes ?? 0) / (small?.megabytes ?? 1);
    line('memory of 100,000 / memory of 10,000, budget 1.5', ratio, verdict(ratio <= 1.5));
  } finally {
    await system.stop();
    removeHome(home);
  }
}

if (wants('salesforce')) {
  const home = scratchHome();
  const system = await startSystem(home);
  try {
    line('Salesforce sync, through the whole system', 'seconds', 'records/s', 'calls');
    for (const { what, seconds, recordsPerSecond, calls, budget } of await measureSync(system))
      line(`${what}, budget ${budget}`, seconds, recordsPerSecond, calls, verdict(calls <= budget));
  } finally {
    await system.stop();
    removeHome(home);
  }
}

if (wants('reports')) {
  line('report of week and pipeline: units an event', 'RRU', 'WRU');
  for (const { what, rru, wru } of await measureReports()) line(what, rru, wru);
}

if (wants('tracking')) {
  line('page views and attribution', 'calls', 'RRU', 'WRU');
  for (const { what, calls, rru, wru } of await measureTracking()) line(what, calls, rru, wru);
}

if (wants('surveys')) {
  line('surveys', 'a second', 'calls', 'RRU', 'WRU');
  for (const { what, perSecond, calls, rru, wru } of await measureSurveys()) line(what, perSecond, calls, rru, wru);
}

if (wants('text')) {
  line('text index (by the projector) and search box', 'calls', 'RRU', 'WRU');
  for (const { what, calls, rru, wru } of await measureText()) line(what, calls, rru, wru);
}

if (wants('lists')) {
  line('lists that follow filters: an event or record', 'a second', 'RRU', 'WRU');
  for (const { what, perSecond, rru, wru } of await measureLists(5000)) line(what, perSecond, rru, wru);
}

if (wants('search')) {
  line('search, a page of 100: first and second', 'contacts', 'calls', 'RRU', 'calls', 'RRU', 'total');
  for await (const each of measureSearch([1000, 10_000, 100_000])) {
    const { what, contacts, calls, rru, nextCalls, nextRru, found, budget } = each;
    const name = budget === undefined ? what : `${what}, budget ${budget}`;
    const cells = [String(contacts), calls, rru, nextCalls, nextRru, String(found)];
    line(name, ...cells, budget === undefined ? '' : verdict(calls <= budget));
  }
}

if (wants('costs') || wants('load')) {
  const home = scratchHome();
  const system = await startSystem(home);
  try {
    if (wants('costs')) {
      line('operation', 'calls', 'RRU', 'WRU');
      for (const { what, cost } of await measureCosts(system)) {
        const budget = costBudgets[what];
        const held =
          !budget ||
          (cost.calls <= budget.calls && cost.rru <= (budget.rru ?? Infinity) && cost.wru <= (budget.wru ?? Infinity));
        line(what, cost.calls, cost.rru, cost.wru, budget ? verdict(held) : '');
      }
    }
    if (wants('load')) {
      line('through the gateway, 10,000 contacts', 'clients', 'a second', 'p50 ms', 'p99 ms');
      for (const rate of await measureLoad(system, 10_000)) {
        const budget = rate.clients === 8 ? loadBudgets[rate.what] : undefined;
        line(
          rate.what,
          rate.clients,
          rate.perSecond,
          rate.p50,
          rate.p99,
          budget ? `${budget} ${verdict(rate.perSecond >= budget)}` : '',
        );
      }
    }
  } finally {
    await system.stop();
    removeHome(home);
  }
}
