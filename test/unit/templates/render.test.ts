import { describe, expect, test } from 'vitest';
import { renderTemplate, TemplateProblem, tokensIn } from '../../../lib/templates/render.ts';

const contact = {
  lastname: '田中',
  firstname: '一郎',
  company: '<b>株式会社例</b>',
  createdate: '2022-12-01T01:00:00Z',
};
const render = async (template: string, kind: 'html' | 'text' = 'text') => renderTemplate(template, { contact }, kind);

describe('tokens', () => {
  test.each([
    ['{{ contact.lastname }}', '田中'],
    ['{{contact.phone | default: "電話なし"}}', '電話なし'],
    ['{{ personalization_token("contact.lastname", "お客様") }}', '田中'],
    ["{{ personalization_token('contact.phone', 'お客様') }}", 'お客様'],
    ["{{ personalization_token('contact.lastname') }}", '田中'],
    ['{{ contact.phone|default("なし", true) }}', 'なし'],
    ['{{ contact | honorific }}', '田中 様'],
    ['{{ contact.createdate | jp_date }}', '2022/12/01(木)'],
    ['{{ contact.createdate | jp_datetime }}', '2022/12/01(木) 10:00'],
    ['{{ contact.createdate | jp_era }}', '令和4年12月1日'],
    ['{{ "2000" | yen }}', '2,000円'],
    ['{% if contact.lastname == "田中" %}はい{% else %}いいえ{% endif %}', 'はい'],
  ])('%s is %s', async (template, text) => {
    expect(await render(template)).toEqual({ text, missing: [] });
  });

  test('values are escaped in HTML, and as they are in a text', async () => {
    expect((await render('{{ contact.company }}', 'html')).text).toBe('&lt;b&gt;株式会社例&lt;/b&gt;');
    expect((await render('{{ contact.company }}')).text).toBe('<b>株式会社例</b>');
  });

  test('what was printed without a value or a default is missing, and nothing else', async () => {
    const template =
      '{{ contact.phone }}{{ contact.lastname }}{% if contact.fax %}{{ contact.fax }}{% endif %}{{ deal.amount | yen }}' +
      '{{ contact.city | default: "" }}{% assign n = contact.zip %}{{ n }}{{ contact.phone | upcase | append: "様" }}';
    expect((await render(template)).missing).toEqual(['contact.phone', 'deal.amount', 'n']);
  });

  test('which tokens a template reads is known without rendering it', () => {
    const template =
      '{{ contact.a }}{{ contact.b | default: "x" }}{% if company.c %}{{ contact.b }}{% endif %}{{ owner.d | default: contact.e }}';
    expect(tokensIn(template)).toEqual([
      { path: 'contact.a', hasDefault: false },
      { path: 'contact.b', hasDefault: false },
      { path: 'contact.e', hasDefault: true },
      { path: 'company.c', hasDefault: true },
      { path: 'owner.d', hasDefault: true },
    ]);
  });
});

describe('a template that would not end', () => {
  test.each([
    ['a long loop', '{% for i in (1..1000000000) %}x{% endfor %}'],
    ['loops in loops', `${'{% for i in (1..1000) %}'.repeat(5)}x${'{% endfor %}'.repeat(5)}`],
    ['empty loops in loops', `${'{% for i in (1..1000) %}'.repeat(5)}${'{% endfor %}'.repeat(5)}`],
    ['a text that doubles', `{% assign a = "xxxxxxxxxx" %}${'{% assign a = a | append: a %}'.repeat(60)}{{ a }}`],
    [
      'a block that doubles',
      `{% capture a %}x{% endcapture %}${'{% capture a %}{{ a }}{{ a }}{% endcapture %}'.repeat(60)}{{ a }}`,
    ],
    [
      'a huge replacement',
      '{% assign a = "a" %}{% for i in (1..40) %}{% assign a = a | replace: "a", "aaaaaaaa" %}{% endfor %}{{ a }}',
    ],
    ['another template', '{% render "mail" %}'],
    ['a file', '{% include "/etc/passwd" %}'],
    ['nested without end', '{% if contact.a %}'.repeat(10_000)],
    ['a template too long', 'x'.repeat(300_000)],
    ['a filter that nobody knows', '{{ contact.a | nothing }}'],
    ['an open tag', '{% if contact.a %}'],
    [
      'prototypes',
      '{{ contact.constructor.constructor | default: "x" }}{% for i in (1..2) %}{{ i | nofilter }}{% endfor %}',
    ],
  ])('%s is refused within seconds', async (_, template) => {
    const before = performance.now();
    await expect(render(template)).rejects.toBeInstanceOf(TemplateProblem);
    await expect(render(template, 'html')).rejects.toBeInstanceOf(TemplateProblem);
    expect(performance.now() - before).toBeLessThan(4000);
  });
});
