"""Charts as flat ODF has them, for LibreOffice to convert: a frame with an object of its own in it."""

SPACES = ('xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:chart="urn:oasis:names:tc:opendocument:xmlns:chart:1.0" '
          'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"')


def chart(kind, looks="", inside=""):
    styles = f'<office:automatic-styles><style:style style:name="p" style:family="chart"><style:chart-properties {looks}/></style:style></office:automatic-styles>'
    axes = '<chart:axis chart:dimension="x" chart:name="primary-x"><chart:title><text:p>x</text:p></chart:title></chart:axis><chart:axis chart:dimension="y" chart:name="primary-y"><chart:grid chart:class="major"/></chart:axis>'
    series = (f'<chart:series chart:values-cell-range-address="Data.D2:Data.D9" chart:label-cell-address="Data.D1" chart:class="chart:{kind}">{inside}<chart:data-point chart:repeated="8"/></chart:series>'
              '<chart:series chart:values-cell-range-address="Data.C2:Data.C9" chart:label-cell-address="Data.C1"><chart:data-point chart:repeated="8"/></chart:series>')
    body = (f'<chart:chart svg:width="8cm" svg:height="6cm" chart:class="chart:{kind}"><chart:title><text:p>{kind}</text:p></chart:title><chart:legend chart:legend-position="end"/>'
            f'<chart:plot-area chart:style-name="p" table:cell-range-address="Data.C1:Data.D9" chart:data-source-has-labels="row">{axes}{series}</chart:plot-area></chart:chart>')
    document = (f'<office:document {SPACES} office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.chart">{styles}<office:body><office:chart>{body}</office:chart></office:body></office:document>')
    return f'<draw:frame svg:x="8cm" svg:y="1cm" svg:width="8cm" svg:height="6cm"><draw:object>{document}</draw:object></draw:frame>'


CHARTS = {f"chart-{kind}": chart(kind) for kind in ("bar", "line", "area", "circle", "ring", "scatter", "radar", "filled-radar", "stock")}
CHARTS.update({
    "chart-bar-3d": chart("bar", 'chart:three-dimensional="true" chart:deep="true" chart:right-angled-axes="true"'),
    "chart-bar-stacked": chart("bar", 'chart:stacked="true" chart:vertical="true"'),
    "chart-bar-percent": chart("bar", 'chart:percentage="true" chart:data-label-number="value-and-percentage"'),
    "chart-line-symbols": chart("line", 'chart:symbol-type="automatic" chart:interpolation="cubic-spline"'),
    "chart-pie-3d": chart("circle", 'chart:three-dimensional="true" chart:angle-offset="45"'),
    "chart-regression": chart("scatter", 'chart:symbol-type="automatic"', '<chart:regression-curve><chart:equation chart:display-r-square="true"/></chart:regression-curve>'),
    "chart-errors": chart("bar", "", '<chart:error-indicator chart:dimension="y"/><chart:mean-value/>'),
})
