import * as z from 'zod/mini';

/** HubSpot's account information. */
export const AccountDetails = z.object({
  portalId: z.number(),
  accountType: z.enum(['STANDARD', 'DEVELOPER_TEST', 'SANDBOX', 'APP_DEVELOPER']),
  timeZone: z.string(),
  companyCurrency: z.string(),
  additionalCurrencies: z.array(z.string()),
  utcOffset: z.string(),
  utcOffsetMilliseconds: z.number(),
  uiDomain: z.string(),
  dataHostingLocation: z.string(),
});

/** The account as it is set up: in Japan, which has one time zone and no summer time. */
export const accountDetails = (portalId: number, uiDomain: string): z.input<typeof AccountDetails> => ({
  portalId,
  accountType: 'STANDARD',
  timeZone: 'Asia/Tokyo',
  companyCurrency: 'JPY',
  additionalCurrencies: [],
  utcOffset: '+09:00',
  utcOffsetMilliseconds: 9 * 60 * 60 * 1000,
  uiDomain,
  dataHostingLocation: 'jp1',
});
