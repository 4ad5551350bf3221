import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Started } from './system.ts';

type FormFigures = {
  readonly calls: number;
  readonly wru: number;
  readonly p50: number;
  readonly p99: number;
  /** Of 200 posts at once: those that were answered with 200, and the submissions that can be read afterwards. */
  readonly taken: number;
  readonly kept: number;
  /** 10,000 junk posts from one address: how many submissions they left. */
  readonly junkLeft: number;
  readonly pageBytes: number;
  readonly scriptBytes: number;
  readonly scriptGzipped: number;
};

const field = (name: string, fieldType: string) => ({
  objectTypeId: '0-1',
  name,
  label: name,
  fieldType,
  required: false,
  hidden: false,
});

async function givenForm(system: Started): Promise<string> {
  const fields = [
    field('email', 'email'),
    field('lastname', 'single_line_text'),
    field('firstname', 'single_line_text'),
    field('company', 'single_line_text'),
    field('message', 'multi_line_text'),
  ];
  const response = await fetch(`${system.apiUrl}/marketing/v3/forms`, {
    method: 'POST',
    headers: { authorization: `Bearer ${system.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      formType: 'hubspot',
      name: 'bench',
      fieldGroups: [{ groupType: 'default_group', richTextType: 'text', fields }],
      configuration: { submissionLimits: { perIpPerMinute: 100_000, perFormPerMinute: 100_000 } },
    }),
  });
  return ((await response.json()) as { id: string }).id;
}

const post = (system: Started, formId: string, n: number, cost = false) =>
  fetch(`${system.publicUrl}/submissions/v3/integration/submit/${system.portalId}/${formId}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(cost && { 'x-tsunagi-cost': '1' }) },
    body: JSON.stringify({
      fields: Object.entries({
        email: `bench${n}@example.co.jp`,
        lastname: '佐藤',
        firstname: '花子',
        company: '株式会社サンプル',
        message: `お問い合わせ ${n}`,
      }).map(([name, value]) => ({ objectTypeId: '0-1', name, value })),
    }),
  });

/** As a page does: a server that says "later" (503) is asked again; the same submission counts once. */
async function untilTaken(system: Started, formId: string, n: number): Promise<Response> {
  for (let tries = 1; ; tries += 1) {
    const answer = await post(system, formId, n);
    if (answer.status !== 503 || tries === 10) return answer;
    await pause(1000);
  }
}

async function countSubmissions(system: Started, formId: string): Promise<number> {
  let count = 0;
  let after = '';
  do {
    const response = await fetch(
      `${system.apiUrl}/form-integrations/v1/submissions/forms/${formId}?limit=50${after && `&after=${after}`}`,
      { headers: { authorization: `Bearer ${system.accessToken}` } },
    );
    const page = (await response.json()) as { results: unknown[]; paging?: { next: { after: string } } };
    count += page.results.length;
    after = page.paging?.next.after ?? '';
  } while (after);
  return count;
}

/** What a submission costs, how long it takes, and that none of many at once is lost. */
export async function measureForms(system: Started): Promise<FormFigures> {
  const formId = await givenForm(system);
  for (let n = 0; n < 20; n += 1) await post(system, formId, n);
  const [, calls = '0', wru = '0'] =
    /calls=(\d+);.*wru=([\d.]+)/.exec((await post(system, formId, 99, true)).headers.get('x-tsunagi-cost') ?? '') ?? [];
  const times: number[] = [];
  for (let n = 100; n < 400; n += 1) {
    const begun = performance.now();
    await (await post(system, formId, n)).text();
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  const crowd = await givenForm(system);
  const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => untilTaken(system, crowd, 1000 + n)));
  const junk = await givenForm(system);
  for (let start = 0; start < 10_000; start += 50)
    await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        fetch(`${system.publicUrl}/f/${junk}`, {
          method: 'POST',
          redirect: 'manual',
          body: new URLSearchParams({ email: `junk${start + n}@example.com`, 'website-url': 'http://spam' }),
        }),
      ),
    );
  const page = await (await fetch(`${system.publicUrl}/f/${formId}`)).text();
  const script = await (await fetch(`${system.publicUrl}/forms/embed.js`)).text();
  return {
    calls: Number(calls),
    wru: Number(wru),
    p50: times[times.length >> 1] ?? 0,
    p99: times[Math.floor(times.length * 0.99)] ?? 0,
    taken: answers.filter(({ status }) => status === 200).length,
    kept: await countSubmissions(system, crowd),
    junkLeft: await countSubmissions(system, junk),
    pageBytes: Buffer.byteLength(page),
    scriptBytes: Buffer.byteLength(script),
    scriptGzipped: gzipSync(script).length,
  };
}
