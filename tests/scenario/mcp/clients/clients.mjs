// The clients that MCP itself gives out, twenty times in a row each: whoever says hello, lists, calls, is asked in the middle
// of a call, is told of progress, reads and leaves must never wait for what does not come.
// usage: clients.mjs URL TOKEN_FILE BERTH TIMES
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [url, tokenFile, berth, times] = process.argv.slice(2);
const require = createRequire(process.env.NODE_PATH + "/");
const sdk = {
  ...require("mcp-sdk/client/index.js"), ...require("mcp-sdk/client/streamableHttp.js"), ...require("mcp-sdk/client/sse.js"),
  ...require("mcp-sdk/client/stdio.js"), ...require("mcp-sdk/types.js"),
};
const second = { ...require("mcp-client"), ...require("mcp-client/stdio") };
const headers = { Authorization: "Bearer " + readFileSync(tokenFile, "utf8").split(/\s/)[0] };
const http = { requestInit: { headers } };
const program = { command: berth, args: ["mcp", "--group", "fixture", "--url", url, "--token-file", tokenFile] };
const about = { name: "clients", version: "1" };
const asked = { capabilities: { elicitation: { form: {} }, sampling: {} } };
const person = { action: "accept", content: { username: "ada", email: "ada@example.com" } };
const said = { role: "assistant", content: { type: "text", text: "a model's words" }, model: "none", stopReason: "endTurn" };

function first() {
  const client = new sdk.Client(about, asked);
  client.setRequestHandler(sdk.ElicitRequestSchema, () => person);
  client.setRequestHandler(sdk.CreateMessageRequestSchema, () => said);
  return client;
}

function newer(mode) {
  const client = new second.Client(about, { ...asked, versionNegotiation: { mode } });
  client.setRequestHandler("elicitation/create", () => person);
  client.setRequestHandler("sampling/createMessage", () => said);
  return client;
}

const mcp = () => new URL(url + "/servers/fixture/mcp");
const clients = {
  "sdk 1, Streamable HTTP": [first, () => new sdk.StreamableHTTPClientTransport(mcp(), http)],
  "sdk 1, SSE": [first, () => new sdk.SSEClientTransport(new URL(url + "/servers/fixture/sse"), http)],
  "sdk 1, stdio": [first, () => new sdk.StdioClientTransport(program)],
  "client 2, sessions": [() => newer("legacy"), () => new second.StreamableHTTPClientTransport(mcp(), http)],
  "client 2, 2026-07-28": [() => newer({ pin: "2026-07-28" }), () => new second.StreamableHTTPClientTransport(mcp(), http)],
  "client 2, finds out": [() => newer("auto"), () => new second.StreamableHTTPClientTransport(mcp(), http)],
  "client 2, stdio, sessions": [() => newer("legacy"), () => new second.StdioClientTransport(program)],
  "client 2, stdio, 2026-07-28": [() => newer({ pin: "2026-07-28" }), () => new second.StdioClientTransport(program)],
};

const text = (result) => result.content[0].text;

async function visit(client, transport) {
  await client.connect(transport);
  try {
    const { tools } = await client.listTools();
    assert(tools.some((one) => one.name === "test_simple_text"));
    const call = (name, args = {}, options = undefined) => client instanceof sdk.Client
      ? client.callTool({ name, arguments: args }, undefined, options) : client.callTool({ name, arguments: args }, options);
    assert.match(text(await call("test_simple_text")), /simple text/);
    assert.match(text(await call("test_elicitation", { message: "who?" })), /ada/);
    assert.match(text(await call("test_sampling", { prompt: "what?" })), /a model's words/);
    const heard = [];
    await call("test_tool_with_progress", {}, { onprogress: (one) => heard.push(one.progress) });
    // Both packages forget whose progress it is once they have read the answer: what comes in one piece with that they lose.
    assert.deepEqual(heard, [0, 50, 100].slice(0, heard.length));
    assert((await call("test_error_handling")).isError);
    const [one, two] = await Promise.all([call("test_simple_text"), client.readResource({ uri: "test://static-text" })]);
    assert(text(one) && two.contents[0].text);
    assert((await client.getPrompt({ name: "test_simple_prompt" })).messages.length > 0);
  } finally {
    await client.close();
  }
}

function within(seconds, work, what) {
  let timer;
  const late = new Promise((_, fail) => { timer = setTimeout(() => fail(new Error(`${what} stalled`)), seconds * 1000); });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

// One after the other of each kind, and the kinds beside each other.
async function often(name, [client, transport]) {
  const begun = performance.now();
  for (let i = 1; i <= Number(times); ++i) await within(30, visit(client(), transport()), `${name}, run ${i}`);
  console.log(`${name}: ${times} runs, ${Math.round(performance.now() - begun)} ms`);
}

try {
  await Promise.all(Object.entries(clients).map(([name, kind]) => often(name, kind)));
  console.log("all of them");
  process.exit(0);
} catch (error) {
  console.error(error);
  process.exit(1);
}
