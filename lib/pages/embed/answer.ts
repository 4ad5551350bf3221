import type { PostAnswer } from '../form-answer.ts';

type Said = { readonly otherError: string };

/**
 * What the server says of a post. Undefined when what stands before it answered instead (a gateway in its own English, a page of a proxy) and
 * the same may be sent again.
 */
export function answerIn({ status, text }: { status: number; text: string }, words: Said): PostAnswer | undefined {
  const said = parsed(text);
  if (said && ('thanks' in said || 'redirectUri' in said || 'own' in said || 'errors' in said)) return said;
  return status >= 500 || status === 429 ? undefined : { message: words.otherError };
}

function parsed(text: string): PostAnswer | undefined {
  try {
    const said: unknown = JSON.parse(text);
    return typeof said === 'object' && said !== null ? said : undefined;
  } catch {
    return undefined;
  }
}
