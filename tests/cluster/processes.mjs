// The processes of a cluster, all of them on the loopback of this machine: each has a log beside
// it, is known by its process id, and ends with this program, however that ends.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as rest } from 'node:timers/promises';

const kEndPatience = 20_000;
const kStartAgainAfter = 1_000;

export function say(words) {
  process.stderr.write(`cluster: ${words}\n`);
}

// Asks until `attempt` gives something, and gives that; `what` is what is said when it never does.
export async function until(what, attempt, patience = 30_000) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await attempt();
    if (found) return found;
    if (Date.now() >= end) throw new Error(`${what}: not within ${patience / 1000} s`);
    await rest(20);
  }
}

// Ports that nobody has. Below those that the kernel gives to outgoing connections, so that a
// server that was killed finds its own again; held until all are found, so that none comes twice.
export async function freePorts(count) {
  const servers = [];
  while (servers.length < count) {
    const server = createServer().listen(20_000 + randomInt(10_000), '127.0.0.1');
    const isOurs = once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (await isOurs) servers.push(server);
  }
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

export class Process {
  // `endsBy`: the signal that asks it to end.
  constructor(name, command, { log, endsBy = 'SIGTERM' }) {
    this.name = name;
    this.command = command;
    this.log = log;
    this.endsBy = endsBy;
    this.isWanted = false;
  }

  get isRunning() {
    const { child } = this;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  get pid() {
    return this.child.pid;
  }

  // A group of its own: a Ctrl-C is for this program, which ends the others in their order.
  start() {
    const log = openSync(this.log, 'a');
    const dies = ['--pdeathsig', this.endsBy.slice(3), '--'];
    this.child = spawn('setpriv', [...dies, ...this.command], {
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    this.isWanted = true;
    this.ended = once(this.child, 'exit').then(([code, signal]) => this.#tell(code ?? signal));
  }

  // What ends by itself begins again, as it would under systemd.
  #tell(how) {
    if (!this.isWanted) return;
    say(`${this.name} ended (${how}), and is started again`);
    setTimeout(() => this.isWanted && this.start(), kStartAgainAfter);
  }

  // By `signal`, and by SIGKILL when that does not help.
  async stop(signal = this.endsBy) {
    this.isWanted = false;
    if (!this.isRunning) return;
    const late = setTimeout(() => {
      say(`${this.name} does not end, and is killed`);
      this.child.kill('SIGKILL');
    }, kEndPatience);
    this.child.kill(signal);
    await this.ended;
    clearTimeout(late);
  }

  lastWords() {
    return readFileSync(this.log, 'utf8').split('\n').slice(-12).join('\n');
  }
}
