import { asCrmError } from '../core/errors-as-hubspot.ts';
import type { Reply } from '../core/handle.ts';
import { busyPage } from './layout.ts';
import type { Language } from './words.ts';

/** A page for the visitor also when nothing can be read for now; any other trouble is thrown. */
export async function orBusyPage(language: Language, page: () => Promise<Reply>): Promise<Reply> {
  try {
    return await page();
  } catch (error) {
    const { category, options } = asCrmError(error);
    if (category !== 'SERVICE_UNAVAILABLE') throw error;
    return busyPage(language, options.retryAfter ?? 1);
  }
}
