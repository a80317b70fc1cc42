"""What LibreOffice converts: flat ODF written here, HTML and CSV, each for what the other producers cannot write."""
import os

from makers.office_charts import CHARTS

SPACES = {"office": "office:1.0", "style": "style:1.0", "text": "text:1.0", "table": "table:1.0", "draw": "drawing:1.0", "number": "datastyle:1.0", "chart": "chart:1.0",
          "form": "form:1.0", "dr3d": "dr3d:1.0", "script": "script:1.0", "meta": "meta:1.0"}
HEAD = " ".join(f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}"' for prefix, name in SPACES.items())
HEAD += (' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
         ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:math="http://www.w3.org/1998/Math/MathML"'
         ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"'
         ' xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"')


def flat(kind, body, styles=""):
    mime = {"text": "text", "spreadsheet": "spreadsheet"}[kind]
    return (f'<?xml version="1.0" encoding="UTF-8"?><office:document {HEAD} office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.{mime}">'
            f"{styles}<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document>")


def rows(values):
    def one(value):
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
    return "".join(f"<table:table-row>{''.join(one(value) for value in row)}</table:table-row>" for row in values)


DATA = [["Name", "City", "Year", "Sum"]] + [[f"n{row % 3}", f"c{row % 4}", 2000 + row % 5, row * 1.5] for row in range(20)]
TABLE = f'<table:table table:name="Data">{rows(DATA)}</table:table>'


def pivot(fields, name="P1", more=""):
    return (f'{TABLE}<table:table table:name="Pivot"><table:table-row><table:table-cell/></table:table-row></table:table>{more}<table:data-pilot-tables>'
            f'<table:data-pilot-table table:name="{name}" table:target-range-address="Pivot.A1:Pivot.F20" table:buttons="Pivot.A1"><table:source-cell-range table:cell-range-address="Data.A1:Data.D21"/>'
            f"{fields}</table:data-pilot-table></table:data-pilot-tables>")


def field(name, turn, function="auto", inside=""):
    return (f'<table:data-pilot-field table:source-field-name="{name}" table:orientation="{turn}" table:function="{function}">'
            f'<table:data-pilot-level table:show-empty="false">{inside}</table:data-pilot-level></table:data-pilot-field>')


PIVOTS = {
    "pivot-plain": pivot(field("Name", "row") + field("City", "column") + field("Sum", "data", "sum")),
    "pivot-page": pivot(field("Name", "row") + field("Year", "page") + field("Sum", "data", "average") + field("City", "hidden")),
    "pivot-two-rows": pivot(field("Name", "row", "auto", '<table:data-pilot-subtotals><table:data-pilot-subtotal table:function="auto"/></table:data-pilot-subtotals>') + field("City", "row")
                            + field("Sum", "data", "count")),
    "pivot-two-data": pivot(field("Name", "row") + field("Sum", "data", "sum") + field("Year", "data", "max")
                            + '<table:data-pilot-field table:source-field-name="" table:is-data-layout-field="true" table:orientation="column"><table:data-pilot-level/></table:data-pilot-field>'),
    "pivot-hidden-member": pivot(field("Name", "row", "auto", '<table:data-pilot-members><table:data-pilot-member table:name="n0" table:display="false" table:show-details="true"/>'
                                       "</table:data-pilot-members>") + field("Sum", "data", "stdev")),
    "pivot-sorted": pivot(field("Year", "row", "auto", '<table:data-pilot-sort-info table:sort-mode="data" table:data-field="Sum" table:order="descending"/>') + field("Sum", "data", "min")),
}
SHEETS = {
    **{name: flat("spreadsheet", body) for name, body in PIVOTS.items()},
    "filter-database": flat("spreadsheet", TABLE + '<table:database-ranges><table:database-range table:name="D" table:target-range-address="Data.A1:Data.D21" table:display-filter-buttons="true">'
                            '<table:filter><table:filter-condition table:field-number="0" table:value="n1" table:operator="="/></table:filter></table:database-range></table:database-ranges>'),
    "names": flat("spreadsheet", TABLE + '<table:named-expressions><table:named-range table:name="here" table:base-cell-address="$Data.$A$1" table:cell-range-address="$Data.$A$1:$Data.$B$3"/>'
                  '<table:named-expression table:name="x" table:base-cell-address="$Data.$A$1" table:expression="1+1"/></table:named-expressions>'),
    "annotation": flat("spreadsheet", '<table:table table:name="T"><table:table-row><table:table-cell office:value-type="string"><office:annotation office:display="true"><dc:creator>A</dc:creator>'
                       "<text:p>said</text:p></office:annotation><text:p>x</text:p></table:table-cell></table:table-row></table:table>"),
    "tracked": flat("spreadsheet", '<table:tracked-changes><table:cell-content-change table:id="ct1"><table:cell-address table:column="0" table:row="0" table:table="0"/><office:change-info><dc:creator>A</dc:creator>'
                    '<dc:date>2020-01-02T03:04:05</dc:date></office:change-info><table:previous><table:change-track-table-cell office:value-type="float" office:value="1"><text:p>1</text:p></table:change-track-table-cell>'
                    '</table:previous></table:cell-content-change></table:tracked-changes><table:table table:name="T">' + rows([[2, 3]]) + "</table:table>"),
    "external": flat("spreadsheet", '<table:table table:name="T"><table:table-row><table:table-cell table:formula="of:=[\'file:///tmp/other.ods\'#$Sheet1.A1]" office:value-type="float" office:value="3">'
                     "<text:p>3</text:p></table:table-cell></table:table-row></table:table>"),
    "scenario-matrix": flat("spreadsheet", '<table:table table:name="T"><table:table-row><table:table-cell table:formula="of:={1;2}*2" table:number-matrix-columns-spanned="1" table:number-matrix-rows-spanned="2" '
                            'office:value-type="float" office:value="2"/></table:table-row><table:table-row><table:table-cell office:value-type="float" office:value="4"/></table:table-row></table:table>'),
    **{name: flat("spreadsheet", TABLE.replace("</table:table>", "", 1) + f"<table:shapes>{shape}</table:shapes></table:table>") for name, shape in CHARTS.items()},
}
SHAPES = {
    "rect": '<draw:rect svg:x="1cm" svg:y="1cm" svg:width="3cm" svg:height="2cm"><text:p>in it</text:p></draw:rect>',
    "line": '<draw:line svg:x1="1cm" svg:y1="1cm" svg:x2="3cm" svg:y2="2cm"/>',
    "ellipse": '<draw:ellipse svg:x="1cm" svg:y="1cm" svg:width="3cm" svg:height="2cm" draw:kind="section" draw:start-angle="10" draw:end-angle="200"/>',
    "polygon": '<draw:polygon svg:x="1cm" svg:y="1cm" svg:width="3cm" svg:height="2cm" svg:viewBox="0 0 100 100" draw:points="0,0 100,0 50,100"/>',
    "path": '<draw:path svg:x="1cm" svg:y="1cm" svg:width="3cm" svg:height="2cm" svg:viewBox="0 0 100 100" svg:d="M0 0 C 10 10 20 20 50 100 Z"/>',
    "custom": '<draw:custom-shape svg:x="1cm" svg:y="1cm" svg:width="3cm" svg:height="2cm"><draw:enhanced-geometry draw:type="smiley" svg:viewBox="0 0 21600 21600"/></draw:custom-shape>',
    "group": '<draw:g><draw:rect svg:x="1cm" svg:y="1cm" svg:width="3cm" svg:height="2cm"/><draw:ellipse svg:x="2cm" svg:y="1cm" svg:width="3cm" svg:height="2cm"/></draw:g>',
    "frame": '<draw:frame svg:x="1cm" svg:y="1cm" svg:width="3cm" svg:height="2cm"><draw:text-box><text:p>boxed</text:p></draw:text-box></draw:frame>',
}
for name_, shape_ in SHAPES.items():
    SHEETS[f"shape-{name_}"] = flat("spreadsheet", f'<table:table table:name="T"><table:shapes>{shape_}</table:shapes><table:table-row><table:table-cell/></table:table-row></table:table>')
HTML = {
    "html-lists": "<ol><li>a<ul><li>b<ol type=i><li>c</ol></ul><li>d</ol><dl><dt>t<dd>d</dl>",
    "html-tables": "<table border=1><tr><th rowspan=2>a<th colspan=3>b<tr><td>c<td>d<td><table><tr><td>in</table></table>",
    "html-text": "<h1>a</h1><h2>b</h2><p align=center><b>b<i>i<u>u</u></i></b><sub>1</sub><sup>2</sup><tt>t</tt><br><font color=red size=7 face=Arial>f</font><a href='http://x/y?a=b&amp;c#d'>l</a><a name=n></a><hr><pre>p\n q</pre>"
                 "<blockquote>q</blockquote>",
    "html-forms": "<form><input type=text value=a><input type=checkbox checked><input type=radio><select><option>1<option>2</select><textarea>t</textarea><button>b</button></form>",
}
CSV = {"csv-plain": "a,b,c\n1,2.5,x\n\"q\"\"q\",\"line\nline\",\n", "csv-dates": "2020-01-02,12:30,50%\n1e5,TRUE,\n", "csv-wide": ",".join(map(str, range(300))) + "\n"}


def kind_of(path):
    return "xlsx" if path.endswith((".fods", ".csv", ".xlsx")) else "docx"


def write_all(folder):
    from makers.office_texts import TEXTS
    texts = {f"odt-{name}": flat("text", body, styles) for name, (body, styles) in TEXTS.items()}
    for name, shape in SHAPES.items():
        anchored = shape.replace(" ", ' text:anchor-type="paragraph" ', 1) if " " in shape.partition(">")[0] else shape
        texts[f"odt-shape-{name}"] = flat("text", f"<text:p>{anchored}x</text:p>")
    paths = []
    for ending, all_ in (("fods", {f"ods-{name}": text for name, text in SHEETS.items()}), ("fodt", texts), ("csv", CSV)):
        paths += [_write(folder, name, ending, text) for name, text in all_.items()]
    paths += [_write(folder, name, "html", f"<!DOCTYPE html><html><head><title>t</title></head><body>{text}</body></html>") for name, text in HTML.items()]
    return paths


def _write(folder, name, ending, text):
    path = os.path.join(folder, f"{name}.{ending}")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path
