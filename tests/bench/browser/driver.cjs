// What the drivers of both libraries share: they are told over stdin, a line of JSON each time, what to do how often, and time each call here, around its
// `await`: nobody's pipe counts. What came of it goes back as well, so that it can be looked at.
const readline = require('node:readline');

async function timed(list, call) {
  const found = { ms: [], values: [] };
  for (const one of list) {
    const began = performance.now();
    const value = await call(one);
    found.ms.push(performance.now() - began);
    found.values.push(value);
  }
  return found;
}

// Of files their sizes, and the last one whole.
function files(found) {
  return { ms: found.ms, sizes: found.values.map((one) => one.length), last: Buffer.from(found.values.at(-1)).toString('base64') };
}

const jobs = {
  go: async (peer, { url }) => { await peer.go(url); return {}; },
  evaluate: (peer, { list }) => timed(list, peer.evaluate),
  click: (peer, { list }) => timed(list, peer.click),
  navigate: async (peer, { list }) => {
    const found = { ms: [], values: [] };
    for (const url of list) {
      const began = performance.now();
      await peer.go(url);
      found.ms.push(performance.now() - began);
      found.values.push(await peer.evaluate('document.readyState + " " + document.title'));
    }
    return found;
  },
  picture: async (peer, { list }) => files(await timed(list, peer.picture)),
  pdf: async (peer, { list }) => files(await timed(list, peer.pdf)),
  snapshot: (peer, { list }) => timed(list, peer.snapshot),
  contexts: (peer, { many, url }) => timed([many], () => Promise.all(Array.from({ length: many }, () => peer.context(url)))),
};

module.exports = async function drive(start) {
  const peer = await start(JSON.parse(process.argv[2]));
  const say = (what) => process.stdout.write(JSON.stringify(what) + '\n');
  say({ ready: true });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const job = JSON.parse(line);
    try {
      say(await jobs[job.do](peer, job));
    } catch (error) {
      say({ error: String(error && error.stack) });
    }
  }
  await peer.end();
  process.exit(0);
};
