import { describe, expect, test } from 'vitest';
import { originOf, pageOfAddress, plainAddress } from '../../../lib/tracking/source.ts';

const page = 'https://www.example.co.jp/lp';

/** [what, the page's query, the referrer, category, details, campaign] */
const cases = [
  ['Google in Japan', '', 'https://www.google.co.jp/', 'ORGANIC_SEARCH', undefined, 'Google'],
  ['Google’s app', '', 'android-app://com.google.android.googlequicksearchbox/', 'ORGANIC_SEARCH', undefined, 'Google'],
  ['Yahoo! JAPAN', '', 'https://search.yahoo.co.jp/search?p=x', 'ORGANIC_SEARCH', undefined, 'Yahoo! JAPAN'],
  ['Bing', '', 'https://www.bing.com/', 'ORGANIC_SEARCH', undefined, 'Bing'],
  ['goo', '', 'https://search.goo.ne.jp/web.jsp', 'ORGANIC_SEARCH', undefined, 'goo'],
  ['a tag of a search', '?utm_source=docomo&utm_medium=organic', '', 'ORGANIC_SEARCH', undefined, 'docomo'],
  [
    'the portal of Yahoo! JAPAN',
    '',
    'https://news.yahoo.co.jp/articles/1',
    'REFERRALS',
    'news.yahoo.co.jp',
    'news.yahoo.co.jp/articles/1',
  ],
  ['Google Ads', '?gclid=1', 'https://www.google.com/', 'PAID_SEARCH', undefined, undefined],
  ['Yahoo! ads', '?yclid=1&utm_campaign=秋', 'https://search.yahoo.co.jp/', 'PAID_SEARCH', '秋', undefined, '秋'],
  ['Microsoft’s ads', '?msclkid=1', 'https://www.bing.com/', 'PAID_SEARCH', undefined, undefined],
  ['cpc', '?utm_source=google&utm_medium=CPC&utm_campaign=a&utm_term=b', '', 'PAID_SEARCH', 'a', 'b', 'a'],
  ['paid social', '?utm_source=facebook&utm_medium=cpc&utm_campaign=a', '', 'PAID_SOCIAL', 'Facebook', 'a', 'a'],
  ['paid social by its name', '?utm_source=LINE&utm_medium=paid_social', '', 'PAID_SOCIAL', 'LINE', undefined],
  ['an ad of X', '?twclid=1', 'https://t.co/a', 'PAID_SOCIAL', 'X', undefined],
  ['an ad of LINE', '?ldtag_cl=1', '', 'PAID_SOCIAL', 'LINE', undefined],
  ['display', '?utm_source=yda&utm_medium=display&utm_campaign=a', '', 'OTHER_CAMPAIGNS', 'a', 'yda / display', 'a'],
  ['Facebook adds fbclid to every link', '?fbclid=1', 'https://l.facebook.com/', 'SOCIAL_MEDIA', 'Facebook', undefined],
  ['fbclid from Instagram', '?fbclid=1', 'https://l.instagram.com/', 'SOCIAL_MEDIA', 'Instagram', undefined],
  ['X', '', 'https://t.co/abc', 'SOCIAL_MEDIA', 'X', undefined],
  ['LINE', '', 'https://liff.line.me/1', 'SOCIAL_MEDIA', 'LINE', undefined],
  ['note', '', 'https://note.com/a/n/b', 'SOCIAL_MEDIA', 'note', undefined],
  ['hatena', '', 'https://b.hatena.ne.jp/entry/s/x', 'SOCIAL_MEDIA', 'はてなブックマーク', undefined],
  ['a tag of a network', '?utm_source=twitter&utm_campaign=a', '', 'SOCIAL_MEDIA', 'X', 'a', 'a'],
  ['a tag of sns', '?utm_source=oshiete&utm_medium=sns', '', 'SOCIAL_MEDIA', 'oshiete', undefined],
  [
    'a newsletter',
    '?utm_source=mag&utm_medium=email&utm_campaign=11月号&utm_content=top',
    '',
    'EMAIL_MARKETING',
    '11月号',
    'top',
    '11月号',
  ],
  ['a newsletter in Japanese', '?utm_source=mag&utm_medium=メルマガ', '', 'EMAIL_MARKETING', 'mag', undefined],
  ['HubSpot’s mails', '?_hsmi=1', '', 'EMAIL_MARKETING', undefined, undefined],
  ['ChatGPT', '?utm_source=chatgpt.com', '', 'AI_REFERRALS', 'ChatGPT', undefined],
  ['Perplexity', '', 'https://www.perplexity.ai/', 'AI_REFERRALS', 'Perplexity', undefined],
  ['Gemini is no search', '', 'https://gemini.google.com/', 'AI_REFERRALS', 'Gemini', undefined],
  ['another site', '', 'https://blog.other.co.jp/a?b=c', 'REFERRALS', 'blog.other.co.jp', 'blog.other.co.jp/a'],
  ['a tag of a referral', '?utm_source=partner&utm_medium=referral', '', 'REFERRALS', 'partner', undefined],
  [
    'another campaign',
    '?utm_source=qr&utm_medium=print&utm_campaign=expo',
    '',
    'OTHER_CAMPAIGNS',
    'expo',
    'qr / print',
    'expo',
  ],
  ['nothing', '', '', 'DIRECT_TRAFFIC', 'www.example.co.jp/lp', undefined],
  ['the own site', '', 'https://example.co.jp/top', 'DIRECT_TRAFFIC', 'www.example.co.jp/lp', undefined],
  ['no address', '', 'nonsense', 'DIRECT_TRAFFIC', 'www.example.co.jp/lp', undefined],
  [
    'an app',
    '',
    'android-app://jp.naver.line.android/',
    'REFERRALS',
    'jp.naver.line.android',
    'jp.naver.line.android/',
  ],
  ['a host that only ends alike', '', 'https://notx.com/', 'REFERRALS', 'notx.com', 'notx.com/'],
] as const;

describe('where a visit comes from', () => {
  test.each(cases)('%s', (_, query, referrer, source, data1, data2, campaign = undefined) => {
    const expected = { source, ...(data1 && { data1 }), ...(data2 && { data2 }), ...(campaign && { campaign }) };
    expect(originOf(`${page}${query}`, referrer)).toEqual(expected);
  });
});

test('a text that is no address comes from nowhere, and long tags are cut', () => {
  expect(originOf('nonsense', 'https://t.co/')).toEqual({ source: 'DIRECT_TRAFFIC' });
  expect(originOf(`${page}?utm_campaign=${'長'.repeat(400)}`, '').campaign).toHaveLength(250);
});

test('an address keeps its campaign, and nothing else of its query', () => {
  expect(plainAddress('https://a.jp/p?utm_source=x&email=a@b.jp&token=1#t')).toBe('https://a.jp/p?utm_source=x');
  expect(plainAddress('https://user:pass@a.jp/p')).toBe('https://a.jp/p');
  for (const no of ['javascript:alert(1)', 'file:///etc', '', 'x', undefined]) expect(plainAddress(no)).toBe('');
  expect(pageOfAddress('https://a.jp/p?utm_source=x')).toBe('a.jp/p');
});
