import type { SubmissionInput } from './submission.ts';

/** Parameters of a page's address that say where its visitor came from. */
const telling = /^(utm_[a-z_]{1,30}|gclid|gbraid|wbraid|fbclid|msclkid|yclid|ttclid|twclid|li_fat_id)$/i;
const longest = 500;

/** What a submission tells of the visit, for its event: nothing for a server that knows nothing of it. */
export function visitOf({ context }: SubmissionInput) {
  const { hutk, pageUri, referrer, pageId } = context ?? {};
  const parameters = parametersOf(pageUri ?? '');
  const facts = {
    ...(referrer && { referrer: referrer.slice(0, 2000) }),
    ...(pageId != null && pageId !== '' && { pageId: String(pageId) }),
    ...(Object.keys(parameters).length > 0 && { parameters }),
  };
  return { ...(hutk && { hutk }), ...(Object.keys(facts).length > 0 && { context: facts }) };
}

const parametersOf = (uri: string): Record<string, string> =>
  URL.canParse(uri)
    ? Object.fromEntries(
        [...new URL(uri).searchParams]
          .filter(([name, value]) => telling.test(name) && value !== '')
          .map(([name, value]) => [name.toLowerCase(), value.slice(0, longest)]),
      )
    : {};
