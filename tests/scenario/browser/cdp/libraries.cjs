// What playwright-core and puppeteer-core do through the multiplexer, told step by step; the first that is wrong ends it.
const assert = require('node:assert');
const { chromium } = require('playwright-core');
const puppeteer = require('puppeteer-core');

const [port, token, site] = process.argv.slice(2);
const headers = { Authorization: `Bearer ${token}` };
const place = `127.0.0.1:${port}/sessions/shared`;
const page = (path) => `http://127.0.0.1:${site}${path}`;

async function both(playwright, pup) {
  const context = playwright.contexts()[0];
  const mine = await context.newPage();
  await mine.goto(page('/form.html'));
  const theirs = (await pup.pages()).find((one) => one.url() === page('/form.html'));
  assert(theirs, 'Puppeteer sees the page that Playwright opened');
  await theirs.type('#title', 'Faust');
  await mine.fill('#copies', '12');
  assert.equal(await mine.inputValue('#title'), 'Faust');
  assert.equal(await theirs.$eval('#copies', (e) => e.value), '12');
  assert.equal((await mine.screenshot()).subarray(1, 4).toString(), 'PNG');
  assert.equal(Buffer.from(await theirs.screenshot({ fullPage: true })).subarray(1, 4).toString(), 'PNG');
  for (const pdf of [await mine.pdf(), Buffer.from(await theirs.pdf())]) assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  return mine;
}

async function playwrightAlone(browser) {
  const own = await browser.newContext({ userAgent: 'somebody', viewport: { width: 600, height: 400 } });
  const tab = await own.newPage();
  await tab.addInitScript(() => { window.early = 1; });
  await tab.goto(page('/hello'));
  await tab.goto(page('/hello'));
  assert.equal(await tab.textContent('#c'), 'visited=yes');
  assert.deepEqual(await tab.evaluate(() => [navigator.userAgent, window.early, innerWidth]), ['somebody', 1, 600]);
  assert.equal((await own.cookies()).length, 1);
  assert.equal((await browser.contexts()[0].cookies()).length, 0, 'cookies of a context are its own');
  await tab.route('**/made-up', (route) => route.fulfill({ body: 'made up', contentType: 'text/plain' }));
  assert.equal(await tab.evaluate(() => fetch('/made-up').then((answer) => answer.text())), 'made up');
  const [popup] = await Promise.all([own.waitForEvent('page'), tab.evaluate(() => { window.open('/second.html'); })]);
  await popup.waitForLoadState();
  assert.equal(await popup.title(), 'Second');
  const [worker] = await Promise.all([tab.waitForEvent('worker'), tab.evaluate(() => {
    window.kept = new Worker(URL.createObjectURL(new Blob(['self.x = 5'])));
  })]);
  assert.equal(await worker.evaluate(() => self.x), 5);
  await tab.setContent(`<iframe src="http://127.0.0.2:${site}/second.html"></iframe><a download=x.txt href="data:,hi">x</a>`);
  assert.equal(await tab.frameLocator('iframe').locator('h1').textContent(), 'Second page');
  const [download] = await Promise.all([tab.waitForEvent('download'), tab.click('a')]);
  assert.equal(download.suggestedFilename(), 'x.txt');
  assert(await download.failure(), 'a download is told of, and not kept where a client says');
  await assert.rejects(tab.goto('file:///etc/passwd'), /only http/);
  await assert.rejects(browser.newContext({ proxy: { server: 'http://127.0.0.1:9' } }), /the host/);
  await own.close();
}

async function puppeteerAlone(browser) {
  const own = await browser.createBrowserContext();
  const tab = await own.newPage();
  await tab.goto(page('/form.html'));
  const [popup] = await Promise.all([new Promise((done) => tab.once('popup', done)), tab.evaluate(() => { window.open('/second.html'); })]);
  await popup.waitForSelector('h1');
  await tab.setRequestInterception(true);
  tab.on('request', (one) => (one.url().endsWith('/made-up') ? one.respond({ body: 'made up' }) : one.continue()));
  assert.equal(await tab.evaluate(() => fetch('/made-up').then((answer) => answer.text())), 'made up');
  await assert.rejects(tab.goto('chrome://version'), /only http/);
  const session = await tab.createCDPSession();
  assert.equal((await session.send('Runtime.evaluate', { expression: '6 * 7' })).result.value, 42);
  await own.close();
}

async function main() {
  const playwright = await chromium.connectOverCDP(`http://${place}/browser/cdp`, { headers });
  const pup = await puppeteer.connect({ browserWSEndpoint: `ws://${place}/browser/cdp`, headers });
  const shared = await both(playwright, pup);
  await Promise.all([playwrightAlone(playwright), puppeteerAlone(pup)]);
  assert.equal(pup.targets().filter((one) => one.type() === 'page').length, 1, 'none of what the other made is seen');
  await pup.close();  // its own part of the browser
  assert.equal(await shared.title(), 'Order');
  await playwright.close();

  const byPath = await puppeteer.connect({ browserWSEndpoint: `ws://127.0.0.1:${port}/token/${token}/sessions/shared/browser/cdp` });
  assert.equal((await byPath.pages())[0].url(), page('/form.html'), 'the page is there still');
  await byPath.disconnect();
  const again = await chromium.connectOverCDP(`http://${place}`, { headers });
  assert.equal(await again.contexts()[0].pages()[0].inputValue('#title'), 'Faust');
  await again.close();
  console.log('all of it');
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
