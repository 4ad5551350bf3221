import { startLocal } from '../../../cdk/local/local-system.ts';
import { stackOf } from '../../../cdk/local/template.ts';

/** Runs the tiny stack in a process of its own, so that a test can kill it: HOME, then the folder and the template of the stack. */
const [home = '', folder = '', template = ''] = process.argv.slice(2);
const { apiUrl, localUrl } = await startLocal({ home, stacks: [stackOf('tiny', JSON.parse(template), folder)] });
process.stdout.write(`${JSON.stringify({ apiUrl, localUrl })}\n`);
