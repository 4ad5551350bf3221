/** Where visitors come from, by host: the name that HubSpot's reports would show. A host's own subdomains belong to it. */
type Sites = Readonly<Record<string, string>>;

export const searchEngines: Sites = {
  'search.yahoo.co.jp': 'Yahoo! JAPAN',
  'search.yahoo.com': 'Yahoo!',
  'bing.com': 'Bing',
  'search.goo.ne.jp': 'goo',
  'search.rakuten.co.jp': 'Rakuten',
  'websearch.rakuten.co.jp': 'Rakuten',
  'search.biglobe.ne.jp': 'BIGLOBE',
  'search.nifty.com': 'nifty',
  'search.smt.docomo.ne.jp': 'docomo',
  'service.smt.docomo.ne.jp': 'docomo',
  'search.auone.jp': 'au',
  'search.fenrir-inc.com': 'Sleipnir',
  'luna.tv': 'Luna',
  'jword.jp': 'JWord',
  'duckduckgo.com': 'DuckDuckGo',
  'baidu.com': 'Baidu',
  'naver.com': 'Naver',
  'yandex.ru': 'Yandex',
  'yandex.com': 'Yandex',
  'ecosia.org': 'Ecosia',
  'search.brave.com': 'Brave',
  'startpage.com': 'Startpage',
  'ask.com': 'Ask',
  'qwant.com': 'Qwant',
};

export const socialNetworks: Sites = {
  't.co': 'X',
  'x.com': 'X',
  'twitter.com': 'X',
  'line.me': 'LINE',
  'lin.ee': 'LINE',
  'liff.line.me': 'LINE',
  'timeline.line.me': 'LINE',
  'facebook.com': 'Facebook',
  'fb.com': 'Facebook',
  'fb.me': 'Facebook',
  'messenger.com': 'Facebook',
  'instagram.com': 'Instagram',
  'threads.net': 'Threads',
  'threads.com': 'Threads',
  'note.com': 'note',
  'b.hatena.ne.jp': 'はてなブックマーク',
  'hatenablog.com': 'はてなブログ',
  'hatenablog.jp': 'はてなブログ',
  'hatena.ne.jp': 'はてな',
  'qiita.com': 'Qiita',
  'zenn.dev': 'Zenn',
  'ameblo.jp': 'Ameba',
  'youtube.com': 'YouTube',
  'youtu.be': 'YouTube',
  'nicovideo.jp': 'ニコニコ',
  'tiktok.com': 'TikTok',
  'linkedin.com': 'LinkedIn',
  'lnkd.in': 'LinkedIn',
  'pinterest.com': 'Pinterest',
  'pinterest.jp': 'Pinterest',
  'reddit.com': 'Reddit',
  'mixi.jp': 'mixi',
  'wantedly.com': 'Wantedly',
  'bsky.app': 'Bluesky',
  'mstdn.jp': 'Mastodon',
  'mastodon.social': 'Mastodon',
  'misskey.io': 'Misskey',
};

export const aiAssistants: Sites = {
  'chatgpt.com': 'ChatGPT',
  'chat.openai.com': 'ChatGPT',
  'perplexity.ai': 'Perplexity',
  'gemini.google.com': 'Gemini',
  'copilot.microsoft.com': 'Copilot',
  'claude.ai': 'Claude',
  'grok.com': 'Grok',
  'chat.deepseek.com': 'DeepSeek',
  'felo.ai': 'Felo',
  'genspark.ai': 'Genspark',
  'you.com': 'You.com',
};

/** What a site is called; nothing for a word that only every object has (`constructor`). */
export const named = (site: string, sites: Sites): string | undefined =>
  Object.hasOwn(sites, site) ? sites[site] : undefined;

/** The name of the site that a host is, or is a part of. */
export function siteOf(host: string, sites: Sites): string | undefined {
  for (let part = host; part !== ''; part = part.slice(part.indexOf('.') + 1)) {
    const name = named(part, sites);
    if (name) return name;
    if (!part.includes('.')) return undefined;
  }
  return undefined;
}

/** Google has a host for each country (google.co.jp, google.com). */
export const isGoogle = (host: string): boolean =>
  /^(www\.|search\.|images\.|news\.|m\.)?google(\.[a-z]{2,3}){1,2}$/.test(host) ||
  host === 'com.google.android.googlequicksearchbox';

/** Words of `utm_source` that mean a social network, with its name. */
export const socialWords: Sites = {
  x: 'X',
  twitter: 'X',
  line: 'LINE',
  facebook: 'Facebook',
  fb: 'Facebook',
  meta: 'Facebook',
  instagram: 'Instagram',
  ig: 'Instagram',
  note: 'note',
  hatena: 'はてな',
  youtube: 'YouTube',
  tiktok: 'TikTok',
  linkedin: 'LinkedIn',
  pinterest: 'Pinterest',
  threads: 'Threads',
};
