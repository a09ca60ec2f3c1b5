// Loaded before a command: an older Node would fail somewhere in the middle of one, with a stack trace.
const { engines } = require('../package.json');

const needed = /\d+\.\d+/.exec(engines.node)[0];
const [neededMajor, neededMinor] = needed.split('.').map(Number);
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < neededMajor || (major === neededMajor && minor < neededMinor)) {
  console.error(`Node ${process.versions.node} is too old: the commands need Node ${needed} or later.`);
  process.exit(2);
}
