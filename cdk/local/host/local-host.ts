/**
 * Whether a Host header names this machine. The listeners are on its own addresses, but a page of another site can make a browser
 * come here under a name of its own that leads to 127.0.0.1.
 */
export const isLocalHost = (host = ''): boolean => /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host);
