import { operations } from '../../lib/core/operation.ts';
import { SearchInput, SearchResults } from '../../lib/text/search-box.ts';

export const search = operations('search', {
  everything: {
    route: 'POST /crm/v1/search',
    summary:
      'The search box: records of any type that the token may read, by id, 広告主ID, e-mail, telephone number, name or kana',
    scope: null,
    body: SearchInput,
    status: 200,
    output: SearchResults,
    uses: ['table:read'],
  },
});
