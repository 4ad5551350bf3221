/** An address that SES takes: one @, a domain with a dot, no spaces, quotes or control characters; 254 characters at most. */
export const isAddress = (text: string): boolean =>
  text.length <= 254 &&
  /^[^\s@"<>(),;:\\[\]\p{Cc}]{1,64}@[^\s@"<>(),;:\\[\]\p{Cc}]+\.[^\s@"<>(),;:\\.[\]\p{Cc}]{2,}$/u.test(text);
