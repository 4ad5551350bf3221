import * as z from 'zod/mini';
import { publicUrl, signLink } from '../links/link.ts';

/** Whose mail of which send. */
const mail = { sendId: z.string(), contactId: z.string() };

export const OpenClaims = z.object(mail);
export type OpenClaims = z.output<typeof OpenClaims>;

/** A link of a mail: where it leads, and which of the mail's links it is. Without `url` it is the one that no person sees. */
export const ClickClaims = z.object({ ...mail, url: z.optional(z.string()), link: z.string() });
export type ClickClaims = z.output<typeof ClickClaims>;

type Until = { readonly until: string };

/** The address of the picture that tells that a mail was opened. */
export const openUrl = async ({ sendId, contactId }: OpenClaims, { until }: Until): Promise<string> =>
  `${publicUrl()}/o/${await signLink('open', { sendId, contactId }, until)}`;

/** The address that counts a click and leads on. Where it leads is signed with it, so that it leads nowhere else. */
export const clickUrl = async ({ url, ...claims }: ClickClaims, { until }: Until): Promise<string> =>
  `${publicUrl()}/c/${await signLink('click', { ...claims, ...(url !== undefined && { url }) }, until)}`;
