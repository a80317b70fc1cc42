// xterm.js without a browser, with its add-on for WebSockets, as a page would have it. usage: node xterm.cjs PORT TOKEN
const paths = (process.env.NODE_PATH || '').split(':');
const load = (name) => require(require.resolve(name, { paths }));
global.WebSocket = load('ws');
const { Terminal } = load('@xterm/headless');
const { AttachAddon } = load('@xterm/addon-attach');

const [port, token] = process.argv.slice(2);
const base = `localhost:${port}`;
const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };

function lines(terminal) {
  const buffer = terminal.buffer.active;
  return Array.from({ length: buffer.length }, (_, i) => buffer.getLine(i).translateToString(true));
}

async function until(terminal, what, holds) {
  for (let i = 0; i < 1000; i++) {
    if (holds()) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`${what} was never shown; there is:\n${lines(terminal).join('\n')}`);
}

async function open(cols, rows) {
  const socket = new WebSocket(`ws://${base}/terminal?terminal=page&columns=${cols}&rows=${rows}`, ['berth', `bearer.${token}`]);
  const terminal = new Terminal({ cols, rows, allowProposedApi: true, scrollback: 5000 });
  terminal.loadAddon(new AttachAddon(socket)); // before it is open: what was shown before comes at once
  await new Promise((done, failed) => { socket.on('open', done); socket.on('error', failed); });
  const page = { socket, terminal, resized: null };
  terminal.onResize((size) => { page.resized = fetch(`http://${base}/terminals/page/resize`,
    { method: 'POST', headers, body: JSON.stringify({ rows: size.rows, columns: size.cols }) }); });
  page.shows = (line) => until(terminal, line, () => lines(terminal).includes(line));
  return page;
}

async function main() {
  const page = await open(90, 25);
  const { socket, terminal, shows } = page;
  terminal.input("printf '\\033[1;31mred\\033[0m <%s>\\n' 中é😀\r");
  await shows('red <中é😀>');
  const row = lines(terminal).indexOf('red <中é😀>');
  const cell = terminal.buffer.active.getLine(row).getCell(0);
  if (!cell.isBold() || cell.getFgColor() !== 1) throw new Error('red is not red');
  terminal.input('stty size\r');
  await shows('25 90');
  terminal.resize(100, 30);
  const resized = await page.resized;
  if (!resized.ok) throw new Error(`resized: ${resized.status}`);
  terminal.input('stty size\r');
  await shows('30 100');
  // A program that takes the whole screen, and gives it back.
  terminal.input("printf '\\033[?1049h\\033[2J\\033[5;5Hwhole screen'; read -rsn1; printf '\\033[?1049l'; echo ba''ck\r");
  await until(terminal, 'the other screen', () => terminal.buffer.active.type === 'alternate' && lines(terminal)[4] === '    whole screen');
  terminal.input('x');
  await until(terminal, 'the first screen', () => terminal.buffer.active.type === 'normal');
  await shows('back');
  // It answers whoever asks; loaded again, it is not asked what was asked before.
  terminal.input("printf '\\033[c'; read -rsd c -t 20 answer; echo as''ked ${#answer}\r");
  await shows('asked 6');
  socket.close();
  // The page is loaded again.
  const again = await open(100, 30);
  await again.shows('red <中é😀>');
  await again.shows('asked 6');
  again.terminal.input("echo s''till\r");
  await again.shows('still');
  if (lines(again.terminal).some((line) => line.includes('1;2c'))) throw new Error('the terminal answered what nobody asked');
  again.terminal.input('exit 5\r');
  const [code, reason] = await new Promise((done) => again.socket.on('close', (c, r) => done([c, String(r)])));
  if (code !== 1000 || !reason.includes('exit code 5')) throw new Error(`closed with ${code} ${reason}`);
  console.log('all shown');
}

main().then(() => process.exit(0), (error) => { console.error(String(error)); process.exit(1); });
