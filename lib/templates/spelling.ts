/** `personalization_token("contact.firstname", "default")`, the default may be left out. */
const personalisation = /personalization_token\(\s*(?:"([\w.]+)"|'([\w.]+)')\s*(?:,\s*("[^"{}]*"|'[^'{}]*')\s*)?\)/g;
/** HubL calls its filters with brackets: `| default("お客様", true)`. */
const calledDefault = /\|\s*default\(\s*("[^"{}]*"|'[^'{}]*')\s*(?:,\s*(?:true|boolean\s*=\s*true)\s*)?\)/g;

/** HubSpot's own spellings of tokens in ours; everything else stays as it is. */
export const ownSpelling = (template: string): string =>
  template
    .replace(personalisation, (_, quoted?: string, single?: string, fallback?: string) => {
      const path = quoted ?? single ?? '';
      return fallback === undefined ? path : `${path} | default: ${fallback}`;
    })
    .replace(calledDefault, '| default: $1');
