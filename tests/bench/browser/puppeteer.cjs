// puppeteer-core. Its locators are what waits before a click; its snapshot is a tree without refs, there for comparison.
const puppeteer = require('puppeteer-core');

require('./driver.cjs')(async ({ program, args, width, height, long }) => {
  const defaultViewport = { width, height };
  const browser = await puppeteer.launch({ executablePath: program, headless: true, pipe: true, protocolTimeout: long, args, defaultViewport });
  const page = await browser.newPage();
  return {
    go: (url) => page.goto(url, { waitUntil: 'load' }),
    evaluate: (expression) => page.evaluate(expression),
    click: (selector) => page.locator(selector).click(),
    picture: (type) => page.screenshot(type === 'jpeg' ? { type, quality: 80, optimizeForSpeed: true } : { type, optimizeForSpeed: true }),
    pdf: () => page.pdf({ format: 'A4', printBackground: true, preferCSSPageSize: true, tagged: true, outline: true,
      margin: { top: '1cm', bottom: '1cm', left: '1cm', right: '1cm' } }),
    snapshot: async () => JSON.stringify(await page.accessibility.snapshot()),
    context: async (url) => {
      const own = await browser.createBrowserContext();
      const tab = await own.newPage();
      await tab.goto(url, { waitUntil: 'load', timeout: long });
      const title = await tab.evaluate('document.title');
      await own.close();
      return title;
    },
    end: () => browser.close(),
  };
});
