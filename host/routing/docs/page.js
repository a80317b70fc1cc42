// The page at /docs. Text from the host reaches the page as text only, never as markup.
'use strict';
const $ = (id) => document.getElementById(id);
let about = '';
let token = sessionStorage.getItem('berth-token') || '';
let components = {};
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
  sessionStorage.removeItem('berth-token');
  notice('Reading…');
  if (!token && (await (await fetch('/')).json()).auth) {
    return notice(
      'Paste a token to see what this host can do. The first one is in the file "token" of its state directory.',
    );
  }
  const answer = await fetch('/openapi.json', { headers: authorisation() });
  const document_ = await answer.json();
  if (!answer.ok) return notice(document_.detail + (document_.hint ? ' — ' + document_.hint : ''), true);
  sessionStorage.setItem('berth-token', token);
  components = document_.components?.schemas || {};
  show(document_);
}

// What a schema means where it only refers to another one.
function resolved(schema) {
  for (let steps = 0; schema?.$ref && steps < 20; ++steps) schema = components[schema.$ref.split('/').pop()];
  return schema || {};
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
  about =
    document.querySelectorAll('section > details').length +
    ' operations, version ' +
    api.info.version +
    '. Every path may be prefixed with /sessions/{id}.';
  search();
  openNamed();
}

// /docs#probe.echo opens that operation.
function openNamed() {
  const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!named) return;
  named.open = true;
  named.scrollIntoView();
}

function card(method, path, operation) {
  const scope = operation['x-berth-scope'],
    kind = operation['x-berth-kind'];
  const head = make(
    'summary',
    {},
    make('span', { class: 'method' }, method),
    make('code', {}, path),
    make('span', { class: 'what' }, operation.summary),
    make(
      'span',
      { class: 'badges' },
      make('span', { class: 'badge', title: 'kind' }, kind),
      make('span', { class: 'badge ' + scope, title: 'scope that a token needs' }, scope),
    ),
  );
  const text = [operation.operationId, path, operation.summary, kind, scope].join(' ').toLowerCase();
  const details = make('details', { id: operation.operationId, 'data-text': text }, head);
  details.addEventListener('toggle', () => {
    if (!details.open) return;
    if (details.children.length === 1) details.append(body(method, path, operation, kind));
    history.replaceState(null, '', '#' + encodeURIComponent(operation.operationId));
  });
  return details;
}

function fieldsOf(operation) {
  const fields = (operation.parameters || []).map((p) => ({
    name: p.name,
    where: p.in,
    rest: p['x-berth-rest'],
    required: p.required,
    schema: resolved(p.schema),
  }));
  const json = resolved(operation.requestBody?.content?.['application/json']?.schema);
  for (const [name, schema] of Object.entries(json.properties || {})) {
    fields.push({ name, where: 'body', required: (json.required || []).includes(name), schema: resolved(schema) });
  }
  const rank = (field) => (field.where === 'path' ? 0 : field.required ? 1 : 2);
  return fields.sort((a, b) => rank(a) - rank(b));
}

function inputFor(field) {
  const schema = field.schema;
  const needed = field.where === 'path'; // without it there is nowhere to send to; the host names whatever else is missing
  const choice = schema.enum || (schema.type === 'boolean' ? [true, false] : null);
  if (choice) {
    const options = choice.map((value) => make('option', { value: String(value) }, String(value)));
    return make('select', { id: field.id, required: needed }, make('option', { value: '' }, ''), ...options);
  }
  const example = schema.examples?.[0] ?? schema.default;
  const placeholder =
    example === undefined ? undefined : typeof example === 'object' ? JSON.stringify(example) : String(example);
  if (schema.type === 'object' || schema.type === undefined) {
    return make('textarea', {
      id: field.id,
      rows: 2,
      spellcheck: 'false',
      required: needed,
      placeholder: placeholder || 'JSON',
    });
  }
  const number = schema.type === 'integer' || schema.type === 'number';
  return make('input', {
    id: field.id,
    type: number ? 'number' : 'text',
    step: number && schema.type === 'number' ? 'any' : undefined,
    min: schema.minimum,
    max: schema.maximum,
    placeholder,
    required: needed,
    spellcheck: 'false',
    autocomplete: 'off',
  });
}

function typeOf(schema) {
  schema = resolved(schema);
  if (schema.const !== undefined) return 'exactly ' + JSON.stringify(schema.const);
  if (schema.enum) return 'one of ' + schema.enum.map((value) => JSON.stringify(value)).join(', ');
  if (schema.anyOf || schema.oneOf) return (schema.anyOf || schema.oneOf).map(typeOf).join(' or ');
  if (schema.type === 'array') return schema.items ? 'array, each ' + typeOf(schema.items) : 'array';
  return [].concat(schema.type || 'anything').join(' or ');
}

function described(schema) {
  const words = [typeOf(schema)];
  if (schema.minimum !== undefined) words.push('from ' + schema.minimum);
  if (schema.maximum !== undefined) words.push('to ' + schema.maximum);
  if (schema.maxLength !== undefined) words.push('of at most ' + schema.maxLength + ' characters');
  if (schema.pattern !== undefined) words.push('that matches ' + schema.pattern);
  return (schema.description ? schema.description + ' — ' : '') + words.join(' ');
}

let serial = 0;
function gridOf(fields) {
  const grid = make('div', { class: 'fields' });
  for (const field of fields) {
    field.id = 'f' + ++serial;
    field.input = inputFor(field);
    field.input.setAttribute('aria-describedby', field.id + 'h');
    const need = field.required ? make('span', { class: 'need', title: 'required' }, ' *') : null;
    grid.append(
      make('label', { for: field.id }, field.name, need),
      make('div', {}, field.input, make('span', { class: 'hint', id: field.id + 'h' }, described(field.schema))),
    );
  }
  return grid;
}

function schemaOf(title, schema) {
  if (!schema || Object.keys(schema).length === 0) return null;
  return make(
    'details',
    { class: 'schema' },
    make('summary', {}, title),
    make('pre', {}, JSON.stringify(schema, null, 2)),
  );
}

function factsOf(operation) {
  const hints = Object.entries(operation['x-berth-hints'] || {})
    .filter(([, holds]) => holds)
    .map(([name]) => name.replace('_', ' '));
  if (operation['x-berth-resumable']) hints.push('resumable');
  return make(
    'p',
    { class: 'facts' },
    make('code', {}, operation.operationId),
    hints.length ? ' — ' + hints.join(', ') : '',
  );
}

function body(method, path, operation, kind) {
  const fields = fieldsOf(operation);
  const grid = gridOf(fields);
  const file = kind === 'upload' ? make('input', { type: 'file', required: true, 'aria-label': 'File to send' }) : null;
  const out = make('div', { class: 'out', 'aria-live': 'polite' });
  const line = make('pre', {});
  const plan = () => request(method, path, fields, kind);
  const refresh = () => {
    line.textContent = curl(plan(), kind);
  };
  grid.addEventListener('input', refresh);
  refresh();
  const go = make('button', { type: 'submit' }, kind === 'socket' ? 'Connect' : 'Try it');
  const submit = (event) => {
    event.preventDefault();
    attempt(plan(), kind, file, out, go);
  };
  return make(
    'div',
    { class: 'body' },
    factsOf(operation),
    operation.description ? make('p', { class: 'description' }, operation.description) : null,
    make(
      'form',
      { on: { submit } },
      fields.length ? make('h3', {}, 'Input') : null,
      grid,
      file,
      make('div', { class: 'row' }, go),
    ),
    out,
    ...(kind === 'socket' ? [] : [make('h3', {}, 'From a shell'), line, copyOf(line)]),
    schemaOf('Schema of the body', operation.requestBody?.content?.['application/json']?.schema),
    schemaOf('Schema of the answer', operation.responses['200']?.content?.['application/json']?.schema),
  );
}

function search() {
  const words = $('search').value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = false;
  for (const section of document.querySelectorAll('section')) {
    let any = false;
    for (const card of section.querySelectorAll(':scope > details')) {
      card.hidden = !words.every((word) => card.dataset.text.includes(word));
      any = any || !card.hidden;
    }
    section.hidden = !any;
    found = found || any;
  }
  if (about) notice(found ? about : 'No operation has all of these words.');
}

const reload = () => {
  about = '';
  load().catch((error) => notice('The host cannot be reached: ' + error.message, true));
};
$('search').addEventListener('input', search);
$('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  token = $('token').value.trim();
  reload();
});
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.target.matches('input, textarea, select')) return;
  event.preventDefault();
  $('search').focus();
});
window.addEventListener('hashchange', openNamed);
reload();
