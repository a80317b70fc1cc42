// A client of the protocol that hides nothing: what it sends is what is sent, and all that it hears is kept.
const WebSocket = require('ws');

class Raw {
  static open(url, token) {
    const raw = new Raw();
    raw.events = [];
    raw.asked = new Map();
    raw.last = 0;
    raw.socket = new WebSocket(url, { headers: { Authorization: `Bearer ${token}` }, maxPayload: 1 << 30 });
    raw.closed = new Promise((done) => raw.socket.on('close', (code, reason) => done({ code, reason: reason.toString() })));
    raw.closed.then(() => raw.asked.forEach((tell) => tell({ error: { message: 'closed' } })));
    raw.socket.on('message', (text) => raw.hear(text.toString()));
    return new Promise((done, failed) => {
      raw.socket.on('open', () => done(raw));
      raw.socket.on('error', failed);
    });
  }
  hear(text) {
    const message = JSON.parse(text);
    if (message.id === undefined) this.events.push(text);
    const tell = this.asked.get(message.id);
    this.asked.delete(message.id);
    if (tell) tell(message);
  }
  ask(method, params = {}, sessionId = undefined) {
    const id = ++this.last;
    this.socket.send(JSON.stringify({ id, method, params, sessionId }));
    return new Promise((tell) => this.asked.set(id, tell));
  }
  async must(method, params, sessionId) {
    const answer = await this.ask(method, params, sessionId);
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result;
  }
  async page(url, more = {}) {
    const { targetId } = await this.must('Target.createTarget', { url: 'about:blank', ...more });
    const { sessionId } = await this.must('Target.attachToTarget', { targetId, flatten: true });
    await this.must('Page.enable', {}, sessionId);
    if (url) await this.must('Page.navigate', { url }, sessionId);
    return { targetId, sessionId };
  }
  async value(expression, sessionId) {
    const said = await this.must('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }, sessionId);
    return said.exceptionDetails ? `exception ${said.exceptionDetails.exception?.description}` : said.result.value;
  }
}

module.exports = { Raw };
