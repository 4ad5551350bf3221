/** Programs that read pages without a person before them: crawlers, previews of links, monitors, scanners of mail, scripts. Cubot is a maker of phones. */
const robots =
  /(?<!cu)bot(\b|_)|crawl|spider|slurp|preview|fetch|monitor|scan|headless|phantom|puppeteer|playwright|selenium|lighthouse|pagespeed|curl|wget|python|java\/|go-http|okhttp|axios|node-fetch|undici|libwww|httpclient|facebookexternalhit|whatsapp|embedly|pingdom|uptime|proofpoint|mimecast|barracuda|safelinks|fireeye|trendmicro|symantec|ia_archiver|mediapartners|bingpreview|yahoo!? ?(ad|slurp)|hatena|y!j-|applebot|petal|gptbot|claude|anthropic|ccbot|perplexity|bytespider/i;

/** Whether a request is no person's, by what the program says of itself. Who says nothing is none. */
export function isRobot(headers: Readonly<Record<string, string | undefined>>): boolean {
  const agent = headers['user-agent'] ?? '';
  const purpose = `${headers.purpose ?? ''} ${headers['sec-purpose'] ?? ''} ${headers['x-moz'] ?? ''}`;
  return agent === '' || robots.test(agent) || /prefetch|prerender|preview/i.test(purpose);
}
