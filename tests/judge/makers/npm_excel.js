// Workbooks by exceljs. usage: npm_excel.js FOLDER
const path = require('node:path');
const ExcelJS = require('exceljs');

const folder = process.argv[2];
const when = new Date(Date.UTC(2020, 0, 2, 3, 4, 5));
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==', 'base64');
const cases = {};

cases.empty = () => {};
cases.values = (book, sheet) => {
  const values = ['text', 1, -2.5, 1e300, true, false, null, when, '<&>"', 'line\nbreak', '漢字', '😀', ' x ', {error: '#N/A'}, {formula: 'A1', result: 'text'},
    {formula: 'B2+1', result: 3}, {formula: 'NOW()', result: when}, {formula: 'A1=1', result: false}, {formula: '1/0', result: {error: '#DIV/0!'}},
    {text: 'link', hyperlink: 'http://example.com/?a&b', tooltip: 'tip'}, {text: 'inside', hyperlink: '#\'Sheet1\'!B2'},
    {richText: [{text: 'a'}, {font: {bold: true, color: {argb: 'FFFF0000'}, size: 9, name: 'Arial', vertAlign: 'superscript', underline: 'double'}, text: ' b'}]}];
  values.forEach((value, row) => { sheet.getCell(row + 1, 1).value = value; });
};
cases.formulas = (book, sheet) => {
  for (let row = 1; row < 9; row++) sheet.addRow([row, row * 2]);
  sheet.getCell('C1').value = {formula: 'A1+B1', result: 3, shareType: 'shared', ref: 'C1:C8'};
  for (let row = 2; row < 9; row++) sheet.getCell(`C${row}`).value = {sharedFormula: 'C1', result: row * 3};
  sheet.fillFormula('D1:D4', 'A1*2', [2, 4, 6, 8]);
  sheet.getCell('E1').value = {formula: 'SUM(A1:A8*B1:B8)', result: 1, shareType: 'array', ref: 'E1:E2'};
};
cases.fonts = (book, sheet) => {
  const fonts = [{bold: true, italic: true, strike: true, outline: true}, {underline: 'single'}, {underline: 'doubleAccounting'}, {color: {theme: 4, tint: 0.5}}, {color: {indexed: 12}},
    {name: 'MS Gothic', charset: 128, family: 3, scheme: 'minor', size: 7}, {vertAlign: 'subscript'}, {condense: true, extend: true, shadow: true}];
  fonts.forEach((font, row) => { const cell = sheet.getCell(row + 1, 1); cell.value = 'x'; cell.font = font; });
};
cases.fills = (book, sheet) => {
  const kinds = ['none', 'solid', 'darkGray', 'mediumGray', 'lightGray', 'gray125', 'gray0625', 'darkHorizontal', 'darkVertical', 'darkDown', 'darkUp', 'darkGrid', 'darkTrellis',
    'lightHorizontal', 'lightVertical', 'lightDown', 'lightUp', 'lightGrid', 'lightTrellis'];
  kinds.forEach((pattern, row) => { sheet.getCell(row + 1, 1).fill = {type: 'pattern', pattern, fgColor: {argb: 'FF00FF00'}, bgColor: {argb: 'FFFF00FF'}}; });
  sheet.getCell('B1').fill = {type: 'gradient', gradient: 'angle', degree: 45, stops: [{position: 0, color: {argb: 'FF0000FF'}}, {position: 1, color: {theme: 2}}]};
  sheet.getCell('B2').fill = {type: 'gradient', gradient: 'path', center: {left: 0.5, top: 0.5}, stops: [{position: 0, color: {argb: 'FF0000FF'}}, {position: 1, color: {argb: 'FFFF0000'}}]};
};
cases.borders = (book, sheet) => {
  ['thin', 'dotted', 'dashDot', 'hair', 'dashDotDot', 'slantDashDot', 'mediumDashed', 'mediumDashDotDot', 'mediumDashDot', 'medium', 'double', 'thick'].forEach((style, row) => {
    const side = {style, color: {argb: 'FF112233'}};
    sheet.getCell(row * 2 + 1, 2).border = {top: side, left: side, bottom: side, right: side, diagonal: {up: true, down: row % 2 === 0, style, color: {theme: 1}}};
  });
};
cases.alignments = (book, sheet) => {
  let row = 0;
  for (const horizontal of ['left', 'center', 'right', 'fill', 'justify', 'centerContinuous', 'distributed']) {
    for (const vertical of ['top', 'middle', 'bottom', 'distributed', 'justify']) {
      sheet.getCell(++row, 1).alignment = {horizontal, vertical, wrapText: row % 2 === 0, indent: row % 4, readingOrder: row % 2 ? 'rtl' : 'ltr', textRotation: row % 5 ? row : 'vertical', shrinkToFit: row % 7 === 0};
    }
  }
};
cases.formats = (book, sheet) => {
  ['0.00%', 'yyyy-mm-dd', '# ?/?', '[Red]0;[Blue]-0', '@', '"€"#,##0.00'].forEach((numFmt, row) => { const cell = sheet.getCell(row + 1, 1); cell.value = 12.5; cell.numFmt = numFmt; });
  sheet.getCell('B1').protection = {locked: false, hidden: true};
};
cases.validations = (book, sheet) => {
  sheet.getCell('A1').dataValidation = {type: 'list', allowBlank: true, formulae: ['"One,Two,Three"']};
  sheet.getCell('A2').dataValidation = {type: 'list', formulae: ['$D$5:$F$5'], showErrorMessage: true, errorStyle: 'error', errorTitle: 'no', error: 'not so'};
  sheet.getCell('A3').dataValidation = {type: 'whole', operator: 'notEqual', formulae: [5], showInputMessage: true, promptTitle: 'p', prompt: 'q'};
  sheet.getCell('A4').dataValidation = {type: 'decimal', operator: 'between', formulae: [1.5, 7]};
  sheet.getCell('A5').dataValidation = {type: 'textLength', operator: 'lessThan', formulae: [15]};
  sheet.getCell('A6').dataValidation = {type: 'date', operator: 'lessThan', formulae: [when]};
  sheet.getCell('A7').dataValidation = {type: 'custom', formulae: ['ISNUMBER(A7)']};
};
cases.conditions = (book, sheet) => {
  for (let row = 1; row < 9; row++) sheet.addRow([row, row * 2, row * 3]);
  const style = {fill: {type: 'pattern', pattern: 'solid', bgColor: {argb: 'FF00FF00'}}, font: {bold: true}, border: {top: {style: 'thin'}}, numFmt: '0.0'};
  const rules = [{type: 'expression', formulae: ['MOD(ROW(),2)=0'], style}, {type: 'cellIs', operator: 'between', formulae: [1, 2], style}, {type: 'top10', rank: 3, percent: true, bottom: false, style},
    {type: 'aboveAverage', aboveAverage: false, style}, {type: 'containsText', operator: 'containsText', text: 'a', style}, {type: 'containsText', operator: 'containsBlanks', style},
    {type: 'containsText', operator: 'notContainsErrors', style}, {type: 'timePeriod', timePeriod: 'lastWeek', style}, {type: 'colorScale', cfvo: [{type: 'min'}, {type: 'percentile', value: 50}, {type: 'max'}], color: [{argb: 'FFF8696B'}, {argb: 'FFFFEB84'}, {theme: 3}]},
    {type: 'iconSet', iconSet: '3TrafficLights1', cfvo: [{type: 'percent', value: 0}, {type: 'percent', value: 33}, {type: 'percent', value: 67}]},
    {type: 'iconSet', iconSet: '5Boxes', custom: false, showValue: false, reverse: true, cfvo: [0, 20, 40, 60, 80].map(value => ({type: 'percent', value}))},
    {type: 'dataBar', gradient: false, minLength: 5, maxLength: 90, cfvo: [{type: 'num', value: 1}, {type: 'max'}], color: {argb: 'FF0000FF'}, border: true, negativeBarColorSameAsPositive: false, axisPosition: 'middle', direction: 'rightToLeft'}];
  rules.forEach((rule, place) => sheet.addConditionalFormatting({ref: `A${place + 1}:C9`, rules: [{priority: place + 1, ...rule}]}));
};
cases.tables = (book, sheet) => {
  sheet.addTable({name: 'First', ref: 'A1', headerRow: true, totalsRow: true, style: {theme: 'TableStyleDark3', showRowStripes: true, showFirstColumn: true, showColumnStripes: true},
    columns: [{name: 'Date', totalsRowLabel: 'Totals:', filterButton: true}, {name: 'Amount', totalsRowFunction: 'sum', filterButton: false}, {name: 'c', totalsRowFunction: 'custom', totalsRowFormula: 'MAX(A1:A2)'}],
    rows: [[when, 70.1, 1], [when, 70.6, 2]]});
  sheet.addTable({name: 'Second', displayName: 'Twee', ref: 'F5', headerRow: false, totalsRow: false, columns: [{name: 'x'}, {name: 'y'}], rows: [[1, 2], [3, 4]]});
};
cases.comments = (book, sheet) => {
  sheet.getCell('A1').note = 'simple';
  sheet.getCell('B2').note = {texts: [{font: {size: 12, color: {theme: 0}, name: 'Calibri', bold: true}, text: 'rich '}, {text: 'text'}], margins: {insetmode: 'custom', inset: [0.25, 0.25, 0.35, 0.35]},
    protection: {locked: true, lockText: false}, editAs: 'twoCells'};
};
cases.pictures = (book, sheet) => {
  const id = book.addImage({buffer: png, extension: 'png'});
  sheet.addImage(id, 'B2:D6');
  sheet.addImage(id, {tl: {col: 5, row: 1}, ext: {width: 100, height: 50}, hyperlinks: {hyperlink: 'http://example.com', tooltip: 'tip'}});
  sheet.addImage(id, {tl: {col: 1.5, row: 8.2}, br: {col: 3.5, row: 12.5}, editAs: 'oneCell'});
  sheet.addBackgroundImage(id);
};
cases.rows = (book, sheet) => {
  sheet.columns = [{header: 'Id', key: 'id', width: 10}, {header: 'N', key: 'n', width: 32, style: {font: {bold: true}}}, {header: 'h', key: 'h', hidden: true, outlineLevel: 1}];
  sheet.addRows([{id: 1, n: 'a', h: 2}, [5, 'b']]);
  sheet.getRow(2).height = 42.5;
  sheet.getRow(3).hidden = true;
  sheet.getRow(4).outlineLevel = 2;
  sheet.mergeCells('A5:C6');
  sheet.properties.outlineProperties = {summaryBelow: false, summaryRight: false};
};
cases.views = (book, sheet) => {
  sheet.views = [{state: 'frozen', xSplit: 2, ySplit: 3, topLeftCell: 'G10', activeCell: 'A1', zoomScale: 80, showGridLines: false, rightToLeft: true}];
  book.addWorksheet('split', {views: [{state: 'split', xSplit: 2000, ySplit: 3000, activePane: 'bottomRight', style: 'pageBreakPreview'}], properties: {tabColor: {argb: 'FFC0000'}}});
  book.addWorksheet('layout', {views: [{style: 'pageLayout', showRuler: false, showRowColHeaders: false}], state: 'veryHidden'});
  book.views = [{x: 0, y: 0, width: 10000, height: 20000, firstSheet: 0, activeTab: 1, visibility: 'visible'}];
};
cases.printing = (book, sheet) => {
  Object.assign(sheet.pageSetup, {paperSize: 9, orientation: 'landscape', fitToPage: true, fitToHeight: 5, fitToWidth: 7, printArea: 'A1:G20&&A30:B40', printTitlesRow: '1:3', printTitlesColumn: 'A:C', showGridLines: true,
    showRowColHeaders: true, blackAndWhite: true, draft: true, cellComments: 'atEnd', errors: 'dash', pageOrder: 'overThenDown', horizontalCentered: true, firstPageNumber: 3, scale: 80,
    margins: {left: 0.7, right: 0.7, top: 0.75, bottom: 0.75, header: 0.3, footer: 0.3}});
  sheet.headerFooter = {oddHeader: '&LHi&C&P', oddFooter: '&RPage &P of &N', evenHeader: 'e', firstHeader: 'f', differentFirst: true, differentOddEven: true};
  sheet.getRow(4).addPageBreak(0, 16383);
};
cases.filter = (book, sheet) => { sheet.addRows([['a', 'b'], [1, 2], [3, 4]]); sheet.autoFilter = {from: 'A1', to: {row: 3, column: 2}}; };
cases.names = (book, sheet) => { sheet.getCell('A1').name = 'one'; sheet.getCell('A2').names = ['two', 'three']; book.definedNames.add('Sheet1!$B$1:$C$4', 'area'); };
cases.properties = (book) => {
  Object.assign(book, {creator: 'Me', lastModifiedBy: 'Her', title: 't', subject: 's', keywords: 'k', category: 'c', description: 'd', company: 'co', manager: 'm', lastPrinted: when});
  book.properties.date1904 = true;
  book.calcProperties.fullCalcOnLoad = true;
};

async function main() {
  const all = {...cases, all: (book, sheet) => Object.entries(cases).forEach(([name, fill]) => fill(book, name === 'empty' ? sheet : book.addWorksheet(name)))};
  const protect = async (book, sheet) => sheet.protect('secret', {selectLockedCells: false, formatCells: true, spinCount: 10});
  for (const [name, fill] of Object.entries({...all, protection: protect})) {
    const book = new ExcelJS.Workbook();
    book.created = book.modified = when;
    await fill(book, book.addWorksheet('Sheet1'));
    await book.xlsx.writeFile(path.join(folder, `exceljs-${name}.xlsx`));
  }
  const stream = new ExcelJS.stream.xlsx.WorkbookWriter({filename: path.join(folder, 'exceljs-streamed.xlsx'), useStyles: true, useSharedStrings: true, created: when, modified: when});
  const sheet = stream.addWorksheet('Sheet1');
  for (let row = 0; row < 50; row++) sheet.addRow([`text ${row % 5}`, row, when]).commit();
  sheet.commit();
  await stream.commit();
}

main().catch(error => { console.error(error); process.exit(1); });
