// Visits the page at /docs with Chromium, as a person with a token would, and prints what was seen as JSON.
// usage: visit.cjs URL TOKEN [SCREENSHOT.png]
const { chromium } = require(require.resolve('playwright-core', { paths: (process.env.NODE_PATH || '').split(':') }));

const [url, token, screenshot] = process.argv.slice(2);
const seen = { elsewhere: [], complaints: [] };

// What a page asks for and what it complains of, from its first byte on.
function watch(page) {
  const origin = new URL(url).origin;
  const own = [origin + '/', origin.replace(/^http/, 'ws') + '/', 'blob:' + origin + '/', 'data:'];
  const look = (address) => own.some((start) => address.startsWith(start)) || seen.elsewhere.push(address);
  page.on('request', (request) => look(request.url()));
  page.on('websocket', (socket) => look(socket.url()));
  page.on('console', (message) => message.type() === 'log' || seen.complaints.push(message.text()));
  page.on('pageerror', (error) => seen.complaints.push(String(error)));
}

async function attempt(page, operation, fields) {
  const card = page.locator(`details[id="${operation}"]`);
  await card.locator('> summary').click();
  for (const [name, value] of Object.entries(fields)) await card.getByLabel(name).fill(value);
  await card.getByRole('button', { name: /^(Try it|Connect)$/ }).click();
  return card;
}

async function answerOf(page, operation, fields) {
  const card = await attempt(page, operation, fields);
  await card.locator('.out .status', { hasText: ' ms' }).waitFor();
  return card.locator('.out').innerText();
}

async function talk(page) {
  const card = await attempt(page, 'probe.chat', {});
  await card.locator('.out', { hasText: 'open' }).waitFor();
  await card.getByLabel('Message').fill('over the wire');
  await card.getByRole('button', { name: 'Send' }).click();
  await card.locator('.out', { hasText: '← over the wire' }).waitFor();
  await card.getByRole('button', { name: 'Close' }).click();
  await card.locator('.out', { hasText: 'closed' }).waitFor();
  return card.locator('.out').innerText();
}

async function visit(page) {
  watch(page);
  await page.goto(url);
  const notice = page.locator('#notice');
  await notice.filter({ hasText: 'Paste a token' }).waitFor();
  seen.withoutToken = await page.locator('section > details').count();
  await page.getByLabel('Token', { exact: true }).fill(token);
  await page.getByRole('button', { name: 'Use token' }).click();
  await notice.filter({ hasText: 'operations, version' }).waitFor();
  seen.operations = await page.locator('section > details').evaluateAll((all) => all.map((one) => one.id));
  await page.getByLabel('Search operations').fill('probe.echo');
  seen.found = await page.locator('section > details:visible').evaluateAll((all) => all.map((one) => one.id));
  seen.echo = await answerOf(page, 'probe.echo', { text: '<b>bold</b> & "quoted"' });
  seen.curl = await page.locator('details[id="probe.echo"] h3:text("From a shell") + pre').innerText();
  await page.getByLabel('Search operations').fill('');
  seen.stream = await answerOf(page, 'probe.count', { to: '3' });
  seen.download = await answerOf(page, 'probe.file', { bytes: '1000' });
  seen.socket = await talk(page);
  seen.html = await page.locator('.out b').count(); // text of an answer that became markup
  if (screenshot) await page.screenshot({ path: screenshot, fullPage: true });
  await page.reload();
  await notice.filter({ hasText: 'operations, version' }).waitFor();
  seen.afterReload = await page.locator('section > details').count();
}

(async () => {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', chromiumSandbox: false });
  try {
    await visit(await browser.newPage());
  } finally {
    await browser.close();
  }
  console.log(JSON.stringify(seen));
})().catch((error) => {
  console.error(String(error), JSON.stringify(seen));
  process.exit(1);
});
