'use strict';
const $ = (id) => document.getElementById(id);
let token = sessionStorage.getItem('berth-token') || '';
$('token').value = token;

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === 'on') for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  for (const child of children) if (child !== undefined && child !== null) element.append(child);
  return element;
}

function notice(text, bad) {
  $('notice').textContent = text;
  $('notice').className = bad ? 'bad' : '';
}

const authorisation = () => (token ? { Authorization: 'Bearer ' + token } : {});

async function load() {
  $('operations').replaceChildren();
  if (!token) return notice('Paste a token to see what this host can do. The first one is in the file "token" of its state directory.');
  notice('Reading…');
  const answer = await fetch('/openapi.json', { headers: authorisation() });
  const document_ = await answer.json();
  if (!answer.ok) return notice(document_.detail + (document_.hint ? ' — ' + document_.hint : ''), true);
  sessionStorage.setItem('berth-token', token);
  show(document_);
}

function show(api) {
  const groups = new Map();
  for (const [path, item] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const group = operation.tags[0];
      if (!groups.has(group)) groups.set(group, []);
      groups.get(group).push(card(method.toUpperCase(), path, operation));
    }
  }
  const names = [...groups.keys()].sort((a, b) => (a === 'host') - (b === 'host') || a.localeCompare(b));
  for (const name of names) $('operations').append(make('section', {}, make('h2', {}, name), ...groups.get(name)));
  const count = document.querySelectorAll('details').length;
  notice(count + ' operations, version ' + api.info.version + '. Every path may be prefixed with /sessions/{id}.');
  search();
}

function card(method, path, operation) {
  const scope = operation['x-berth-scope'], kind = operation['x-berth-kind'];
  const head = make('summary', {}, make('span', { class: 'method' }, method), make('code', {}, path),
    make('span', { class: 'what' }, operation.summary), make('span', { class: 'badge' }, kind),
    make('span', { class: 'badge ' + scope }, scope));
  const details = make('details', { 'data-text': [operation.operationId, path, operation.summary, kind, scope].join(' ').toLowerCase() }, head);
  details.addEventListener('toggle', () => {
    if (details.open && details.children.length === 1) details.append(body(method, path, operation, kind));
  });
  return details;
}

function fieldsOf(operation) {
  const fields = (operation.parameters || []).map((p) => ({ name: p.name, where: p.in, rest: p['x-berth-rest'], required: p.required, schema: p.schema }));
  const json = operation.requestBody?.content?.['application/json']?.schema;
  for (const [name, schema] of Object.entries(json?.properties || {})) {
    fields.push({ name, where: 'body', required: (json.required || []).includes(name), schema });
  }
  return fields;
}

function inputFor(field) {
  const schema = field.schema || {};
  if (schema.enum) return make('select', { id: field.id }, field.required ? null : make('option', { value: '' }, ''), ...schema.enum.map((v) => make('option', { value: v }, String(v))));
  if (schema.type === 'boolean') return make('select', { id: field.id }, make('option', { value: '' }, ''), make('option', {}, 'true'), make('option', {}, 'false'));
  const number = schema.type === 'integer' || schema.type === 'number';
  return make('input', { id: field.id, type: number ? 'number' : 'text', step: schema.type === 'number' ? 'any' : undefined, min: schema.minimum, max: schema.maximum, placeholder: schema.examples ? String(schema.examples[0]) : schema.default !== undefined ? String(schema.default) : undefined });
}

function described(schema) {
  const words = [schema.type || 'anything'];
  if (schema.minimum !== undefined) words.push('from ' + schema.minimum);
  if (schema.maximum !== undefined) words.push('to ' + schema.maximum);
  if (schema.maxLength !== undefined) words.push('at most ' + schema.maxLength + ' characters');
  return (schema.description ? schema.description + ' — ' : '') + words.join(' ');
}

let serial = 0;
function body(method, path, operation, kind) {
  const fields = fieldsOf(operation).map((f) => ({ ...f, id: 'f' + ++serial }));
  const grid = make('div', { class: 'fields' });
  for (const field of fields) {
    field.input = inputFor(field);
    grid.append(make('label', { for: field.id }, field.name, field.required ? make('span', { class: 'need', title: 'required' }, ' *') : null),
      make('div', {}, field.input, make('span', { class: 'hint' }, described(field.schema || {}))));
  }
  const file = kind === 'upload' ? make('input', { type: 'file', 'aria-label': 'File to send' }) : null;
  const out = make('div', {});
  const line = make('pre', {});
  const plan = () => request(method, path, fields, kind);
  const refresh = () => { line.textContent = curl(plan(), kind); };
  grid.addEventListener('input', refresh);
  refresh();
  const go = make('button', { type: 'submit' }, kind === 'socket' ? 'Connect' : 'Try it');
  const form = make('form', { on: { submit: (event) => { event.preventDefault(); attempt(plan(), kind, file, out, go); } } },
    fields.length ? make('h3', {}, 'Input') : null, grid, file, make('div', { class: 'row' }, go));
  const answer = operation.responses['200']?.content?.['application/json']?.schema;
  const parts = [operation.description ? make('p', {}, operation.description) : null, make('h3', {}, 'From a shell'), line, form, out];
  if (answer && answer !== true) parts.push(make('details', {}, make('summary', {}, 'The answer’s schema'), make('pre', {}, JSON.stringify(answer, null, 2))));
  return make('div', { class: 'body' }, ...parts);
}

function typed(text, schema) {
  if (schema?.type === 'integer' || schema?.type === 'number') return Number(text);
  if (schema?.type === 'boolean') return text === 'true';
  if (schema?.type === 'array' || schema?.type === 'object' || !schema?.type) {
    try { return JSON.parse(text); } catch { return schema?.type === 'array' ? text.split(',').map((s) => s.trim()) : text; }
  }
  return text;
}

function request(method, path, fields, kind) {
  const query = new URLSearchParams();
  const json = {};
  for (const field of fields) {
    const text = field.input.value;
    if (field.where === 'path') path = path.replace('{' + field.name + '}', field.rest ? text.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(text) || '{' + field.name + '}');
    else if (text === '') continue;
    else if (field.where === 'query') for (const one of [].concat(typed(text, field.schema))) query.append(field.name, typeof one === 'object' ? JSON.stringify(one) : one);
    else json[field.name] = typed(text, field.schema);
  }
  const text = query.toString();
  const bodied = method !== 'GET' && method !== 'DELETE' && kind !== 'upload';
  return { method, url: path + (text ? '?' + text : ''), json: bodied ? JSON.stringify(json) : undefined };
}

const quoted = (text) => "'" + text.replaceAll("'", "'\\''") + "'";

function curl(plan, kind) {
  const words = ['curl', kind === 'stream' ? '-N' : '', plan.method === 'GET' ? '' : '-X ' + plan.method, '-H "Authorization: Bearer $TOKEN"'];
  if (plan.json !== undefined) words.push("-H 'Content-Type: application/json' -d " + quoted(plan.json));
  if (kind === 'upload') words.push('--data-binary @FILE');
  if (kind === 'download') words.push('-OJ');
  words.push(quoted(location.origin + plan.url));
  return words.filter(Boolean).join(' ');
}

async function attempt(plan, kind, file, out, button) {
  out.replaceChildren();
  button.disabled = true;
  try {
    if (kind === 'socket') return connect(plan, out, button);
    const headers = authorisation();
    let content = plan.json;
    if (content !== undefined) headers['Content-Type'] = 'application/json';
    if (kind === 'upload' && file.files[0]) {
      content = file.files[0];
      headers['Content-Disposition'] = "attachment; filename*=UTF-8''" + encodeURIComponent(content.name);
    }
    const began = performance.now();
    const answer = await fetch(plan.url, { method: plan.method, headers, body: content });
    const status = make('p', { class: 'status ' + (answer.ok ? 'good' : 'bad') }, answer.status + ' ' + answer.statusText);
    out.append(status);
    if (kind === 'stream' && answer.ok) await follow(answer, out, button);
    else if (kind === 'download' && answer.ok) offer(await answer.blob(), answer, out);
    else {
      const text = await answer.text();
      let shown = text;
      try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON: as it is */ }
      out.append(make('pre', {}, shown));
    }
    status.append(' · ' + Math.round(performance.now() - began) + ' ms');
  } catch (error) {
    out.append(make('p', { class: 'status bad' }, String(error)));
  } finally {
    button.disabled = kind === 'socket' ? button.disabled : false;
  }
}

async function follow(answer, out, button) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  const screen = make('pre', {});
  const stop = make('button', { type: 'button', class: 'plain', on: { click: () => reader.cancel() } }, 'Stop');
  out.append(stop, screen);
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    screen.textContent = (screen.textContent + value).slice(-20000);
    screen.scrollTop = screen.scrollHeight;
  }
  stop.remove();
}

function offer(blob, answer, out) {
  const name = /filename="([^"]*)"/.exec(answer.headers.get('Content-Disposition') || '')?.[1] || 'download';
  out.append(make('a', { href: URL.createObjectURL(blob), download: name }, name + ' (' + blob.size + ' bytes)'));
}

function connect(plan, out, button) {
  const socket = new WebSocket(location.origin.replace(/^http/, 'ws') + plan.url, ['berth', 'bearer.' + token]);
  const screen = make('pre', {});
  const input = make('input', { type: 'text', placeholder: 'Message', 'aria-label': 'Message' });
  const say = (text) => { screen.textContent += text + '\n'; screen.scrollTop = screen.scrollHeight; };
  const send = make('button', { type: 'button', on: { click: () => { socket.send(input.value); say('→ ' + input.value); input.value = ''; } } }, 'Send');
  const end = make('button', { type: 'button', class: 'plain', on: { click: () => socket.close() } }, 'Close');
  out.append(make('div', { class: 'row' }, input, send, end), screen);
  input.addEventListener('keydown', (event) => { if (event.key === 'Enter') { event.preventDefault(); send.click(); } });
  socket.onopen = () => say('open');
  socket.onmessage = (event) => say('← ' + (typeof event.data === 'string' ? event.data : event.data.size + ' bytes'));
  socket.onclose = (event) => { say('closed ' + event.code + ' ' + event.reason); button.disabled = false; send.disabled = true; };
}

function search() {
  const words = $('search').value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const section of document.querySelectorAll('section')) {
    let any = false;
    for (const card of section.querySelectorAll(':scope > details')) {
      card.hidden = !words.every((word) => card.dataset.text.includes(word));
      any = any || !card.hidden;
    }
    section.hidden = !any;
  }
}

$('search').addEventListener('input', search);
$('token-form').addEventListener('submit', (event) => { event.preventDefault(); token = $('token').value.trim(); load(); });
load().catch((error) => notice(String(error), true));
