// Many clients, most of them bad ones, and one that goes on working all the while.
const assert = require('node:assert');
const { spawn } = require('node:child_process');
const net = require('node:net');
const fs = require('node:fs');
const { Raw } = require('./raw.cjs');

const [port, token, site, host, root] = process.argv.slice(2);
const place = '/sessions/crowd/browser/cdp';
const at = () => Raw.open(`ws://127.0.0.1:${port}${place}`, token);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function ask(path, method = 'GET') {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { Authorization: `Bearer ${root}` } });
  assert(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.status === 204 ? {} : answer.json();
}
async function until(what, truth) {
  for (let i = 0; i < 200; ++i, await pause(50)) if (await truth()) return;
  throw new Error(`never: ${what}`);
}
const clients = async () => (await ask('/browser/status')).browser.clients;
const contexts = async (raw) => (await raw.must('Target.getBrowserContexts')).browserContextIds.length;

// The frames of a client that never reads: those of a text, masked with zeros.
function frame(text) {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0xfe, bytes.length >> 8, bytes.length & 255, 0, 0, 0, 0]), bytes]);
}

async function vanish() {
  const some = async () => {
    for (let i = 0; i < 25; ++i) {
      const one = await at();
      if (i % 3) one.ask('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true });
      if (i % 5 === 0) one.ask('Target.createBrowserContext');
      one.socket.terminate();
    }
  };
  await Promise.all(Array.from({ length: 20 }, some));
}

async function killed() {
  const child = spawn(process.execPath, ['-e', `const { Raw } = require(${JSON.stringify(`${__dirname}/raw.cjs`)});
    (async () => { const one = await Raw.open('ws://127.0.0.1:${port}${place}', '${token}');
    const made = await one.must('Target.createBrowserContext');
    await one.page('http://127.0.0.1:${site}/form.html', { browserContextId: made.browserContextId });
    console.log('there'); setInterval(() => {}, 1000); })();`], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((done) => child.stdout.once('data', done));
  const before = await clients();
  child.kill('SIGKILL');
  await until('a client that was killed is gone', async () => (await clients()) < before);
}

async function deaf(targetId) {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(`GET /sessions/crowd/devtools/page/${targetId} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`
    + `Authorization: Bearer ${token}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`);
  await new Promise((done) => socket.once('data', done));
  socket.pause();
  const before = await clients();
  for (let id = 1; id <= 60; ++id)
    socket.write(frame(JSON.stringify({ id, method: 'Runtime.evaluate', params: { expression: "'x'.repeat(2000000)" } })));
  await until('a client that does not read is gone', async () => (await clients()) < before);
  socket.destroy();
}

async function much(worker, page) {
  const many = (method, params) => Promise.all(Array.from({ length: 40 }, () => worker.ask(method, params)));
  const made = (await many('Target.createBrowserContext')).filter((one) => one.result);
  assert.equal(made.length, 20, 'of a session as many contexts as there may be');
  const { browserContextId } = made[0].result;
  assert.equal((await many('Target.createTarget', { url: 'about:blank', browserContextId })).filter((one) => one.result).length, 7, 'and tabs');
  assert((await worker.ask('Target.createTarget', { url: 'about:blank' })).error.message.includes('8 tabs'));
  const large = await worker.value("'y'.repeat(40000000)", page.sessionId);
  assert.equal(large.length, 40000000, 'what is large comes whole');
}

function chromium(of) {
  const all = fs.readdirSync('/proc').filter((one) => /^\d+$/.test(one)).map((pid) => {
    try {
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
      return { pid: +pid, parent: +stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1], line: fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1') };
    } catch {
      return { pid: 0, parent: 0, line: '' };
    }
  });
  const below = (pid) => all.filter((one) => one.parent === pid).flatMap((one) => [one, ...below(one.pid)]);
  return below(of).find((one) => one.line.includes('chromium') && one.line.includes('--remote-debugging-pipe') && !one.line.startsWith('sh') && !one.line.includes('--type='));
}

async function main() {
  const worker = await at();
  const page = await worker.page(`http://127.0.0.1:${site}/form.html`);
  let over = false;
  const works = (async () => {
    let turns = 0;
    for (; !over; ++turns, await pause(5)) assert.equal(await worker.value('6 * 7', page.sessionId), 42);
    return turns;
  })();
  await vanish();
  await killed();
  await deaf(page.targetId);
  await until('of all of them one is left', async () => (await clients()) === 1);
  over = true;
  assert(await works > 5, 'the one that works has worked all the while');
  assert.equal(await contexts(worker), 0);
  await much(worker, page);

  process.kill(chromium(+host).pid, 'SIGKILL');
  const told = await worker.closed;
  assert.deepEqual([told.code, /has ended, connect again/.test(told.reason)], [4001, true]);
  const again = await at();
  assert.equal((await again.must('Target.getTargets')).targetInfos.filter((one) => one.type === 'page').length, 1, 'its page is back');
  await ask('/sessions/crowd', 'DELETE');
  const last = await again.closed;  // by the host or by the plugin, whoever is first
  assert([1011, 4004].includes(last.code) && /session/.test(last.reason), JSON.stringify(last));
  console.log('all are gone');
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
