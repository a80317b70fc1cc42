// What is asked of a page that becomes PDF.
#pragma once

namespace browser::scripts {

// The width of what is printed, in pixels, if the page's own @page says it.
inline constexpr const char* paper_width = R"js((() => {
  const unit = {mm: 96 / 25.4, cm: 96 / 2.54, in: 96, px: 1, pt: 96 / 72, pc: 16};
  const pixels = text => { const found = /^([\d.]+)(mm|cm|in|px|pt|pc)$/.exec(text); return found ? found[1] * unit[found[2]] : null; };
  const named = {a3: [297, 420], a4: [210, 297], a5: [148, 210], letter: [215.9, 279.4], legal: [215.9, 355.6]};
  let width = null, margins = [96 / 2.54, 96 / 2.54];
  for (const sheet of document.styleSheets) {
    let rules = [];
    try { rules = sheet.cssRules; } catch { continue; }
    for (const rule of rules) {
      if (!(rule instanceof CSSPageRule) || rule.selectorText) continue;
      const words = (rule.style.size || '').toLowerCase().split(/\s+/).filter(Boolean);
      let size = words.map(pixels).filter(n => n !== null);
      const name = words.find(w => named[w]);
      if (name) size = named[name].map(n => n * unit.mm);
      if (size.length) width = words.includes('landscape') ? Math.max(...size) : words.includes('portrait') ? Math.min(...size) : size[0];
      if (!size.length && words.includes('landscape')) width = 297 * unit.mm;
      ['marginLeft', 'marginRight'].forEach((side, i) => { const n = pixels(rule.style[side]) ?? (rule.style[side] === '0' ? 0 : null);
                                                          if (n !== null) margins[i] = n; });
      width ??= 210 * unit.mm;
    }
  }
  return width === null ? null : width - margins[0] - margins[1];
})())js";

// Waits for fonts, pictures, diagrams and formulas; what has not come after a while is named.
inline constexpr const char* paper_ready = R"js((async () => {
  const late = [], wait = (name, what) => Promise.race([what, new Promise(on => setTimeout(() => { late.push(name); on(); }, 10000))]);
  for (const one of document.querySelectorAll('img[loading=lazy]')) one.loading = 'eager';
  await wait('fonts', document.fonts.ready);
  await wait('pictures', Promise.all([...document.images].filter(one => !one.complete).map(one =>
    new Promise(on => { one.addEventListener('load', on); one.addEventListener('error', on); }))));
  const until = async test => { while (!test()) await new Promise(on => setTimeout(on, 50)); };
  if (window.mermaid) await wait('mermaid', until(() =>
    ![...document.querySelectorAll('.mermaid')].some(one => !one.hasAttribute('data-processed') && !one.querySelector('svg'))));
  if (window.MathJax?.startup?.promise) await wait('MathJax', window.MathJax.startup.promise);
  await wait('fonts', document.fonts.ready);
  return late;
})())js";

inline constexpr const char* paper_report = R"js((() => {
  const shown = e => e.getClientRects().length > 0, width = document.documentElement.clientWidth;
  const name = e => '<' + e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') +
    (typeof e.className === 'string' && e.className.trim() ? '.' + e.className.trim().split(/\s+/)[0] : '') + '>';
  let words = 0;
  for (const one of new Intl.Segmenter(undefined, {granularity: 'word'}).segment(document.body.innerText.slice(0, 2000000)))
    if (one.isWordLike) ++words;
  const figures = [...document.querySelectorAll('img, svg, canvas, video, object')].filter(e => shown(e) && !e.parentElement.closest('svg'));
  const missing = [...document.images].filter(e => e.complete && e.naturalWidth === 0 && e.getAttribute('src'))
    .slice(0, 20).map(e => String(e.getAttribute('src')).slice(0, 200));
  const overflows = [];
  for (const e of document.body.querySelectorAll('*')) {
    if (overflows.length >= 20) break;
    if (!shown(e) || e.closest('svg') && e.tagName !== 'svg') continue;
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    const over = box.right - width, cut = style.overflowX !== 'visible' && style.display !== 'inline' ? e.scrollWidth - e.clientWidth : 0;
    if (over <= 1 && cut <= 1) continue;
    if (overflows.some(one => one.element.contains(e))) continue;
    overflows.push({element: e, by: Math.round(Math.max(over, cut))});
  }
  return {title: document.title.slice(0, 500), words, figures: figures.length, missing,
          overflows: overflows.map(one => ({element: name(one.element), by: one.by, text: (one.element.innerText ?? '').trim().slice(0, 80)}))};
})())js";

}  // namespace browser::scripts
