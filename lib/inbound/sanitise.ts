import sanitizeHtml from 'sanitize-html';

/** HTML that shows nothing but what is in it: no script, no form, no address of a picture elsewhere, no style that could hide or cover. */
const colour = [/^#[0-9a-f]{3,8}$/i, /^rgba?\([\d\s.,%]+\)$/i, /^[a-z]{3,20}$/i];
const length = [/^-?[\d.]{1,6}(px|pt|em|rem|%)?(\s+-?[\d.]{1,6}(px|pt|em|rem|%)?){0,3}$/, /^auto$/];

const tags = [
  ...[
    'a',
    'abbr',
    'b',
    'blockquote',
    'br',
    'caption',
    'center',
    'code',
    'col',
    'colgroup',
    'dd',
    'del',
    'div',
    'dl',
    'dt',
  ],
  ...[
    'em',
    'font',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'hr',
    'i',
    'img',
    'ins',
    'li',
    'ol',
    'p',
    'pre',
    'q',
    'rp',
    'rt',
  ],
  ...['ruby', 's', 'small', 'span', 'strike', 'strong', 'sub', 'sup', 'table', 'tbody', 'td', 'tfoot', 'th', 'thead'],
  ...['tr', 'tt', 'u', 'ul'],
];

const options = {
  allowedTags: tags,
  allowedAttributes: {
    '*': ['align', 'dir', 'lang', 'style', 'title', 'valign', 'width', 'height', 'bgcolor'],
    a: ['href', 'rel', 'target'],
    font: ['color', 'face', 'size'],
    img: ['src', 'alt'],
    td: ['colspan', 'rowspan'],
    th: ['colspan', 'rowspan'],
    table: ['border', 'cellpadding', 'cellspacing'],
    ol: ['start', 'type'],
  },
  allowedStyles: {
    '*': {
      color: colour,
      'background-color': colour,
      'font-size': length,
      'font-weight': [/^(bold|normal|\d{3})$/],
      'font-style': [/^(italic|normal)$/],
      'font-family': [/^[\w\s"',　-鿿＀-￯-]{1,200}$/u],
      'text-align': [/^(left|right|center|justify)$/],
      'text-decoration': [/^(underline|line-through|none)$/],
      'line-height': length,
      margin: length,
      padding: length,
    },
  },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['cid'] },
  allowProtocolRelative: false,
  nestingLimit: 200,
  transformTags: {
    a: (tagName, attribs) => ({
      tagName,
      attribs: { ...attribs, rel: 'noopener noreferrer nofollow', target: '_blank' },
    }),
  },
} satisfies sanitizeHtml.IOptions;

/** So many letters of an HTML mail are shown; the whole is in the mail as it came. */
const longest = 1_000_000;

/** What carries this mark is left out with all that is in it. */
const quotation = 'data-quotation';
const asQuotation: sanitizeHtml.Transformer = (tagName, attribs) => {
  const { [quotation]: _, ...own } = attribs;
  const quotes =
    own.type?.toLowerCase() === 'cite' || /\b(?:gmail_quote|yahoo_quoted|moz-cite-prefix)\b/.test(own.class ?? '');
  return { tagName, attribs: { ...own, ...(quotes && { [quotation]: '1' }) } };
};

/**
 * The HTML of a mail that a page may show; on wish without what it quotes. Pictures that came with the mail keep their `cid:` address; others are left out, because whoever
 * fetches one tells the sender that the mail was read.
 */
export const sanitised = (html: string, { withoutQuotation = false } = {}): string =>
  sanitizeHtml(html.slice(0, longest), {
    ...options,
    ...(withoutQuotation && {
      allowedAttributes: { ...options.allowedAttributes, blockquote: [quotation], div: [quotation] },
      transformTags: { ...options.transformTags, blockquote: asQuotation, div: asQuotation },
    }),
    exclusiveFilter: ({ tag, attribs }) => attribs[quotation] !== undefined || (tag === 'img' && !attribs.src),
  });
