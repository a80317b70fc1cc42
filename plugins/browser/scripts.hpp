// What is asked of elements in the page itself: JavaScript functions with the element as `this`.
#pragma once

namespace browser::scripts {

// {point, width, height, inner} if it can be used; else {why}, and `gone` if it never can.
inline constexpr const char* ready = R"js(async function(writable, hit) {
  const name = e => '<' + e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') +
    (typeof e.className === 'string' && e.className.trim() ? '.' + e.className.trim().split(/\s+/)[0] : '') + '>';
  const el = this.nodeType === 1 ? this : this.parentElement;
  if (!el || !el.isConnected) return {why: 'it is not in the page any more', gone: true};
  const style = getComputedStyle(el);
  let box = el.getBoundingClientRect();
  if (box.width <= 0 || box.height <= 0 || style.display === 'none') return {why: 'it is not shown: it has no size'};
  if (style.visibility !== 'visible') return {why: 'it is not shown: its visibility is ' + style.visibility};
  if (el.matches(':disabled') || el.closest('[aria-disabled="true"]')) return {why: 'it is disabled'};
  if (writable) {
    const field = el.matches('input, textarea, select') || el.isContentEditable;
    if (!field) return {why: 'nothing can be written into ' + name(el), gone: true};
    if (el.readOnly || el.getAttribute('aria-readonly') === 'true') return {why: 'it is read-only'};
  }
  const outside = b => b.top < 0 || b.left < 0 || b.bottom > innerHeight || b.right > innerWidth;
  if (outside(box)) {
    el.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
    box = el.getBoundingClientRect();
  }
  for (let up = el; up; up = up.parentElement)
    if (up.getAnimations && up.getAnimations().some(a => a.playState === 'running' &&
        Number.isFinite(a.effect.getComputedTiming().endTime))) return {why: 'it is moving: ' + name(up) + ' is animated'};
  const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  const point = {x: (left + right) / 2, y: (top + bottom) / 2};
  if (right <= left || bottom <= top) return {why: 'it cannot be scrolled into view'};
  if (hit) {
    let at = document.elementFromPoint(point.x, point.y);
    while (at && at.shadowRoot) {
      const deeper = at.shadowRoot.elementFromPoint(point.x, point.y);
      if (!deeper || deeper === at) break;
      at = deeper;
    }
    const within = (inner, outer) => {
      for (let up = inner; up; up = up.parentNode || up.host) if (up === outer) return true;
      return false;
    };
    const label = at && at.closest && at.closest('label');
    if (!at || !(within(at, el) || within(el, at) && at.matches('a, button, label, summary') || label && label.control === el))
      return {why: at ? name(at) + ' is in front of it' : 'nothing is where it should be'};
  }
  return {point, width: box.width, height: box.height, inner: window !== window.parent};
})js";

inline constexpr const char* focus = "function() { this.focus(); }";

// Everything in it is chosen, so that what is written takes its place. True: it takes keys; false: it was set here.
inline constexpr const char* begin_fill = R"js(function(text) {
  const kind = this.tagName === 'INPUT' ? this.type : '';
  this.focus();
  if (this.tagName === 'SELECT' || ['color', 'date', 'datetime-local', 'month', 'range', 'time', 'week'].includes(kind)) {
    const set = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(this), 'value').set;
    const before = this.value;
    set.call(this, text);
    if (this.value !== text) { set.call(this, before); throw new Error('"' + text + '" is no value that this field takes'); }
    this.dispatchEvent(new Event('input', {bubbles: true, composed: true}));
    this.dispatchEvent(new Event('change', {bubbles: true}));
    return false;
  }
  if (['checkbox', 'radio', 'file', 'submit', 'button', 'image', 'reset'].includes(kind))
    throw new Error('an input of type ' + kind + ' takes no text');
  if (this.select) this.select();
  else { const range = document.createRange(); range.selectNodeContents(this); const all = getSelection();
         all.removeAllRanges(); all.addRange(range); }
  return true;
})js";

inline constexpr const char* choose = R"js(function(wanted) {
  if (this.tagName !== 'SELECT') throw new Error('it is no <select>');
  const found = wanted.map(one => [...this.options].find(o => o.value === one || o.label.trim() === one));
  const missing = wanted.filter((_, i) => !found[i]);
  if (missing.length) throw new Error('there is no option "' + missing[0] + '"; there are: ' +
    [...this.options].slice(0, 20).map(o => '"' + o.label.trim() + '"').join(', '));
  if (!this.multiple && wanted.length !== 1) throw new Error('it takes exactly one option');
  for (const o of this.options) o.selected = found.includes(o);
  this.dispatchEvent(new Event('input', {bubbles: true, composed: true}));
  this.dispatchEvent(new Event('change', {bubbles: true}));
  return [...this.selectedOptions].map(o => o.value);
})js";

inline constexpr const char* is_checked = R"js(function() {
  if (this.type === 'checkbox' || this.type === 'radio') return this.checked;
  const said = this.getAttribute('aria-checked');
  if (said !== null) return said === 'true';
  throw new Error('it is no checkbox, radio button or switch');
})js";

inline constexpr const char* scroll_element =
    "function(x, y) { this.scrollBy({left: x, top: y, behavior: 'instant'}); "
    "return {x: this.scrollLeft, y: this.scrollTop}; }";

// The first that fits, through open shadow roots, too.
inline constexpr const char* query = R"js((selector => {
  const look = root => {
    const found = root.querySelector(selector);
    if (found) return found;
    for (const e of root.querySelectorAll('*')) if (e.shadowRoot) { const deep = look(e.shadowRoot); if (deep) return deep; }
    return null;
  };
  return look(document);
}))js";

// What is most like what was looked for and is not there: for the words of an error.
inline constexpr const char* near = R"js((selector => {
  const words = selector.toLowerCase().split(/[^a-z0-9]+/).filter(w => w.length > 1);
  const all = [...document.querySelectorAll('a, button, input, select, textarea, [id], [role]')].slice(0, 2000);
  const named = e => '<' + e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + (e.name ? ' name=' + e.name : '') + '>' +
    ((e.innerText || e.value || '').trim() ? ' "' + (e.innerText || e.value).trim().slice(0, 40) + '"' : '');
  const worth = e => { const text = (e.tagName + ' ' + e.id + ' ' + e.className + ' ' + (e.name || '') + ' ' +
    (e.innerText || '').slice(0, 80)).toLowerCase(); return words.filter(w => text.includes(w)).length; };
  return all.map(e => [worth(e), e]).filter(p => p[0] > 0).sort((a, b) => b[0] - a[0]).slice(0, 3).map(p => named(p[1]));
}))js";

}  // namespace browser::scripts
