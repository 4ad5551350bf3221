import { join } from 'node:path';
import { synthesize } from '../app.ts';
import { bundle } from '../bundle.ts';

/** Started by `build.ts`: bundles the functions and writes the templates into the folder that it is given. */
const folder = process.argv[2];
if (!folder) throw new Error('usage: build-process.ts FOLDER');
const { outDir } = await bundle({ outDir: join(folder, 'bundle') });
synthesize({ outdir: join(folder, 'cdk.out'), assets: outDir, validate: false, localAddresses: 'allow' });
