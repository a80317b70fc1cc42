// A thief, with all ids of his victim in hand.
const assert = require('node:assert');
const { Raw } = require('./raw.cjs');

const [port, token, site] = process.argv.slice(2);
const SECRET = 'the-victims-own';
const at = (session) => Raw.open(`ws://127.0.0.1:${port}/sessions/${session}/browser/cdp`, token);

async function refused(who, method, params, sessionId) {
  const answer = await who.ask(method, params, sessionId);
  assert(answer.error, `${method} ${JSON.stringify(params)} was answered: ${JSON.stringify(answer).slice(0, 300)}`);
  assert(answer.error.message, `${method} is refused in words`);
}

// What a victim has.
async function settle(victim) {
  const page = await victim.page(`http://127.0.0.1:${site}/hello`);
  await victim.must('Storage.setCookies', { cookies: [{ name: 'secret', value: SECRET, url: 'http://127.0.0.1/' }] });
  const { targetInfo } = await victim.must('Target.getTargetInfo', { targetId: page.targetId });
  const { browserContextId: made } = await victim.must('Target.createBrowserContext');
  const inMade = await victim.page(`data:text/html,${SECRET}`, { browserContextId: made });
  const { windowId } = await victim.must('Browser.getWindowForTarget', { targetId: page.targetId });
  const { stream } = await victim.must('Page.printToPDF', { transferMode: 'ReturnAsStream' }, page.sessionId);
  return { page, inMade, contexts: [targetInfo.browserContextId, made], windowId, stream };
}

async function guess(thief, mine, has) {
  for (const targetId of [has.page.targetId, has.inMade.targetId]) {
    for (const method of ['attachToTarget', 'getTargetInfo', 'closeTarget', 'activateTarget', 'exposeDevToolsProtocol', 'autoAttachRelated'])
      await refused(thief, `Target.${method}`, { targetId, flatten: true, waitForDebuggerOnStart: false });
    for (const method of ['getTargetInfo', 'closeTarget', 'attachToTarget'])
      await refused(thief, `Target.${method}`, { targetId, flatten: true }, mine.sessionId);
    await refused(thief, 'Browser.getWindowForTarget', { targetId });
    await refused(thief, 'Browser.getWindowForTarget', { targetId }, mine.sessionId);
  }
  for (const sessionId of [has.page.sessionId, has.inMade.sessionId]) {
    await refused(thief, 'Runtime.evaluate', { expression: '1' }, sessionId);
    await refused(thief, 'Target.detachFromTarget', { sessionId });
    await refused(thief, 'Target.sendMessageToTarget', { sessionId, message: '{"id":1,"method":"Page.crash"}' });
  }
  for (const browserContextId of has.contexts) {
    for (const method of ['getCookies', 'clearCookies']) {
      await refused(thief, `Storage.${method}`, { browserContextId });
      await refused(thief, `Storage.${method}`, { browserContextId }, mine.sessionId);
    }
    await refused(thief, 'Target.createTarget', { url: 'about:blank', browserContextId });
    await refused(thief, 'Target.disposeBrowserContext', { browserContextId });
    await refused(thief, 'Browser.grantPermissions', { browserContextId, permissions: [] });
    await refused(thief, 'Browser.setDownloadBehavior', { browserContextId, behavior: 'allow', downloadPath: '/tmp' });
  }
  await refused(thief, 'Browser.setWindowBounds', { windowId: has.windowId, bounds: { left: 0 } });
  for (const session of [mine.sessionId, undefined])
    for (const handle of [has.stream, ...Array(10).keys()].map(String)) await refused(thief, 'IO.read', { handle }, session);
  await refused(thief, 'Target.attachToTarget', { targetId: mine.targetId });  // neither flat nor seen by us
}

async function danger(thief, mine) {
  for (const [method, params] of [['Browser.crash'], ['Browser.crashGpuProcess'], ['Target.setRemoteLocations', { locations: [{ host: '127.0.0.1', port: 1 }] }],
    ['SystemInfo.getInfo'], ['SystemInfo.getProcessInfo'], ['Tracing.start'], ['Browser.getBrowserCommandLine'], ['Tethering.bind', { port: 4000 }],
    ['Extensions.loadUnpacked', { path: '/tmp' }], ['Security.setIgnoreCertificateErrors', { ignore: true }], ['Fetch.enable'],
    ['Target.createTarget', { url: 'file:///etc/passwd' }], ['Target.createTarget', { url: 'chrome://version' }],
    ['Target.createBrowserContext', { proxyServer: 'http://127.0.0.1:9' }], ['Memory.simulatePressureNotification', { level: 'critical' }]])
    await refused(thief, method, params);
  const { root } = await thief.must('DOM.getDocument', {}, mine.sessionId);
  for (const [method, params] of [['Page.navigate', { url: 'file:///etc/passwd' }], ['Page.navigate', { url: 'chrome://version' }],
    ['Page.navigate', { url: 'devtools://devtools/bundled/inspector.html' }], ['Page.navigate', { url: 'view-source:file:///etc/passwd' }],
    ['Page.setDownloadBehavior', { behavior: 'allow', downloadPath: '/tmp' }], ['DOM.setFileInputFiles', { files: ['/etc/passwd'], nodeId: root.nodeId }],
    ['Tracing.start', {}], ['Browser.crash', {}], ['Network.loadNetworkResource', { url: 'file:///etc/passwd', options: { disableCache: true, includeCredentials: true } }],
    ['Input.dispatchDragEvent', { type: 'drop', x: 1, y: 1, data: { items: [], files: ['/etc/passwd'], dragOperationsMask: 1 } }]])
    await refused(thief, method, params, mine.sessionId);
}

// By what a page itself can do.
async function files(thief, mine) {
  const { frameTree } = await thief.must('Page.getFrameTree', {}, mine.sessionId);
  const { executionContextId } = await thief.must('Page.createIsolatedWorld', { frameId: frameTree.frame.id, grantUniveralAccess: true }, mine.sessionId);
  const tries = ["fetch('file:///etc/passwd').then((a) => a.text())", "new Promise((done) => { const x = new XMLHttpRequest(); x.open('GET', 'file:///etc/passwd');"
    + " x.onloadend = () => done(x.responseText); try { x.send(); } catch (e) { done(String(e)); } })",
  "(location.href = 'file:///etc/passwd', new Promise((done) => setTimeout(() => done(document.documentElement.outerHTML), 300)))",
  "(location.href = 'chrome://version', new Promise((done) => setTimeout(() => done(document.documentElement.outerHTML), 300)))"];
  for (const expression of tries)
    for (const contextId of [undefined, executionContextId]) {
      const said = await thief.ask('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true, contextId }, mine.sessionId);
      assert(!JSON.stringify(said).includes('root:'), expression);
    }
  await thief.must('Runtime.evaluate', { expression: "window.open('file:///etc/passwd'); window.open('chrome://version')", userGesture: true }, mine.sessionId);
  await thief.must('Fetch.enable', { patterns: [{ urlPattern: '*away-from-here*' }] }, mine.sessionId);
  await thief.must('Runtime.evaluate', { expression: "location.href = '/away-from-here'" }, mine.sessionId);
  for (let i = 0; i < 100 && !thief.events.some((one) => one.includes('Fetch.requestPaused')); ++i) await new Promise((done) => setTimeout(done, 20));
  const paused = JSON.parse(thief.events.find((one) => one.includes('Fetch.requestPaused'))).params.requestId;
  await refused(thief, 'Fetch.continueRequest', { requestId: paused, url: 'file:///etc/passwd' }, mine.sessionId);
  await thief.ask('Fetch.fulfillRequest', { requestId: paused, responseCode: 302, responseHeaders: [{ name: 'Location', value: 'file:///etc/passwd' }] }, mine.sessionId);
  await new Promise((done) => setTimeout(done, 300));
  const { targetInfos } = await thief.must('Target.getTargets');
  for (const one of targetInfos) assert(!/^(file|chrome|devtools|view-source):/.test(one.url), `a page went to ${one.url}`);
}

async function garbage() {
  const text = { deep: '['.repeat(200000), object: `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}` };
  for (const odd of ['', 'x', '[]', 'null', '{}', '{"id":1}', '{"id":"1","method":"Browser.getVersion"}', '{"id":1,"method":5}', '{"id":1,"method":"a\\"b.c"}',
    '{"id":1,"method":"Browser.getVersion","params":[1]}', '{"id":1e400,"method":"Browser.getVersion"}', '{"id":-1,"method":"Browser.getVersion"}',
    '{"id":1,"method":"Target.attachToTarget","params":{"targetId":{"a":1},"flatten":true}}', '{"id":2,"method":"Page.enable","sessionId":5}',
    '{"id":1,"method":"Browser.getVersion","method":"Browser.crash"}', '{"id":3,"method":"Page.navigate","params":{"url":"about:blank","url":"file:///x"}}',
    Buffer.from([0, 255, 254]), text.deep, text.object]) {
    const one = await at('thief');
    one.last = 100;
    one.socket.send(odd);
    const version = await one.ask('Browser.getVersion');
    if (!version.result) assert.equal((await one.closed).code, 4003, `after ${String(odd).slice(0, 80)}`);
    one.socket.terminate();
  }
}

async function main() {
  const [victim, thief] = [await at('victim'), await at('thief')];
  await thief.must('Target.setDiscoverTargets', { discover: true, filter: [{}] });
  await thief.must('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true, filter: [{}] });
  const has = await settle(victim);
  const mine = await thief.page(`http://127.0.0.1:${site}/form.html`);
  await guess(thief, mine, has);
  await danger(thief, mine);
  await files(thief, mine);
  assert(!JSON.stringify(await thief.must('Storage.getCookies')).includes(SECRET));
  assert(!JSON.stringify(await thief.must('Network.getAllCookies', {}, mine.sessionId)).includes(SECRET));
  const heard = thief.events.join('\n');
  for (const id of [has.page.targetId, has.inMade.targetId, has.page.sessionId, ...has.contexts, SECRET, 'browser_ui', 'omnibox'])
    assert(!heard.includes(id), `the thief has heard of ${id}`);
  await garbage();
  assert.equal(await victim.value('document.title', has.page.sessionId), 'cookies', 'the victim has noticed nothing');
  assert((await victim.must('IO.read', { handle: has.stream }, has.page.sessionId)).data.length > 100);
  const elsewhere = await Raw.open(`ws://127.0.0.1:${port}/sessions/thief/devtools/page/${has.page.targetId}`, token);
  assert.equal((await elsewhere.closed).code, 4002);
  const close = await victim.ask('Browser.close');
  assert(close.result);
  assert((await thief.must('Browser.getVersion')).product, 'the browser is for others, too');
  thief.socket.close();
  console.log('nothing was taken');
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
