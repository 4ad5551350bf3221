import { newEmail } from '../../lib/emails/email.ts';
import { renderEmail } from '../../lib/emails/render.ts';
import { writtenParts } from '../../lib/emails/source.ts';

export type RenderCost = { readonly kilobytes: number; readonly firstMs: number; readonly ms: number };

/** A mail of a usual size (30 KB, 40 tokens) for a thousand readers: the first one pays for reading the template. */
export async function measureRender(readers = 1000): Promise<RenderCost> {
  const item =
    '<tr><td style="padding:8px 24px;font-size:16px;line-height:1.7"><p>{{ contact.company | default: "貴社" }} {{ contact | honorific }}</p>' +
    '{% if contact.phone %}<p>{{ contact.phone }}</p>{% endif %}<p>' +
    '春の特集のご案内です。'.repeat(40) +
    '</p><a href="https://example.co.jp/?c={{ contact.hs_object_id }}">詳しく見る</a></td></tr>';
  const html = `<html><body><table>${item.repeat(10)}</table>{{ owner.lastname | default: "担当" }}<a href="{{ unsubscribe_link }}">配信停止</a></body></html>`;
  const input = { name: 'bench', subject: '{{ contact.lastname }}様へ', content: { html } };
  const draft = newEmail(input, { now: new Date().toISOString(), by: 'bench', id: '1' });
  const email = { ...draft, ready: writtenParts(draft) };
  const facts = (n: number) => ({
    contact: { lastname: '田中', company: `会社${n}`, phone: '03-1234-5678', hs_object_id: String(n) },
    links: { unsubscribe: 'https://example.co.jp/u/1' },
  });
  const first = performance.now();
  const { html: one } = await renderEmail(email, facts(0));
  const start = performance.now();
  for (let n = 1; n <= readers; n += 1) await renderEmail(email, facts(n));
  return {
    kilobytes: Buffer.byteLength(one) / 1024,
    firstMs: start - first,
    ms: (performance.now() - start) / readers,
  };
}
