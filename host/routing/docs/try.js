// "Try it" on the page at /docs: sends one call and shows what comes back, as it comes.
'use strict';

// A field's text as the value that its schema wants; a text that is none goes as it is, and the host says what is wrong with it.
function typed(text, schema) {
  if (schema.enum) return schema.enum.find((value) => String(value) === text);
  if (schema.type === 'string') return text;
  if (schema.type === 'integer' || schema.type === 'number') return Number(text);
  if (schema.type === 'boolean') return text === 'true';
  try {
    return JSON.parse(text);
  } catch {
    return schema.type === 'array' ? text.split(',').map((part) => typed(part.trim(), resolved(schema.items))) : text;
  }
}

function request(method, path, fields, kind) {
  const query = new URLSearchParams();
  const json = {};
  for (const { name, where, rest, schema, input } of fields) {
    const text = input.value;
    if (text === '') continue;
    if (where === 'path') {
      path = path.replace(
        '{' + name + '}',
        rest ? text.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(text),
      );
    } else if (where === 'query') {
      for (const one of [].concat(typed(text, schema)))
        query.append(name, typeof one === 'object' ? JSON.stringify(one) : one);
    } else {
      json[name] = typed(text, schema);
    }
  }
  const text = query.toString();
  const bodied = method !== 'GET' && method !== 'DELETE' && kind !== 'upload';
  return { method, url: path + (text ? '?' + text : ''), json: bodied ? JSON.stringify(json) : undefined };
}

const quoted = (text) => "'" + text.replaceAll("'", "'\\''") + "'";

function curl(plan, kind) {
  const words = [
    'curl',
    kind === 'stream' ? '-N' : '',
    plan.method === 'GET' ? '' : '-X ' + plan.method,
    '-H "Authorization: Bearer $TOKEN"',
  ];
  if (plan.json !== undefined) words.push("-H 'Content-Type: application/json' -d " + quoted(plan.json));
  if (kind === 'upload') words.push("-H 'Content-Type: application/octet-stream' --data-binary @FILE");
  if (kind === 'download') words.push('-OJ');
  words.push(quoted(location.origin + plan.url));
  return words.filter(Boolean).join(' ');
}

function copyOf(line) {
  if (!navigator.clipboard) return null; // plain http from another machine
  const button = make(
    'button',
    {
      type: 'button',
      class: 'plain',
      on: {
        click: async () => {
          await navigator.clipboard.writeText(line.textContent);
          button.textContent = 'Copied';
          setTimeout(() => {
            button.textContent = 'Copy';
          }, 1500);
        },
      },
    },
    'Copy',
  );
  return button;
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
    const status = make(
      'p',
      { class: 'status ' + (answer.ok ? 'good' : 'bad') },
      answer.status + ' ' + answer.statusText,
    );
    out.append(status);
    if (kind === 'stream' && answer.ok) await follow(answer, out, button);
    else if (kind === 'download' && answer.ok) offer(await answer.blob(), answer, out);
    else {
      const text = await answer.text();
      let shown = text;
      try {
        shown = JSON.stringify(JSON.parse(text), null, 2);
      } catch {
        /* not JSON: as it is */
      }
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
  const say = (text) => {
    screen.textContent += text + '\n';
    screen.scrollTop = screen.scrollHeight;
  };
  const send = make(
    'button',
    {
      type: 'button',
      on: {
        click: () => {
          socket.send(input.value);
          say('→ ' + input.value);
          input.value = '';
        },
      },
    },
    'Send',
  );
  const end = make('button', { type: 'button', class: 'plain', on: { click: () => socket.close() } }, 'Close');
  out.append(make('div', { class: 'row' }, input, send, end), screen);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      send.click();
    }
  });
  socket.onopen = () => say('open');
  socket.onmessage = (event) => say('← ' + (typeof event.data === 'string' ? event.data : event.data.size + ' bytes'));
  socket.onclose = (event) => {
    say('closed ' + event.code + ' ' + event.reason);
    button.disabled = false;
    send.disabled = true;
  };
}
