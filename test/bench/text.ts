import { app } from '../../lib/core/app.ts';
import { createRecord, updateRecord } from '../../lib/objects/store.ts';
import { inParallel } from '../../lib/table/in-parallel.ts';
import type { RecordRef } from '../../lib/table/keys.ts';
import { Meter } from '../../lib/table/meter.ts';
import { bringTextUpToDate } from '../../lib/text/project.ts';
import { searchEverything } from '../../lib/text/search-box.ts';
import { startDatabase } from '../support/database.ts';
import { contact } from './costs.ts';

export type TextCost = { readonly what: string; readonly calls: number; readonly rru: number; readonly wru: number };

const families = ['田中', '髙橋', '佐藤', '鈴木', '渡邉', '伊藤', '山本', '中村', '小林', '加藤'];

/** What the projector pays for the text of a contact of ten properties, and the search box among 1,000 and 10,000 contacts. */
export async function measureText(): Promise<TextCost[]> {
  const database = await startDatabase();
  const costs: TextCost[] = [];
  const measure = async (what: string, run: (own: ReturnType<typeof app>) => Promise<unknown>, per = 1) => {
    const meter = new Meter();
    await run(app({ actor: { kind: 'system', id: 'bench' }, scopes: ['*'], meter }));
    costs.push({ what, calls: meter.calls / per, rru: meter.rru / per, wru: meter.wru / per });
  };
  const index = (refs: readonly RecordRef[]) => (own: ReturnType<typeof app>) => bringTextUpToDate(own, refs);
  const create = (n: number) =>
    createRecord(database.app, '0-1', {
      ...contact(`text${n}`),
      lastname: families[n % 10] ?? '',
      phone: `03-${String(1000 + (n >> 4))}-${String(1000 + (n % 9000))}`,
    });
  try {
    const one = await create(0);
    await measure('text of a new contact', index([one]));
    await measure('told of again', index([one]));
    await updateRecord(database.app, '0-1', one, { company: '有限会社田中商店' });
    await measure('text of a new company name', index([one]));
    const batch = await inParallel(Array.from({ length: 100 }), 8, (_, n) => create(1 + n));
    await measure('text of each of 100 new contacts', index(batch), 100);
    let made = 101;
    for (const contacts of [1000, 10_000]) {
      for (; made < contacts; made += 100) {
        const refs = await inParallel(Array.from({ length: 100 }), 8, (_, n) => create(made + n));
        await bringTextUpToDate(database.app, refs);
      }
      await searchEverything(app({ actor: database.app.actor, scopes: ['*'] }), { query: '準備', limit: 10 });
      for (const query of ['benchtext77@example.co.jp', '03-1004-1077', '高橋太郎', 'benchtext7', '鈴木'])
        await measure(`${query} among ${contacts}`, (own) => searchEverything(own, { query, limit: 10 }));
    }
  } finally {
    await database.close();
  }
  return costs;
}
