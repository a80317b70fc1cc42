// playwright-core, as its documentation says one uses it; its snapshot is the one that its MCP server gives to models.
const { chromium } = require('playwright-core');

require('./driver.cjs')(async ({ program, args, width, height, long }) => {
  const browser = await chromium.launch({ executablePath: program, headless: true, chromiumSandbox: !args.includes('--no-sandbox'), args });
  const viewport = { width, height };
  const page = await (await browser.newContext({ viewport })).newPage();
  return {
    go: (url) => page.goto(url, { waitUntil: 'load' }),
    evaluate: (expression) => page.evaluate(expression),
    click: (selector) => page.click(selector),
    picture: (type) => page.screenshot(type === 'jpeg' ? { type, quality: 80 } : { type }),
    pdf: () => page.pdf({ format: 'A4', printBackground: true, preferCSSPageSize: true, tagged: true, outline: true,
      margin: { top: '1cm', bottom: '1cm', left: '1cm', right: '1cm' } }),
    snapshot: () => page.ariaSnapshot({ mode: 'ai' }),
    context: async (url) => {
      const own = await browser.newContext({ viewport });
      const tab = await own.newPage();
      await tab.goto(url, { waitUntil: 'load', timeout: long });
      const title = await tab.evaluate('document.title');
      await own.close();
      return title;
    },
    end: () => browser.close(),
  };
});
