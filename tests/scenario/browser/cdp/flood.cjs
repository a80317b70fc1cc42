// Says more than a browser that is stopped can hear: what does not fit is refused, and all of it has an answer.
const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const { Raw } = require('./raw.cjs');

const [port, token, host] = process.argv.slice(2);
const send = (signal) => execFileSync('/usr/bin/python3', [`${__dirname}/../state/kill.py`, host, signal]);

async function main() {
  const one = await Raw.open(`ws://127.0.0.1:${port}/sessions/main/browser/cdp`, token);
  const page = await one.page('about:blank');
  send('STOP');
  const more = 'x'.repeat(1_000_000);
  const answers = Array.from({ length: 145 }, () => one.ask('Page.enable', { more }, page.sessionId));
  const first = await Promise.race(answers);
  send('CONT');
  assert(/does not read/.test(first.error?.message), JSON.stringify(first).slice(0, 200));
  const all = await Promise.all(answers);
  const heard = all.filter((answer) => answer.result).length;
  assert(heard > 120 && heard < 140, `${heard} were heard`);
  assert(all.every((answer) => answer.result || /does not read/.test(answer.error.message)));
  assert.equal(await one.value('6 * 7', page.sessionId), 42);
  one.socket.close();
  console.log('it was held up, and no more');
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
