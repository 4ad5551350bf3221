import * as z from 'zod/mini';

const Configuration = z.object({
  AllowOrigins: z._default(z.array(z.string()), []),
  AllowMethods: z._default(z.array(z.string()), []),
  AllowHeaders: z._default(z.array(z.string()), []),
  ExposeHeaders: z._default(z.array(z.string()), []),
  AllowCredentials: z._default(z.boolean(), false),
  MaxAge: z.optional(z.number()),
});

/**
 * API Gateway's own handling of other origins, by an API's CorsConfiguration. It answers preflights itself and replaces
 * whatever CORS headers a function sends.
 */
export class Cors {
  private readonly configuration: z.output<typeof Configuration>;

  constructor(configuration: Readonly<Record<string, unknown>>) {
    this.configuration = Configuration.parse(configuration);
  }

  /** Headers for an answer to a page of this origin; none when the origin is not allowed. */
  headersFor(origin: string | undefined): Record<string, string> {
    const { ExposeHeaders, AllowCredentials } = this.configuration;
    const allowed = origin === undefined ? undefined : this.allowedOrigin(origin);
    if (allowed === undefined) return {};
    return {
      'access-control-allow-origin': allowed,
      ...(allowed !== '*' && { vary: 'origin' }),
      ...(ExposeHeaders.length > 0 && { 'access-control-expose-headers': ExposeHeaders.join(',') }),
      ...(AllowCredentials && { 'access-control-allow-credentials': 'true' }),
    };
  }

  /** Headers of the 204 that answers a preflight. */
  preflightHeaders(origin: string | undefined): Record<string, string> {
    const basis = this.headersFor(origin);
    if (!('access-control-allow-origin' in basis)) return {};
    const { AllowMethods, AllowHeaders, MaxAge } = this.configuration;
    return {
      ...basis,
      ...(AllowMethods.length > 0 && { 'access-control-allow-methods': AllowMethods.join(',') }),
      ...(AllowHeaders.length > 0 && { 'access-control-allow-headers': AllowHeaders.join(',') }),
      ...(MaxAge !== undefined && { 'access-control-max-age': String(MaxAge) }),
    };
  }

  private allowedOrigin(origin: string): string | undefined {
    const { AllowOrigins } = this.configuration;
    if (AllowOrigins.includes('*')) return '*';
    return AllowOrigins.some((allowed) => matchesOrigin(allowed, origin)) ? origin : undefined;
  }
}

/** `https://*` stands for every origin of that scheme. */
const matchesOrigin = (allowed: string, origin: string) =>
  allowed.endsWith('://*') ? origin.startsWith(allowed.slice(0, -1)) : allowed.toLowerCase() === origin.toLowerCase();
