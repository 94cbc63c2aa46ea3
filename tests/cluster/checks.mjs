// What ./dev cluster --check tries out: that three nodes are one system, also when parts of it go.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';

import { Stream, ask, askWell, positionOf } from './client.mjs';
import { daybook } from './parts.mjs';
import { say, until } from './processes.mjs';

// What a change of rights may take, or a hint that was missed: a sweep of the heads, each second.
const kSweepPatience = 1_500;
const kPassword = 'red boat on the river';

function expense(cluster, amountMinor = 1) {
  return {
    propertyId: cluster.property.id,
    currency: cluster.property.currency,
    amountMinor,
    category: 'supplies',
    paymentMode: 'bank',
  };
}

async function write(cluster, url, key = randomUUID()) {
  const body = expense(cluster, 1 + (Date.now() % 1000));
  const headers = { 'Idempotency-Key': key };
  return askWell(url, cluster.token, 'POST', '/v1/finance/expenses', { body, headers });
}

async function readyzOf(node) {
  return ask(node.url, '', 'GET', '/readyz');
}

async function untilBus(nodes, state) {
  for (const node of nodes) {
    await until(`the bus of ${node.name} is ${state}`, async () => {
      const { status, json } = await readyzOf(node);
      return status === 200 && json.bus === state;
    });
  }
}

// All positions of the log behind `after`, by the history of events.
async function logPositions(cluster, url, after) {
  const positions = [];
  for (let last = after; ; last = positions.at(-1)) {
    const path = `/v1/finance/events?limit=1000&afterPosition=${last}`;
    const { json } = await askWell(url, cluster.token, 'GET', path);
    positions.push(...json.data.map((event) => event.position));
    if (json.data.length === 0) return positions;
  }
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

async function nodesAreReady({ nodes, balancer }) {
  await untilBus(nodes, 'connected');
  const { json } = await askWell(balancer.url, '', 'GET', '/readyz');
  assert.equal(json.status, 'ready');
}

async function tokenAndSessionOpenEveryNode(cluster) {
  const { nodes, balancer, token, acceptLink } = cluster;
  for (const node of nodes) await askWell(node.url, token, 'GET', '/v1/me');

  const own = { 'Daybook-Console': '1' };
  const from = (url) => ({ ...own, Origin: url });
  const accept = { token: acceptLink.split('/').at(-1), name: 'Demo owner', password: kPassword };
  const accepted = { body: accept, headers: from(balancer.url) };
  await askWell(balancer.url, '', 'POST', '/v1/auth/accept', accepted);

  const who = { email: 'owner@example.com', password: kPassword };
  for (const entered of nodes) {
    const signIn = await until(`${entered.name} lets the owner in`, async () => {
      const asked = { body: who, headers: from(entered.url) };
      const answer = await ask(entered.url, '', 'POST', '/v1/auth/sign-in', asked);
      return answer.status === 200 && answer;
    }, kSweepPatience);
    const headers = { ...own, Cookie: signIn.headers.get('set-cookie').split(';')[0] };
    for (const node of nodes) {
      await until(`a session of ${entered.name} opens ${node.name}`, async () => {
        return (await ask(node.url, '', 'GET', '/v1/me', { headers })).status === 200;
      }, kSweepPatience);
    }
  }
}

// The report of the day has been cached everywhere before each write, and nobody else writes.
async function writesAreReadEverywhere(cluster) {
  const { nodes, token, property } = cluster;
  const took = [];
  const reportPath = `/v1/reports/daily?propertyId=${property.id}`;
  const before = (await write(cluster, nodes[0].url)).position;
  const atFirst = await askWell(nodes[0].url, token, 'GET', reportPath, {
    headers: { 'Daybook-Min-Position': String(before) },
  });
  for (let round = 0; round < 30; round += 1) {
    const written = await write(cluster, nodes[round % nodes.length].url);
    const headers = { 'Daybook-Min-Position': String(written.position) };
    const { id } = written.json;
    const began = performance.now();
    const reports = await Promise.all(
      nodes.map(async (node) => {
        await askWell(node.url, token, 'GET', `/v1/finance/expenses/${id}`, { headers });
        const report = await askWell(node.url, token, 'GET', reportPath, { headers });
        assert.ok(report.position >= written.position, `${node.name} answered an older position`);
        return report.json;
      }),
    );
    took.push(performance.now() - began);
    const count = atFirst.json.entryCount + round + 1;
    for (const report of reports) assert.equal(report.entryCount, count, 'a report is stale');
  }
  return `read on all nodes in ${median(took).toFixed(1)} ms (median)`;
}

// How long an event takes from one node's answer to a stream of another.
async function delaysToOtherStream(cluster, count) {
  const [first, second] = cluster.nodes;
  const stream = await Stream.open(second.url, cluster.token);
  const delays = [];
  for (let round = 0; round < count; round += 1) {
    const { position } = await write(cluster, first.url);
    const answered = performance.now();
    const event = await stream.nextEvent(kSweepPatience);
    assert.equal(positionOf(event.id), position);
    delays.push(Math.max(0, event.at - answered));
  }
  stream.close();
  return delays;
}

async function streamHearsOtherNodes(cluster) {
  const delays = await delaysToOtherStream(cluster, 30);
  const words = `${median(delays).toFixed(1)} ms after the answer (median)`;
  // Without the bus it would be half a sweep.
  assert.ok(median(delays) < 250, words);
  return words;
}

async function writeMany(cluster, url, count) {
  for (let round = 0; round < count; round += 1) await write(cluster, url);
}

// The positions of the next events behind `lastId`, a few from each node.
async function readFromNodeToNode({ nodes, token }, lastId, count) {
  const positions = [];
  for (let connection = 1; positions.length < count; connection += 1) {
    const stream = await Stream.open(nodes[connection % nodes.length].url, token, lastId);
    assert.equal(stream.first.event, 'ready', 'a node does not know the cursor of another');
    for (let taken = 0; taken < 7 && positions.length < count; taken += 1) {
      lastId = (await stream.nextEvent()).id;
      positions.push(positionOf(lastId));
    }
    stream.close();
  }
  return positions;
}

async function streamGoesOnElsewhere(cluster) {
  const { nodes, balancer, token } = cluster;
  const kEvents = 90;
  const stream = await Stream.open(nodes[0].url, token);
  const start = stream.first.id;
  stream.close();
  const [got] = await Promise.all([
    readFromNodeToNode(cluster, start, kEvents),
    writeMany(cluster, balancer.url, kEvents),
  ]);
  assert.deepEqual(got, await logPositions(cluster, balancer.url, positionOf(start)));
}

async function revokedTokenIsRefused(cluster) {
  const { nodes, token } = cluster;
  const asked = { body: { name: 'short', role: 'owner', properties: null } };
  const made = (await askWell(nodes[0].url, token, 'POST', '/v1/tokens', asked)).json;
  const statusAt = async (node) => (await ask(node.url, made.secret, 'GET', '/v1/me')).status;
  for (const node of nodes) {
    await until(`a new token opens ${node.name}`, async () => (await statusAt(node)) === 200);
  }
  const stream = await Stream.open(nodes[1].url, made.secret);
  const path = `/v1/tokens/${made.id}`;
  await askWell(nodes[2 % nodes.length].url, token, 'DELETE', path);
  const began = performance.now();
  for (const node of nodes) {
    const words = `a revoked token is refused by ${node.name}`;
    await until(words, async () => (await statusAt(node)) === 401, kSweepPatience);
  }
  const took = performance.now() - began;
  await until('its stream ends', () => !stream.isOpen, 3_000);
  return `after ${took.toFixed(0)} ms`;
}

// Writes through the balancer, each until it is acknowledged, as a careful client does.
async function writeUntilAcknowledged(cluster, key) {
  return until('a write is acknowledged', async () => {
    try {
      return await write(cluster, cluster.balancer.url, key);
    } catch {
      return undefined;
    }
  });
}

async function untilServedBy({ balancer, token }, node) {
  await until(`the balancer serves from ${node.name}`, async () => {
    const { status, headers } = await ask(balancer.url, token, 'GET', '/v1/me');
    return status === 200 && headers.get('x-served-by') === node.name;
  });
}

async function killedNodeLeavesAndComesBack(cluster) {
  const { nodes, balancer, token } = cluster;
  const victim = nodes[1];
  const start = (await askWell(balancer.url, token, 'GET', '/v1/me')).position;
  const headers = { 'Daybook-Min-Position': String(start) };
  const before = (await logPositions(cluster, nodes[0].url, start)).length;
  assert.equal(before, 0);
  const written = new Set();
  for (let round = 0; round < 120; round += 1) {
    if (round === 20) await victim.stop('SIGKILL');
    if (round === 80) victim.start();
    written.add((await writeUntilAcknowledged(cluster, randomUUID())).json.id);
    await askWell(balancer.url, token, 'GET', '/v1/me', { headers });
  }
  await untilServedBy(cluster, victim);
  const positions = await logPositions(cluster, victim.url, start);
  assert.equal(written.size, 120);
  assert.equal(positions.length, 120, 'acknowledged writes are lost or doubled');
}

// As in an upgrade: one node after the other, while others write and read through the balancer.
async function nodesRestartInTurn(cluster) {
  const { nodes, balancer, token } = cluster;
  const start = (await askWell(balancer.url, token, 'GET', '/v1/me')).position;
  const written = new Set();
  let isOver = false;
  const working = (async () => {
    while (!isOver) {
      const { json, position } = await writeUntilAcknowledged(cluster, randomUUID());
      written.add(json.id);
      const headers = { 'Daybook-Min-Position': String(position) };
      await askWell(balancer.url, token, 'GET', `/v1/finance/expenses/${json.id}`, { headers });
    }
  })();
  const restarting = (async () => {
    for (const node of nodes) {
      await node.stop();
      node.start();
      await node.ready();
      await untilServedBy(cluster, node);
    }
    isOver = true;
  })();
  await Promise.all([working, restarting]).finally(() => (isOver = true));
  const positions = await logPositions(cluster, nodes[0].url, start);
  assert.equal(positions.length, written.size, 'acknowledged writes are lost or doubled');
  return `${written.size} writes, every read answered`;
}

// Nobody is told that something is written which is not, nor the other way round.
async function databaseMayRestart(cluster) {
  const { nodes, balancer, postgres, token } = cluster;
  const start = (await askWell(balancer.url, token, 'GET', '/v1/me')).position;
  const written = new Set();
  const writing = (async () => {
    for (let round = 0; round < 40; round += 1) {
      written.add((await writeUntilAcknowledged(cluster, randomUUID())).json.id);
    }
  })();
  await postgres.stop();
  for (const node of nodes) {
    await until(`${node.name} says that its database is away`, async () => {
      return (await readyzOf(node)).status === 503;
    });
  }
  postgres.start();
  await Promise.all([writing, ...nodes.map((node) => node.ready())]);
  const positions = await logPositions(cluster, nodes[0].url, start);
  assert.equal(written.size, 40);
  assert.equal(positions.length, 40, 'acknowledged writes are lost or doubled');
}

async function oneNatsServerMayGo(cluster) {
  const { nats, nodes } = cluster;
  await nats[0].stop('SIGKILL');
  await untilBus(nodes, 'connected');
  const delays = await delaysToOtherStream(cluster, 10);
  nats[0].start();
  return `${median(delays).toFixed(1)} ms to another node's stream (median)`;
}

async function allIsRightWithoutNats(cluster) {
  const { nats, nodes } = cluster;
  await Promise.all(nats.map((server) => server.stop('SIGKILL')));
  await untilBus(nodes, 'disconnected');
  await writesAreReadEverywhere(cluster);
  const delays = await delaysToOtherStream(cluster, 5);
  for (const server of nats) server.start();
  await untilBus(nodes, 'connected');
  await streamHearsOtherNodes(cluster);
  return `${median(delays).toFixed(0)} ms to another node's stream (median)`;
}

async function booksAreProved(cluster) {
  const { nodes, balancer } = cluster;
  const logs = [];
  for (const node of [balancer, ...nodes]) logs.push(await logPositions(cluster, node.url, 0));
  for (const log of logs) assert.deepEqual(log, logs[0]);
  assert.deepEqual(logs[0], Array.from(logs[0], (_, index) => index + 1));
  await daybook('verify', '--data', nodes[0].data);
  return `${logs[0].length} events, the same on all nodes`;
}

const kChecks = [
  ['every node is ready and on the bus', nodesAreReady],
  ['a token and a session open every node', tokenAndSessionOpenEveryNode],
  ['what one node writes is read on all', writesAreReadEverywhere],
  ['a stream hears what other nodes write', streamHearsOtherNodes],
  ['a stream goes on elsewhere without a gap', streamGoesOnElsewhere],
  ['a revoked token is refused everywhere', revokedTokenIsRefused],
  ['a killed node leaves the balancer and comes back', killedNodeLeavesAndComesBack],
  ['nodes restart in turn, and nobody notices', nodesRestartInTurn],
  ['the database restarts', databaseMayRestart],
  ['one NATS server of three may go', oneNatsServerMayGo],
  ['without NATS all is right, and said', allIsRightWithoutNats],
  ['the books are proved', booksAreProved],
];

// Runs all checks, and says of each how it went. True if all is well.
export async function check(cluster) {
  const { nodes, token } = cluster;
  [cluster.property] = (await askWell(nodes[0].url, token, 'GET', '/v1/properties')).json.data;
  let failures = 0;
  for (const [name, run] of kChecks) {
    try {
      const found = await run(cluster);
      say(`ok: ${name}${found ? `: ${found}` : ''}`);
    } catch (failure) {
      if (cluster.isStopping) return false;
      failures += 1;
      say(`FAILED: ${name}: ${inspect(failure)}`);
    }
  }
  say(failures === 0 ? 'all checks passed' : `${failures} of ${kChecks.length} checks failed`);
  return failures === 0;
}
