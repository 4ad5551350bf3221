/** The address without the slashes at the end of its path, ready for a header; undefined when its path has none to lose. */
export function withoutEndingSlash(origin: string, url: string): string | undefined {
  // Not `new URL(url, origin)`: a path that begins with two slashes would name another host.
  const address = new URL(`${origin}${url}`);
  const path = address.pathname.replace(/\/+$/, '');
  if (path === '' || path === address.pathname) return undefined;
  address.pathname = path;
  return address.href;
}
