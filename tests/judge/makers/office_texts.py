"""Texts as flat ODF has them, for LibreOffice to convert: (body, styles) by name."""


def automatic(text):
    return f"<office:automatic-styles>{text}</office:automatic-styles>"


INFO = "<office:change-info><dc:creator>A</dc:creator><dc:date>2020-01-02T03:04:05</dc:date></office:change-info>"
LIST = "".join(f'<text:list-level-style-{kind} text:level="{level}" {look}><style:list-level-properties text:space-before="{level}cm" text:min-label-width="0.6cm"/></text:list-level-style-{kind}>'
               for level, (kind, look) in enumerate([("number", 'style:num-format="1" style:num-suffix="."'), ("number", 'style:num-format="a" text:display-levels="2"'), ("number", 'style:num-format="I"'),
                                                     ("bullet", 'text:bullet-char="•"'), ("bullet", 'text:bullet-char="–"'), ("number", 'style:num-format=""')], 1))
TEXTS = {
    "plain": ("<text:p>one</text:p><text:h text:outline-level=\"1\">two</text:h><text:p>a<text:tab/>b<text:line-break/>c<text:s text:c=\"5\"/>d</text:p>", ""),
    "notes": ('<text:p>a<text:note text:id="f1" text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>foot</text:p></text:note-body></text:note>'
              'b<text:note text:id="e1" text:note-class="endnote"><text:note-citation>i</text:note-citation><text:note-body><text:p>end</text:p></text:note-body></text:note></text:p>', ""),
    "annotations": ('<text:p>a<office:annotation office:name="n1"><dc:creator>A</dc:creator><dc:date>2020-01-02T03:04:05</dc:date><text:p>said</text:p></office:annotation>of<office:annotation-end office:name="n1"/>'
                    '<office:annotation><dc:creator>B</dc:creator><text:p>at a point</text:p></office:annotation></text:p>', ""),
    "tracked": (f'<text:tracked-changes><text:changed-region xml:id="c1" text:id="c1"><text:insertion>{INFO}</text:insertion></text:changed-region><text:changed-region xml:id="c2" text:id="c2"><text:deletion>{INFO}'
                f'<text:p>gone</text:p></text:deletion></text:changed-region><text:changed-region xml:id="c3" text:id="c3"><text:format-change>{INFO}</text:format-change></text:changed-region></text:tracked-changes>'
                '<text:p>a<text:change-start text:change-id="c1"/>new<text:change-end text:change-id="c1"/>b<text:change text:change-id="c2"/>c<text:change-start text:change-id="c3"/>f<text:change-end text:change-id="c3"/></text:p>', ""),
    "fields": ('<text:p><text:page-number text:select-page="current">1</text:page-number><text:page-count>1</text:page-count><text:date>x</text:date><text:time/><text:author-name>me</text:author-name>'
               '<text:title/><text:file-name/><text:chapter text:display="name" text:outline-level="1"/><text:sequence text:name="Figure" text:formula="ooow:Figure+1" style:num-format="1">1</text:sequence>'
               '<text:placeholder text:placeholder-type="text">&lt;p&gt;</text:placeholder><text:conditional-text text:condition="ooow:1==1" text:string-value-if-true="y" text:string-value-if-false="n">y</text:conditional-text>'
               '<text:drop-down text:name="d"><text:label text:value="a"/><text:label text:value="b" text:current-selected="true"/>b</text:drop-down><text:user-defined text:name="u">v</text:user-defined></text:p>', ""),
    "bookmarks": ('<text:p><text:bookmark text:name="point"/><text:bookmark-start text:name="range"/>in<text:bookmark-end text:name="range"/><text:reference-mark text:name="r"/><text:bookmark-ref text:reference-format="page" '
                  'text:ref-name="range">1</text:bookmark-ref><text:a xlink:type="simple" xlink:href="http://example.com/?a=b&amp;c">l</text:a><text:a xlink:type="simple" xlink:href="#range">i</text:a></text:p>', ""),
    "lists": ('<text:list text:style-name="L"><text:list-item><text:p>a</text:p><text:list><text:list-item><text:p>b</text:p><text:list><text:list-item><text:p>c</text:p><text:list><text:list-item><text:p>d</text:p></text:list-item></text:list>'
              '</text:list-item></text:list></text:list-item></text:list></text:list-item><text:list-item text:start-value="7"><text:p>e</text:p></text:list-item></text:list>', automatic(f'<text:list-style style:name="L">{LIST}</text:list-style>')),
    "tables": ('<table:table table:name="T"><table:table-column table:number-columns-repeated="3"/><table:table-header-rows><table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>a</text:p></table:table-cell>'
               '<table:covered-table-cell/><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table-header-rows><table:table-row><table:table-cell table:number-rows-spanned="2"><text:p>c</text:p></table:table-cell>'
               '<table:table-cell><table:table table:is-sub-table="false"><table:table-column/><table:table-row><table:table-cell><text:p>in</text:p></table:table-cell></table:table-row></table:table><text:p/></table:table-cell>'
               '<table:table-cell/></table:table-row><table:table-row><table:covered-table-cell/><table:table-cell/><table:table-cell/></table:table-row></table:table><text:p/>', ""),
    "sections": ('<text:section text:name="S" text:style-name="S" text:protected="true"><text:p>two</text:p><text:p>columns</text:p></text:section><text:section text:name="H" text:display="none"><text:p>hidden</text:p></text:section>',
                 automatic('<style:style style:name="S" style:family="section"><style:section-properties><style:columns fo:column-count="2" fo:column-gap="1cm"><style:column-sep style:width="0.05cm"/></style:columns></style:section-properties></style:style>')),
    "contents": ('<text:table-of-content text:name="C"><text:table-of-content-source text:outline-level="3"><text:index-title-template>Contents</text:index-title-template></text:table-of-content-source><text:index-body>'
                 '<text:index-title text:name="t"><text:p>Contents</text:p></text:index-title><text:p>One<text:tab/>1</text:p></text:index-body></text:table-of-content><text:h text:outline-level="1">One</text:h>'
                 '<text:p>x<text:alphabetical-index-mark text:string-value="x" text:key1="k"/><text:toc-mark text:string-value="y" text:outline-level="2"/></text:p>', ""),
    "math": ('<text:p><draw:frame text:anchor-type="as-char" svg:width="2cm" svg:height="1cm"><draw:object><math:math><math:semantics><math:mrow><math:mfrac><math:mi>a</math:mi><math:msqrt><math:mi>b</math:mi></math:msqrt></math:mfrac>'
             '<math:mo>+</math:mo><math:msubsup><math:mi>x</math:mi><math:mn>1</math:mn><math:mn>2</math:mn></math:msubsup></math:mrow><math:annotation math:encoding="StarMath 5.0">a over sqrt b + x_1^2 + sum from i=0 to n left ( matrix {1 # 2 ## 3 # 4} right ) + hat y + lim from x z</math:annotation>'
             '</math:semantics></math:math></draw:object></draw:frame></text:p>', ""),
    "ruby-asian": ('<text:p><text:ruby><text:ruby-base>漢字</text:ruby-base><text:ruby-text>かんじ</text:ruby-text></text:ruby><text:span text:style-name="A">中文</text:span></text:p><text:p text:style-name="R">שלום</text:p>',
                   automatic('<style:style style:name="A" style:family="text"><style:text-properties style:font-name-asian="SimSun" style:language-asian="zh" style:country-asian="CN" style:text-emphasize="dot above" style:text-combine="lines"/></style:style>'
                             '<style:style style:name="R" style:family="paragraph"><style:paragraph-properties style:writing-mode="rl-tb"/></style:style>')),
    "letters": ("".join(f'<text:p text:style-name="P"><text:span text:style-name="t{n}">x{n}</text:span></text:p>' for n in range(12)), automatic(
        '<style:style style:name="P" style:family="paragraph"><style:paragraph-properties fo:margin-left="1cm" fo:text-indent="-0.5cm" fo:line-height="150%" fo:border="0.05cm double #ff0000" fo:padding="0.1cm" style:shadow="#808080 0.1cm 0.1cm" '
        'fo:background-color="#eeeeee" fo:text-align="justify" fo:keep-with-next="always" fo:widows="2" fo:hyphenation-ladder-count="2" fo:break-before="page"><style:tab-stops><style:tab-stop style:position="3cm" style:type="char" style:char="," style:leader-text="."/></style:tab-stops>'
        '<style:drop-cap style:lines="3" style:length="1"/></style:paragraph-properties></style:style>' + "".join(
            f'<style:style style:name="t{n}" style:family="text"><style:text-properties {look}/></style:style>' for n, look in enumerate([
                'fo:font-weight="bold" fo:font-style="italic"', 'style:text-underline-style="wave" style:text-underline-type="double" style:text-underline-color="#ff0000"', 'style:text-line-through-style="solid" style:text-line-through-type="double"',
                'style:text-position="super 58%"', 'fo:font-variant="small-caps" fo:letter-spacing="0.1cm"', 'fo:text-transform="uppercase" fo:color="#112233"', 'fo:text-shadow="1pt 1pt" style:font-relief="embossed"', 'style:text-outline="true"',
                'fo:background-color="#ffff00" fo:border="0.02cm solid #000000"', 'style:text-rotation-angle="90"', 'style:text-scale="150%" text:display="none"', 'style:text-blinking="true" fo:language="de" fo:country="AT"'])))),
    "controls": ('<office:forms><form:form form:name="F"><form:text form:name="t" xml:id="t1" form:id="t1" form:value="v"/><form:checkbox form:name="c" xml:id="c1" form:id="c1" form:current-state="checked"/><form:listbox form:name="l" xml:id="l1" form:id="l1" form:dropdown="true">'
                 '<form:option form:label="a"/><form:option form:label="b"/></form:listbox></form:form></office:forms><text:p>' + "".join(
                     f'<draw:control text:anchor-type="as-char" svg:width="2cm" svg:height="0.6cm" draw:control="{one}"/>' for one in ("t1", "c1", "l1")) + "</text:p>", ""),
    "pages": ('<text:p text:style-name="P1">one</text:p><text:p text:style-name="P2">two</text:p>', automatic(
        '<style:style style:name="P1" style:family="paragraph" style:master-page-name="A"/><style:style style:name="P2" style:family="paragraph" style:master-page-name="B"><style:paragraph-properties style:page-number="5"/></style:style>'
        '<style:page-layout style:name="L1"><style:page-layout-properties fo:page-width="29.7cm" fo:page-height="21cm" style:print-orientation="landscape" fo:border="0.05cm solid #000000" fo:background-color="#ffffee" style:num-format="i" style:layout-grid-mode="line">'
        '<style:footnote-sep style:width="0.02cm" style:rel-width="25%"/></style:page-layout-properties><style:header-style/><style:footer-style/></style:page-layout>')
        + '<office:master-styles><style:master-page style:name="A" style:page-layout-name="L1"><style:header><text:p>head</text:p></style:header><style:header-left><text:p>left</text:p></style:header-left><style:footer><text:p><text:page-number/></text:p></style:footer></style:master-page>'
        '<style:master-page style:name="B" style:page-layout-name="L1"><style:header-first><text:p>first</text:p></style:header-first><style:header><text:p>x</text:p></style:header></style:master-page></office:master-styles>'),
}
