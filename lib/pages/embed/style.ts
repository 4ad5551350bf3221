const rules = `
.tsunagi-form .field,.tsunagi-form fieldset{border:0;margin:0 0 1.2em;padding:0;min-width:0}
.tsunagi-form label,.tsunagi-form legend{display:block;font-weight:600;margin:0 0 .3em;padding:0}
.tsunagi-form .choice{display:flex;gap:.6em;align-items:flex-start;font-weight:400;margin:0;padding:.3em 0}
.tsunagi-form input:not([type=radio]):not([type=checkbox]),.tsunagi-form select,.tsunagi-form textarea{box-sizing:border-box;width:100%;min-height:2.8em;padding:.5em .6em;font:inherit}
.tsunagi-form .mark,.tsunagi-form .error{color:#b42318;font-size:.9em;font-weight:600}
.tsunagi-form .mark{margin-inline-start:.5em}
.tsunagi-form .error,.tsunagi-form .hint{margin:.3em 0 0}
.tsunagi-form .hint,.tsunagi-form .note{font-size:.9em;opacity:.8}
.tsunagi-form [aria-invalid=true]{outline:2px solid #b42318}
.tsunagi-form button{font:inherit;font-weight:700;min-height:2.8em;padding:.6em 2em;cursor:pointer}
`;

let sheet: CSSStyleSheet | undefined;

/** A sheet that is made by script needs no `style-src`. A page that has its own rules says `data-tsunagi-style="none"` of the place. */
export function dress(form: HTMLFormElement): void {
  form.classList.add('tsunagi-form');
  if (sheet || document.querySelector('[data-tsunagi-style=none]') || !('adoptedStyleSheets' in document)) return;
  sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** Out of sight for people, whatever the page's rules say. */
export function hide(element: HTMLElement): void {
  Object.assign(element.style, {
    position: 'absolute',
    left: '-10000px',
    width: '1px',
    height: '1px',
    overflow: 'hidden',
  });
}

export function show(element: HTMLElement, shown: boolean): void {
  element.hidden = !shown;
  element.style.display = shown ? '' : 'none';
}
