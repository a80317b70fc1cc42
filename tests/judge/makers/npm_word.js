// Documents by the npm package docx: text, styles, lists, tables, sections. usage: npm_word.js FOLDER
const fs = require('node:fs');
const path = require('node:path');
let seed = 1;  // ids that it draws are the same each time
Math.random = () => { seed = (seed * 16807) % 2147483647; return seed / 2147483647; };
const d = require('docx');

const folder = process.argv[2];
const P = (...children) => new d.Paragraph({children: children.map(c => (typeof c === 'string' ? new d.TextRun(c) : c))});
const R = options => new d.TextRun(options);
const one = (children, more = {}) => ({sections: [{children}], ...more});
const cases = {};

cases.runs = () => one([P(R({text: 'all', bold: true, italics: true, strike: true, smallCaps: true, color: 'FF0000', size: 28, highlight: 'yellow', characterSpacing: 20, kern: 8, scale: 150, position: '3pt'})),
  P(R({text: 'double', doubleStrike: true, allCaps: true, emboss: true, vanish: true, specVanish: true, noProof: true, snapToGrid: false, math: true})), P(R({text: 'sub', subScript: true}), R({text: 'sup', superScript: true})),
  P(R({text: 'under', underline: {type: d.UnderlineType.WAVE, color: '00FF00'}}), R({text: 'dots', emphasisMark: {type: d.EmphasisMarkType.DOT}})),
  P(R({text: 'shade', shading: {type: d.ShadingType.DIAGONAL_CROSS, color: '00FFFF', fill: 'FF0000'}, border: {style: d.BorderStyle.DOUBLE, size: 6, space: 1, color: 'auto'}})),
  P(R({text: 'fonts', font: {ascii: 'Arial', eastAsia: 'SimSun', cs: 'David', hAnsi: 'Calibri', hint: 'eastAsia'}, language: {value: 'en-US', eastAsia: 'zh-CN', bidirectional: 'he-IL'}})),
  P(R({text: 'effect', effect: d.TextEffect.ANTS_RED, imprint: true}), R({text: 'rtl שלום', rightToLeft: true, boldComplexScript: true, italicsComplexScript: true, sizeComplexScript: 30})), P(R({text: 'break', break: 2}), new d.TextRun({children: [new d.Tab(), 'x', new d.CarriageReturn(), new d.NoBreakHyphen(), new d.SoftHyphen(), new d.DayShort(), new d.YearLong(), new d.MonthLong(), new d.LastRenderedPageBreak()]}))]);
cases.underlines = () => one(Object.values(d.UnderlineType).map(type => P(R({text: type, underline: {type}}))));
cases.highlights = () => one(Object.values(d.HighlightColor).map(highlight => P(R({text: highlight, highlight}))));
cases.effects = () => one(Object.values(d.TextEffect).map(effect => P(R({text: effect, effect}))));
cases.paragraphs = () => one([...Object.values(d.AlignmentType).map(alignment => new d.Paragraph({text: alignment, alignment})),
  new d.Paragraph({text: 'all', keepLines: true, keepNext: true, pageBreakBefore: true, widowControl: false, contextualSpacing: true, mirrorIndents: false, suppressLineNumbers: true, wordWrap: true, overflowPunctuation: true, autoSpaceEastAsianText: true,
    bidirectional: true, outlineLevel: 2, spacing: {before: 100, after: 200, line: 360, lineRule: d.LineRuleType.AT_LEAST, beforeAutoSpacing: true, afterAutoSpacing: false},
    indent: {left: 720, right: '1cm', hanging: 360}, tabStops: [{type: d.TabStopType.RIGHT, position: 5000, leader: d.LeaderType.DOT}, {type: d.TabStopType.BAR, position: 300}], rightTabStop: 9000, leftTabStop: 100,
    border: {top: {style: d.BorderStyle.WAVE, size: 6, space: 4, color: 'auto'}, left: {style: 'single'}, bottom: {style: 'dotted', color: '112233'}, right: {style: 'thick', size: 12}, between: {style: 'single'}},
    shading: {type: d.ShadingType.PERCENT_40, fill: 'EEEEEE', color: '111111'}, thematicBreak: true, run: {bold: true, size: 20}}),
  new d.Paragraph({text: 'frame', frame: {type: 'absolute', position: {x: 1000, y: 3000}, width: 4000, height: 1000, anchor: {horizontal: d.FrameAnchorType.MARGIN, vertical: d.FrameAnchorType.PAGE}, rule: d.HeightRule.EXACT, wrap: d.FrameWrap.AROUND}}),
  new d.Paragraph({text: 'drop', frame: {type: 'alignment', alignment: {x: d.HorizontalPositionAlign.CENTER, y: d.VerticalPositionAlign.TOP}, width: 100, height: 100, dropCap: d.DropCapType.MARGIN, lines: 3, anchor: {horizontal: 'text', vertical: 'text'}}})]);
cases.borders = () => one(Object.values(d.BorderStyle).map(style => new d.Paragraph({text: style, border: {bottom: {style, size: 6, color: '112233', space: 1}}})));
cases.shadings = () => one(Object.values(d.ShadingType).map(type => new d.Paragraph({text: type, shading: {type, fill: 'EEEEEE', color: '222222'}})));
cases.headings = () => one(Object.values(d.HeadingLevel).map(heading => new d.Paragraph({text: heading, heading})));
cases.numbering = () => one([...Array(9).keys()].map(level => new d.Paragraph({text: `level ${level}`, numbering: {reference: 'own', level, instance: level % 2}})).concat(
  Object.values(d.LevelFormat).map((format, place) => new d.Paragraph({text: format, numbering: {reference: `f${place}`, level: 0}})), [new d.Paragraph({text: 'bullet', bullet: {level: 1}}), new d.Paragraph({text: 'none', numbering: false})]),
{numbering: {config: [{reference: 'own', levels: [...Array(9).keys()].map(level => ({level, format: d.LevelFormat.DECIMAL, text: `%${level + 1}.`, alignment: d.AlignmentType.START, start: level + 1, suffix: d.LevelSuffix.SPACE, isLegalNumberingStyle: level === 3,
  style: {paragraph: {indent: {left: 720 * (level + 1), hanging: 260}}, run: {bold: true}}}))}, ...Object.values(d.LevelFormat).map((format, place) => ({reference: `f${place}`, levels: [{level: 0, format, text: '%1)'}]}))]}});
const ST = {paragraphStyles: [{id: 'Own', name: 'Own', basedOn: 'Normal', next: 'Normal', link: 'OwnChar', quickFormat: true, uiPriority: 5, semiHidden: false, unhideWhenUsed: true, run: {color: '999999', italics: true}, paragraph: {spacing: {line: 276}}}],
  characterStyles: [{id: 'OwnChar', name: 'Own Char', basedOn: 'DefaultParagraphFont', run: {underline: {}}}],
  default: {document: {run: {font: 'Calibri', size: 22}, paragraph: {spacing: {after: 120}}}, heading1: {run: {size: 40, bold: true}}, title: {run: {color: '0000FF'}}, hyperlink: {run: {color: '00FF00'}}, listParagraph: {run: {bold: false}}, footnoteText: {run: {size: 18}}}};
cases.styles = () => one([new d.Paragraph({text: 'own', style: 'Own'}), P(R({text: 'x', style: 'OwnChar'})), new d.Paragraph({text: 'h', heading: d.HeadingLevel.HEADING_1})], {styles: ST});
const cell = (text, more = {}) => new d.TableCell({children: [new d.Paragraph(text)], ...more});
const row = (cells, more = {}) => new d.TableRow({children: cells, ...more});
const border = {style: d.BorderStyle.DASH_DOT_STROKED, size: 3, color: '00FF00'};
cases.tables = () => one([new d.Table({rows: [row([cell('a', {columnSpan: 2, verticalAlign: d.VerticalAlign.CENTER}), cell('b', {rowSpan: 2})], {tableHeader: true, cantSplit: true, height: {value: 500, rule: d.HeightRule.EXACT}}), row([cell('c'), cell('d')]),
  row([cell('e', {textDirection: d.TextDirection.BOTTOM_TO_TOP_LEFT_TO_RIGHT, margins: {top: 10, left: 20, bottom: 30, right: 40, marginUnitType: d.WidthType.DXA}}), cell('f', {shading: {type: d.ShadingType.SOLID, fill: 'AA00AA', color: 'auto'}}), cell('g', {borders: {top: border, bottom: border, left: border, right: border, start: border, end: border}, width: {size: 30, type: d.WidthType.PERCENTAGE}})])],
width: {size: 9000, type: d.WidthType.DXA}, columnWidths: [3000, 3000, 3000], layout: d.TableLayoutType.FIXED, alignment: d.AlignmentType.CENTER, indent: {size: 100, type: d.WidthType.DXA}, visuallyRightToLeft: true, style: 'TableGrid', cellSpacing: {value: 20, type: d.WidthType.DXA},
borders: {top: border, bottom: border, left: border, right: border, insideHorizontal: border, insideVertical: border}, margins: {top: 100, bottom: 100, left: 50, right: 50}, tableLook: {firstRow: true, lastRow: false, firstColumn: true, lastColumn: false, noHBand: false, noVBand: true}}),
new d.Table({rows: [row([cell('floats')])], float: {horizontalAnchor: d.TableAnchorType.MARGIN, verticalAnchor: d.TableAnchorType.PAGE, relativeHorizontalPosition: d.RelativeHorizontalPosition.RIGHT, absoluteVerticalPosition: 100, topFromText: 10, bottomFromText: 20, leftFromText: 30, rightFromText: 40, overlap: d.OverlapType.NEVER}}),
P(''), new d.Table({rows: [row([new d.TableCell({children: [new d.Table({rows: [row([cell('inner')])]}), new d.Paragraph('')]})])], width: {size: 100, type: d.WidthType.PERCENTAGE}})]);
const page = (number, more = {}) => ({properties: {type: Object.values(d.SectionType)[number % 5], ...more}, children: [P(`section ${number}`)]});
cases.sections = () => ({evenAndOddHeaderAndFooters: true, background: {color: 'C45911'}, sections: [page(0, {page: {size: {orientation: d.PageOrientation.LANDSCAPE, width: 12000, height: 16000, code: 9}, margin: {top: '1in', left: 700, right: 700, bottom: 700, header: 300, footer: 300, gutter: 10},
  pageNumbers: {start: 5, formatType: d.NumberFormat.UPPER_ROMAN, separator: d.PageNumberSeparator.EN_DASH}, borders: {pageBorders: {display: d.PageBorderDisplay.FIRST_PAGE, offsetFrom: d.PageBorderOffsetFrom.TEXT, zOrder: d.PageBorderZOrder.BACK}, pageBorderTop: {style: d.BorderStyle.DOUBLE, size: 8, color: 'FF0000', space: 5}, pageBorderLeft: {style: 'single', size: 4}},
  textDirection: d.PageTextDirectionType.TOP_TO_BOTTOM_RIGHT_TO_LEFT}, column: {space: 700, count: 2, separate: true}, lineNumbers: {countBy: 5, start: 2, distance: 100, restart: d.LineNumberRestartFormat.NEW_SECTION}, titlePage: true, verticalAlign: d.VerticalAlignSection.CENTER, grid: {linePitch: 312, charSpace: 10, type: d.DocumentGridType.LINES_AND_CHARS}}),
page(1, {column: {count: 2, equalWidth: false, children: [new d.Column({width: 3000, space: 300}), new d.Column({width: 4000})]}}), page(2), page(3), page(4)]});
const hf = kind => new d[kind]({children: [new d.Paragraph({children: [new d.TextRun({children: [kind, d.PageNumber.CURRENT, ' of ', d.PageNumber.TOTAL_PAGES, d.PageNumber.TOTAL_PAGES_IN_SECTION, d.PageNumber.CURRENT_SECTION]})]}), new d.Table({rows: [row([cell('in it')])]}), P('')]});
cases['headers-footers'] = () => ({evenAndOddHeaderAndFooters: true, sections: [{properties: {titlePage: true}, headers: {default: hf('Header'), first: hf('Header'), even: hf('Header')}, footers: {default: hf('Footer'), first: hf('Footer'), even: hf('Footer')}, children: [P('x')]}, {headers: {default: hf('Header')}, children: [P('y')]}]});
cases.properties = () => one([P('x')], {creator: 'me <&>', title: 't', subject: 's', keywords: 'a, b', description: 'd', lastModifiedBy: 'her', revision: 3, customProperties: [{name: 'a', value: 'b'}], defaultTabStop: 500, compatabilityModeVersion: 15, compatibility: {version: 15, useSingleBorderforContiguousCells: true, wordPerfectJustification: true, noTabStopForHangingIndent: true, growAutofit: true},
  features: {trackRevisions: true, updateFields: true}, hyphenation: {autoHyphenation: true, hyphenationZone: 500, consecutiveHyphenLimit: 3, doNotHyphenateCaps: true}, documentProtection: undefined, view: undefined});

async function main() {
  for (const [name, build] of Object.entries(cases)) {
    fs.writeFileSync(path.join(folder, `docxnpm-${name}.docx`), await d.Packer.toBuffer(new d.Document(build())));
  }
}

main().catch(error => { console.error(error); process.exit(1); });
