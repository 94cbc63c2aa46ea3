// A whole cluster on the loopback of this machine, with the demo's bookings, until Ctrl-C. Called
// by ./dev cluster.
//
//   cluster.mjs <nodes> [--check]     with --check it is tried out, and ends 0 if all is well
import { inspect } from 'node:util';

import { check } from './checks.mjs';
import { Cluster } from './parts.mjs';
import { say } from './processes.mjs';

const [nodeCount, mode] = process.argv.slice(2);

function describe(cluster) {
  const processes = [cluster.postgres, ...cluster.nats, ...cluster.nodes, cluster.balancer];
  const lines = processes.map(({ name, pid, url, address }) => {
    return `  ${name.padEnd(10)} ${String(pid).padStart(7)}  ${url ?? address}`;
  });
  return [
    `serving ${cluster.balancer.url}, by ${cluster.nodes.length} nodes`,
    ...lines,
    `Logs and books: ${cluster.directory}`,
    `Sign in as the demo's owner: ${cluster.acceptLink}`,
    `An owner's token, for Authorization: Bearer …: ${cluster.token}`,
    'Kill whom you like: it is started again. Stop it all with Ctrl-C.',
  ].join('\n');
}

const cluster = new Cluster();
const asked = new Promise((tell) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => tell(signal));
});

async function main() {
  say('starting PostgreSQL, NATS, nodes, haproxy');
  await cluster.start(Number(nodeCount));
  say("importing the demo's bookings");
  await cluster.fillWithDemo();
  if (mode === '--check') return check(cluster);
  say(describe(cluster));
  await asked;
  return true;
}

let isWell = false;
let isAsked = false;
void asked.then(() => (isAsked = true));
try {
  isWell = await Promise.race([main(), asked.then(() => false)]);
} catch (failure) {
  say(inspect(failure));
}
await cluster.stop();
if (isWell || isAsked) cluster.remove();
else say(`what is left of it: ${cluster.directory}`);
process.exit(isWell ? 0 : 1);
