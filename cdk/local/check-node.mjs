// Plain JavaScript that old versions of Node.js can read: it tells them in one sentence why nothing else here runs.
const needed = 24;
const [major] = process.versions.node.split('.');
if (Number(major) < needed) {
  console.error(
    `Tsunagi needs Node.js ${needed} or newer, and this is ${process.version}: run it by npm after "npm ci", which brings Node.js ${needed} with it.`,
  );
  process.exit(1);
}
