import { measureSend, sendUnderTrouble } from './sends.ts';
import { removeHome, scratchHome, startSystem } from './system.ts';
const home = scratchHome();
const system = await startSystem(home);
try { for (const n of [1000]) console.log(JSON.stringify(await measureSend(system, n, 'e-mail'))); } finally { await system.stop(); removeHome(home); }
const h2 = scratchHome();
try { console.log(JSON.stringify(await sendUnderTrouble(h2, 300))); } finally { removeHome(h2); }
