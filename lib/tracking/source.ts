import { aiAssistants, isGoogle, named, searchEngines, siteOf, socialNetworks, socialWords } from './sites.ts';

/** HubSpot's categories of where a contact came from. */
type Source =
  | 'ORGANIC_SEARCH'
  | 'PAID_SEARCH'
  | 'EMAIL_MARKETING'
  | 'SOCIAL_MEDIA'
  | 'PAID_SOCIAL'
  | 'REFERRALS'
  | 'OTHER_CAMPAIGNS'
  | 'DIRECT_TRAFFIC'
  | 'OFFLINE'
  | 'AI_REFERRALS';

/** Where a visit came from: the category, its two details as HubSpot has them, and the campaign. */
export type Origin = {
  readonly source: Source;
  readonly data1?: string;
  readonly data2?: string;
  readonly campaign?: string;
};

const longest = 250;
const cut = (text: string | null | undefined): string => (text ?? '').trim().slice(0, longest).toWellFormed();

type Tags = Readonly<Record<'source' | 'medium' | 'campaign' | 'term' | 'content', string>>;

const tagsOf = (page: URL): Tags => {
  const tag = (name: string) => cut(page.searchParams.get(name));
  return {
    source: tag('utm_source'),
    medium: tag('utm_medium').toLowerCase(),
    campaign: tag('utm_campaign') || tag('hsa_cam'),
    term: tag('utm_term'),
    content: tag('utm_content'),
  };
};

const paidMedium = /^(cpc|ppc|cpm|cpa|cpv|paid|paid[-_ ]?(search|social)|sem|listing|リスティング|display|banner)$/;
const socialMedium = /^(social|sns|organic[-_ ]?social|social[-_ ]?(media|network)|sm)$/;
const mailMedium = /^(e-?mail|mail|newsletter|mailmagazine|メルマガ)$/;
/** Ads put an id of the click into the address: Google's, Microsoft's, Yahoo! JAPAN's (`yclid`), and those of social networks. */
const searchClicks = ['gclid', 'gbraid', 'wbraid', 'msclkid', 'yclid'];
const socialClicks: Readonly<Record<string, string>> = {
  fbclid: 'Facebook',
  twclid: 'X',
  ldtag_cl: 'LINE',
  ttclid: 'TikTok',
  li_fat_id: 'LinkedIn',
};

/**
 * Where a page view came from, by its address, the page that it was reached from, and the hosts that are the company's own. Tags of the
 * address (UTM, click ids) go before the referrer; a referrer of an own host is none. The order is HubSpot's: AI, e-mail, paid, social, search,
 * other campaigns, referrals, direct. `fbclid` alone is no ad: Facebook adds it to every link.
 */
export function originOf(pageUrl: string, referrer: string | undefined, ownHosts: readonly string[] = []): Origin {
  const page = URL.canParse(pageUrl) ? new URL(pageUrl) : undefined;
  if (!page) return { source: 'DIRECT_TRAFFIC' };
  const from = refererOf(referrer, [page.hostname, ...ownHosts]);
  const tags = tagsOf(page);
  const found = tagged(page, tags, from?.hostname ?? '') ?? (from && referred(from));
  const origin = found ?? { source: 'DIRECT_TRAFFIC' as const, data1: cut(`${page.hostname}${page.pathname}`) };
  return compact({ ...origin, campaign: tags.campaign });
}

const compact = ({ source, data1, data2, campaign }: Origin): Origin => ({
  source,
  ...(data1 && { data1 }),
  ...(data2 && { data2 }),
  ...(campaign && { campaign }),
});

function refererOf(referrer: string | undefined, own: readonly string[]): URL | undefined {
  if (!referrer || !URL.canParse(referrer)) return undefined;
  const url = new URL(referrer);
  const isOwn = own.some((host) => url.hostname === host || bare(url.hostname) === bare(host));
  return isOwn || !/^(https?|android-app):$/.test(url.protocol) ? undefined : url;
}

const bare = (host: string) => host.replace(/^www\./, '');

/** What the address itself says; nothing when it has no tags. */
function tagged(page: URL, tags: Tags, host: string): Origin | undefined {
  const { source, medium, campaign, term } = tags;
  const word = named(source.toLowerCase(), socialWords) ?? siteOf(source.toLowerCase(), socialNetworks);
  const network = word ?? siteOf(host, socialNetworks);
  const clicked = searchClicks.some((name) => page.searchParams.get(name));
  const isTagged = Boolean(source || medium || campaign);
  const assistant = siteOf(source.toLowerCase(), aiAssistants);
  if (assistant) return { source: 'AI_REFERRALS', data1: assistant, data2: campaign };
  if (mailMedium.test(medium) || page.searchParams.get('_hsmi') || page.searchParams.get('_hsenc'))
    return { source: 'EMAIL_MARKETING', data1: campaign || source, data2: tags.content };
  if (paidMedium.test(medium) || /^paid/.test(medium)) {
    if (network || medium.includes('social'))
      return { source: 'PAID_SOCIAL', data1: network ?? source, data2: campaign };
    if (!/^(display|banner)$/.test(medium)) return { source: 'PAID_SEARCH', data1: campaign || source, data2: term };
    return { source: 'OTHER_CAMPAIGNS', data1: campaign || source, data2: `${source} / ${medium}` };
  }
  if (clicked) return { source: 'PAID_SEARCH', data1: campaign || source, data2: term };
  const ad = Object.keys(socialClicks).find((name) => name !== 'fbclid' && page.searchParams.get(name));
  if (ad) return { source: 'PAID_SOCIAL', data1: network ?? socialClicks[ad], data2: campaign };
  if (socialMedium.test(medium) || (isTagged && word))
    return { source: 'SOCIAL_MEDIA', data1: network ?? source, data2: campaign };
  if (medium === 'organic') return { source: 'ORGANIC_SEARCH', data1: term, data2: source };
  if (medium === 'referral') return { source: 'REFERRALS', data1: source, data2: campaign };
  if (isTagged)
    return {
      source: 'OTHER_CAMPAIGNS',
      data1: campaign || source,
      data2: [source, medium].filter(Boolean).join(' / '),
    };
  return page.searchParams.get('fbclid') ? { source: 'SOCIAL_MEDIA', data1: network ?? 'Facebook' } : undefined;
}

/** What the page says from which the visitor came. Search engines keep what was searched for to themselves. */
function referred(from: URL): Origin {
  const host = bare(from.hostname);
  const assistant = siteOf(host, aiAssistants);
  if (assistant) return { source: 'AI_REFERRALS', data1: assistant };
  const network = siteOf(host, socialNetworks);
  if (network) return { source: 'SOCIAL_MEDIA', data1: network };
  const engine = isGoogle(from.hostname) ? 'Google' : siteOf(host, searchEngines);
  if (engine) return { source: 'ORGANIC_SEARCH', data2: engine };
  return { source: 'REFERRALS', data1: cut(host), data2: cut(`${host}${from.pathname}`) };
}

const keptTags = /^utm_(source|medium|campaign|term|content|id)$/;
const longestAddress = 1000;

/** An address without what may be a person's: of its query only the campaign's tags are kept, and no fragment. */
export function plainAddress(text: string | undefined): string {
  if (!text || !URL.canParse(text)) return '';
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) return url.protocol === 'android-app:' ? `android-app://${url.hostname}` : '';
  const tags = new URLSearchParams([...url.searchParams].filter(([name]) => keptTags.test(name)));
  const query = tags.size > 0 ? `?${tags}` : '';
  return `${url.origin}${url.pathname}${query}`.slice(0, longestAddress).toWellFormed();
}

/** What a landing page is called in reports: without its query. */
export const pageOfAddress = (address: string): string => address.replace(/^https?:\/\//, '').replace(/[?#].*$/, '');
