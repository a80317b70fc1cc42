// Documents by the npm package docx: notes, comments, revisions, fields, links, pictures, boxes, formulas. usage: npm_word_more.js FOLDER
const fs = require('node:fs');
const path = require('node:path');
let seed = 1;  // ids that it draws are the same each time
Math.random = () => { seed = (seed * 16807) % 2147483647; return seed / 2147483647; };
const d = require('docx');

const folder = process.argv[2];
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==', 'base64');
const date = '2020-01-02T03:04:05Z';
const when = new Date(Date.UTC(2020, 0, 2, 3, 4, 5));
const P = (...children) => new d.Paragraph({children: children.map(c => (typeof c === 'string' ? new d.TextRun(c) : c))});
const one = (children, more = {}) => ({sections: [{children}], ...more});
const cases = {};

cases.notes = () => one([P('a', new d.FootnoteReferenceRun(1), 'b', new d.FootnoteReferenceRun(2)), P('c', new d.EndnoteReferenceRun(1))],
  {footnotes: {1: {children: [P('one'), P('more')]}, 2: {children: [P('two')]}}, endnotes: {1: {children: [P('end')]}}});
cases.comments = () => one([P(new d.CommentRangeStart(0), 'said of', new d.CommentRangeEnd(0), new d.TextRun({children: [new d.CommentReference(0)]})), P(new d.CommentRangeStart(1)), P('x', new d.CommentRangeEnd(1), new d.TextRun({children: [new d.CommentReference(1)], bold: true}))],
  {comments: {children: [{id: 0, author: 'A', initials: 'a', date: when, children: [P('first')]}, {id: 1, author: 'B', date: when, children: [P('second'), P('third', new d.ImageRun({type: 'png', data: png, transformation: {width: 9, height: 9}}))]}]}});
cases.replies = () => one([P(new d.CommentRangeStart(0), new d.CommentRangeStart(1), 'said of', new d.CommentRangeEnd(0), new d.TextRun({children: [new d.CommentReference(0)]}), new d.CommentRangeEnd(1), new d.TextRun({children: [new d.CommentReference(1)]}))],
  {comments: {children: [{id: 0, author: 'A', date: when, children: [P('first')], resolved: true}, {id: 1, author: 'B', date: when, parentId: 0, children: [P('reply')]}]}});
cases.revisions = () => one([P(new d.InsertedTextRun({text: 'in', id: 1, author: 'A', date, bold: true}), new d.DeletedTextRun({text: 'out', id: 2, author: 'A', date}), new d.DeletedTextRun({children: [d.PageNumber.CURRENT], id: 3, author: 'A', date})),
  new d.Paragraph({text: 'p', run: {insertion: {id: 5, author: 'A', date}}, revision: {id: 7, author: 'A', date, alignment: 'center'}}), P(new d.TextRun({text: 'f', bold: true, revision: {id: 8, author: 'A', date, bold: false}})),
  new d.Table({rows: [new d.TableRow({insertion: {id: 9, author: 'A', date}, children: [new d.TableCell({children: [P('x')], insertion: {id: 10, author: 'A', date}})]}), new d.TableRow({deletion: {id: 11, author: 'A', date}, children: [new d.TableCell({children: [P('y')], deletion: {id: 12, author: 'A', date}})]})]})], {features: {trackRevisions: true}});
cases.links = () => one([P(new d.ExternalHyperlink({link: 'https://example.com/?a=b&c#d', children: [new d.TextRun({text: 'out', style: 'Hyperlink'})]}), new d.InternalHyperlink({anchor: 'here', children: [new d.TextRun('in')]})),
  P(new d.Bookmark({id: 'here', children: [new d.TextRun('target')]})), P(new d.PageReference('here', {hyperlink: true, useRelativePosition: true})), P(new d.NumberedItemReference('here', '1')), P(new d.SequentialIdentifier('Figure'), new d.SimpleField('AUTHOR', 'me'), new d.SimpleMailMergeField('name'))]);
cases.contents = () => one([new d.TableOfContents('Contents', {hyperlink: true, headingStyleRange: '1-3', captionLabel: 'Figure', stylesWithLevels: [new d.StyleLevel('Own', 1)], useAppliedParagraphOutlineLevel: true, hideTabAndPageNumbersInWebView: true}), new d.Paragraph({text: 'One', heading: d.HeadingLevel.HEADING_1, pageBreakBefore: true})], {features: {updateFields: true}});
const image = more => new d.ImageRun({type: 'png', data: png, transformation: {width: 100, height: 100, rotation: 30, flip: {vertical: true, horizontal: true}}, ...more});
cases.pictures = () => one([P(image({})), P(image({altText: {title: 't', description: 'd', name: 'n'}})), P(image({outline: {type: 'solidFill', solidFillType: 'rgb', value: 'FF0000', width: 9525}})),
  P(new d.ImageRun({type: 'svg', data: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), transformation: {width: 9, height: 9}, fallback: {type: 'png', data: png}}))]);
const wraps = [undefined, {type: d.TextWrappingType.SQUARE, side: d.TextWrappingSide.BOTH_SIDES, margins: {top: 201440, bottom: 201440}}, {type: d.TextWrappingType.TIGHT}, {type: d.TextWrappingType.TOP_AND_BOTTOM}, {type: d.TextWrappingType.NONE}];
cases.floating = () => one([...wraps.map(wrap => P(image({floating: {horizontalPosition: {relative: d.HorizontalPositionRelativeFrom.PAGE, offset: 1014400}, verticalPosition: {relative: d.VerticalPositionRelativeFrom.MARGIN, align: d.VerticalPositionAlign.BOTTOM}, wrap, allowOverlap: true, lockAnchor: true, behindDocument: true, layoutInCell: false, zIndex: 10, margins: {top: 1, left: 2}}}))),
  ...Object.values(d.HorizontalPositionRelativeFrom).map(relative => P(image({floating: {horizontalPosition: {relative, align: d.HorizontalPositionAlign.CENTER}, verticalPosition: {offset: 0}}})))]);
cases.textboxes = () => one([new d.Textbox({alignment: 'center', children: [P('in a box')], style: {width: '200pt', height: 'auto'}}), P(new d.WpsShapeRun({type: 'wps', children: [P('in a shape')], transformation: {width: 100, height: 50}, bodyProperties: {verticalAnchor: d.VerticalAnchor.CENTER, margins: {top: 1, bottom: 2, left: 3, right: 4}},
  outline: {type: 'solidFill', solidFillType: 'rgb', value: '00FF00'}, solidFill: {type: 'rgb', value: '112233'}, floating: {horizontalPosition: {offset: 9}, verticalPosition: {offset: 9}}})),
P(new d.WpgGroupRun({type: 'wpg', transformation: {width: 100, height: 50}, children: [{type: 'wps', data: {children: [P('g')]}, transformation: {pixels: {x: 9, y: 9}, emus: {x: 85725, y: 85725}, offset: {}}, children: [P('grouped')]}].slice(0, 0)}))]);
const M = text => new d.MathRun(text);
cases.math = () => one([P(new d.Math({children: [M('2+2'), new d.MathFraction({numerator: [M('a')], denominator: [new d.MathRadical({children: [M('b')], degree: [M('3')]})]}), new d.MathSum({children: [M('i')], subScript: [M('0')], superScript: [M('n')]}), new d.MathIntegral({children: [M('x')]}),
  new d.MathSuperScript({children: [M('a')], superScript: [M('2')]}), new d.MathSubScript({children: [M('a')], subScript: [M('2')]}), new d.MathSubSuperScript({children: [M('a')], superScript: [M('1')], subScript: [M('2')]}), new d.MathPreSubSuperScript({children: [M('a')], superScript: [M('1')], subScript: [M('2')]}),
  new d.MathFunction({name: [new d.MathSuperScript({children: [M('cos')], superScript: [M('-1')]})], children: [M('100')]}), new d.MathRoundBrackets({children: [M('x')]}), new d.MathSquareBrackets({children: [M('x')]}), new d.MathCurlyBrackets({children: [M('x')]}), new d.MathAngledBrackets({children: [M('x')]}),
  new d.MathLimitLower({children: [M('lim')], limit: [M('x')]}), new d.MathLimitUpper({children: [M('lim')], limit: [M('x')]})]}))]);
cases.controls = () => one([P(new d.CheckBox({checked: true, alias: 'a', checkedState: {value: '2611', font: 'MS Gothic'}, uncheckedState: {value: '2610', font: 'MS Gothic'}})), P(new d.CheckBox()), P(new d.SymbolRun('F071'), new d.SymbolRun({char: 'F030', symbolfont: 'Arial', bold: true})), P(new d.TextRun({children: [new d.PositionalTab({alignment: d.PositionalTabAlignment.CENTER, relativeTo: d.PositionalTabRelativeTo.INDENT, leader: d.PositionalTabLeader.DOT}), 'x']})),
  P(new d.ColumnBreak(), new d.PageBreak())]);
cases.asian = () => one([P(new d.TextRun({text: '漢字かな交じり文 한국어', font: {eastAsia: 'MS Mincho'}, language: {eastAsia: 'ja-JP'}, eastAsianLayout: {id: 1, combine: true}})), new d.Paragraph({bidirectional: true, children: [new d.TextRun({text: 'שלום עולם مرحبا', rightToLeft: true})]})]);
cases.all = () => ({...cases.notes(), ...cases.comments(), sections: ['notes', 'comments', 'links', 'contents', 'pictures', 'floating', 'math', 'controls', 'asian'].map(name => cases[name]().sections[0])});

async function main() {
  const failed = [];
  for (const [name, build] of Object.entries(cases)) {
    try {
      fs.writeFileSync(path.join(folder, `docxnpm-${name}.docx`), await d.Packer.toBuffer(new d.Document(build())));
    } catch (error) {
      failed.push(`${name}: ${error.stack}`);
    }
  }
  if (failed.length) throw new Error(failed.join('\n'));
}

main().catch(error => { console.error(error.message); process.exit(1); });
