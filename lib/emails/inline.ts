import juice from 'juice/client';

// What stands in tokens and tags is no markup: it comes out as it went in.
juice.codeBlocks.LIQUID = { start: '{%', end: '%}' };

/** The document with the rules of its `<style>` on the elements themselves, where mail programs heed them; media queries stay. */
export const withInlinedStyles = (html: string): string =>
  /<style\b/i.test(html)
    ? juice(html, { preserveMediaQueries: true, preserveFontFaces: true, removeStyleTags: true })
    : html;
