// What a cluster is made of: PostgreSQL, NATS, nodes, and the balancer before them. NATS and the
// balancer run on the files of deploy/, with other addresses.
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { Process, freePorts, say, until } from './processes.mjs';

const root = new URL('../../', import.meta.url).pathname;
const binary = process.env.DAYBOOK_BINARY ?? join(root, 'build/release/daybook');
const kNatsServers = 3;

const begin = promisify(execFile);

// <program> <arguments>: its standard output; throws what it said.
async function run(program, ...args) {
  const { stdout } = await begin(program, args, { maxBuffer: 64 << 20 });
  return stdout.trim();
}

export function daybook(...args) {
  return run(binary, ...args);
}

export async function isAnswering(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

async function startPostgres(cluster) {
  const home = join(cluster.directory, 'postgres');
  const server = new Process(
    'postgres',
    [join(root, 'tests/support/postgres.sh'), 'run', home],
    { log: join(cluster.directory, 'postgres.log'), endsBy: 'SIGINT' },
  );
  cluster.begin(server);
  await until('PostgreSQL starts', () => {
    if (!server.isRunning) throw new Error(`PostgreSQL ended: ${server.lastWords()}`);
    return run('pg_isready', '-h', home, '-d', 'postgres').catch(() => undefined);
  });
  const database = ['--encoding', 'UTF8', '--template', 'template0', 'books'];
  await run('createdb', '-h', home, '-U', 'daybook', ...database);
  server.address = `postgres://daybook@/books?host=${home}`;
  return server;
}

async function startNats(cluster) {
  const ports = await freePorts(2 * kNatsServers);
  const clients = ports.slice(0, kNatsServers);
  const routes = ports.slice(kNatsServers).map((port) => `nats://127.0.0.1:${port}`);
  return clients.map((port, index) => {
    const name = `nats-${index + 1}`;
    const server = new Process(
      name,
      [
        ...['nats-server', '-c', join(root, 'deploy/nats.conf'), '-n', name],
        ...['-a', '127.0.0.1', '-p', String(port)],
        ...['--cluster', routes[index], '--routes', routes.join(',')],
      ],
      { log: join(cluster.directory, `${name}.log`) },
    );
    server.url = `nats://127.0.0.1:${port}`;
    cluster.begin(server);
    return server;
  });
}

class Node extends Process {
  constructor(name, port, { directory, postgres, nats }) {
    const data = join(directory, name);
    super(
      name,
      [
        ...[binary, 'serve', '--data', data, '--port', String(port)],
        ...['--store', postgres.address, '--bus', nats.map((server) => server.url).join(',')],
        ...['--trusted-proxy', '127.0.0.1'],
      ],
      { log: join(directory, `${name}.log`) },
    );
    this.data = data;
    this.url = `http://127.0.0.1:${port}`;
  }

  async ready() {
    await until(`${this.name} is ready`, () => {
      if (!this.isRunning) throw new Error(`${this.name} ended: ${this.lastWords()}`);
      return isAnswering(`${this.url}/readyz`);
    });
  }
}

async function startNodes(cluster, count) {
  const nodes = (await freePorts(count)).map(
    (port, index) => new Node(`node-${index + 1}`, port, cluster),
  );
  for (const node of nodes) cluster.begin(node);
  await Promise.all(nodes.map((node) => node.ready()));
  return nodes;
}

// deploy/haproxy.cfg on a port of this machine, with these nodes.
function balancerSettings(directory, port, nodes) {
  const servers = nodes.map((node) => `    server ${node.name} ${new URL(node.url).host}\n`);
  return readFileSync(join(root, 'deploy/haproxy.cfg'), 'utf8')
    .replace(/maxconn .*/, 'maxconn 1000')
    .replace('/run/haproxy/admin.sock', join(directory, 'haproxy.sock'))
    .replace(/bind .*/, `bind 127.0.0.1:${port}`)
    .replace(/(^ {4}server .*\n)+/m, servers.join(''));
}

async function startBalancer(cluster) {
  const { directory, nodes } = cluster;
  const [port] = await freePorts(1);
  const file = join(directory, 'haproxy.cfg');
  writeFileSync(file, balancerSettings(directory, port, nodes));
  const balancer = new Process('haproxy', ['haproxy', '-db', '-f', file], {
    log: join(directory, 'haproxy.log'),
  });
  balancer.url = `http://127.0.0.1:${port}`;
  cluster.begin(balancer);
  await until('the balancer serves', () => {
    if (!balancer.isRunning) throw new Error(`haproxy ended: ${balancer.lastWords()}`);
    return isAnswering(`${balancer.url}/readyz`);
  });
  return balancer;
}

export class Cluster {
  #begun = [];
  isStopping = false;

  constructor() {
    this.directory = mkdtempSync(join(tmpdir(), 'daybook-cluster-'));
    // The user postgres has its directory in here.
    chmodSync(this.directory, 0o755);
  }

  begin(process) {
    if (this.isStopping) throw new Error('the cluster is being stopped');
    this.#begun.push(process);
    process.start();
  }

  async start(nodeCount) {
    this.postgres = await startPostgres(this);
    this.nats = await startNats(this);
    this.nodes = await startNodes(this, nodeCount);
    this.balancer = await startBalancer(this);
  }

  // Real bookings of two hotels, an owner's token, and a link that opens the owner's account once.
  async fillWithDemo() {
    const data = ['--data', this.nodes[0].data];
    await daybook('demo', '--once', ...data);
    this.token = await daybook('token', 'create', ...data, '--role', 'owner');
    const owner = ['--name', 'Demo owner', '--email', 'owner@example.com', '--role', 'owner'];
    const link = new URL(await daybook('user', 'add', ...data, ...owner));
    this.acceptLink = `${this.balancer.url}/${link.hash}`;
  }

  // The database last: whoever ends still writes how far it came.
  async stop() {
    this.isStopping = true;
    const [database, ...others] = this.#begun;
    await Promise.all(others.map((each) => each.stop()));
    await database?.stop();
    say('stopped');
  }

  remove() {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
