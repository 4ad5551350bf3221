import { expect, test } from 'vitest';
import { attributes, html, lines, plainText } from '../../../lib/pages/html.ts';

test('what is put into a template is escaped, in text and in attributes', () => {
  expect(html`<p title="${`"'<&`}">${'<b>&amp;'}</p>`.markup).toBe(
    '<p title="&quot;&#39;&lt;&amp;">&lt;b&gt;&amp;amp;</p>',
  );
});

test('markup within markup stays, lists are joined, and nothing is shown for what is absent', () => {
  const rows = ['a', '<'].map((each) => html`<li>${each}</li>`);
  expect(html`<ul>${rows}${false}${undefined}${0}</ul>`.markup).toBe('<ul><li>a</li><li>&lt;</li>0</ul>');
});

test('attributes are quoted and escaped; flags are bare or absent', () => {
  expect(attributes({ value: '"><x', required: true, checked: false, id: undefined, rows: 5 }).markup).toBe(
    ' value="&quot;&gt;&lt;x" required rows="5"',
  );
});

test('a rich text keeps its words and line breaks and loses its tags and scripts', () => {
  expect(plainText('<p>一<b>二</b></p><p>三&amp;四</p><script>alert(1)</script>')).toBe('一二\n三&四');
  expect(plainText('a<br/>b<img src=x onerror=alert(1)>')).toBe('a\nb');
  expect(html`${lines('a\n<b>')}`.markup).toBe('a<br>&lt;b&gt;');
});
