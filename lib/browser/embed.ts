/// <reference lib="dom" />
import { mountAll } from '../pages/embed/mount.ts';

const script = document.currentScript as HTMLScriptElement | null;
const origin = new URL(script?.src || location.href).origin;
const scan = () => mountAll(origin);

// For pages that put a form in later.
Object.assign(window, { tsunagiForms: { scan } });
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', scan);
else scan();
