"""Documents by python-docx: what its own interface can do."""
import datetime
import io

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT, WD_TABLE_DIRECTION
from docx.enum.text import (WD_ALIGN_PARAGRAPH, WD_BREAK, WD_COLOR_INDEX, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER, WD_UNDERLINE)
from docx.enum.dml import MSO_THEME_COLOR
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Emu, Inches, Pt, RGBColor

from makers import picture

CASES, FILLS = {}, {}


def case(name):
    def keep(fill):
        def build(path):
            document = docx.Document()
            document.core_properties.created = document.core_properties.modified = datetime.datetime(2020, 1, 2, 3, 4, 5)
            fill(document)
            document.save(path)
        CASES[f"pythondocx-{name}.docx"], FILLS[name] = build, fill
        return fill
    return keep


@case("empty")
def _(document):
    pass


@case("paragraphs")
def _(document):
    for kind in (WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.DISTRIBUTE,
                 WD_ALIGN_PARAGRAPH.JUSTIFY_HI, WD_ALIGN_PARAGRAPH.THAI_JUSTIFY):
        paragraph = document.add_paragraph("Some text. " * 5)
        form = paragraph.paragraph_format
        form.alignment = kind
        form.left_indent, form.right_indent, form.first_line_indent = Cm(1), Cm(0.5), Cm(-0.5)
        form.space_before, form.space_after = Pt(6), Pt(12)
        form.keep_together, form.keep_with_next, form.page_break_before, form.widow_control = True, True, False, True
    for rule, spacing in ((WD_LINE_SPACING.DOUBLE, None), (WD_LINE_SPACING.EXACTLY, Pt(18)), (WD_LINE_SPACING.AT_LEAST, Pt(9)), (None, 1.25)):
        form = document.add_paragraph("spaced").paragraph_format
        form.line_spacing = spacing
        if rule is not None:
            form.line_spacing_rule = rule


@case("tabs")
def _(document):
    stops = document.add_paragraph("a\tb\tc\td").paragraph_format.tab_stops
    for place, (kind, leader) in enumerate(((WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.SPACES), (WD_TAB_ALIGNMENT.CENTER, WD_TAB_LEADER.DOTS),
                                            (WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DASHES), (WD_TAB_ALIGNMENT.DECIMAL, WD_TAB_LEADER.LINES),
                                            (WD_TAB_ALIGNMENT.BAR, WD_TAB_LEADER.HEAVY), (WD_TAB_ALIGNMENT.CLEAR, WD_TAB_LEADER.MIDDLE_DOT)), 1):
        stops.add_tab_stop(Cm(2 * place), kind, leader)


@case("runs")
def _(document):
    paragraph = document.add_paragraph()
    switches = ["all_caps", "bold", "complex_script", "cs_bold", "cs_italic", "double_strike", "emboss", "hidden", "imprint", "italic", "math", "no_proof",
                "outline", "rtl", "shadow", "small_caps", "snap_to_grid", "spec_vanish", "strike", "subscript", "superscript", "web_hidden"]
    for name in switches:
        setattr(paragraph.add_run(name + " ").font, name, True)
    for name in switches[:5]:
        setattr(paragraph.add_run("not " + name).font, name, False)
    run = paragraph.add_run("all of it")
    run.font.size, run.font.name, run.font.color.rgb = Pt(13.5), "Arial", RGBColor(1, 2, 3)
    paragraph.add_run("theme").font.color.theme_color = MSO_THEME_COLOR.ACCENT_2


@case("underlines")
def _(document):
    for kind in WD_UNDERLINE.__members__:
        document.add_paragraph().add_run(kind.name).font.underline = kind.value


@case("highlights")
def _(document):
    for kind in WD_COLOR_INDEX.__members__:
        if kind.name != "INHERITED":
            document.add_paragraph().add_run(kind.name).font.highlight_color = kind.value


@case("breaks")
def _(document):
    paragraph = document.add_paragraph("before")
    for kind in (WD_BREAK.LINE, WD_BREAK.PAGE, WD_BREAK.COLUMN, WD_BREAK.LINE_CLEAR_ALL, WD_BREAK.LINE_CLEAR_LEFT, WD_BREAK.LINE_CLEAR_RIGHT):
        paragraph.add_run("x").add_break(kind)
    paragraph.add_run("tab\tnew\nline\rreturn")
    document.add_page_break()


@case("headings")
def _(document):
    for level in range(10):
        document.add_heading(f"Level {level}", level)
        document.add_paragraph("Below it.")


@case("builtin-styles")
def _(document):
    for style in document.styles:
        if style.type == WD_STYLE_TYPE.PARAGRAPH:
            document.add_paragraph(style.name, style=style)
        elif style.type == WD_STYLE_TYPE.CHARACTER:
            document.add_paragraph().add_run(style.name, style=style)
        elif style.type == WD_STYLE_TYPE.TABLE:
            document.add_table(2, 2, style=style)


@case("own-styles")
def _(document):
    styles = document.styles
    own = styles.add_style("Own Paragraph", WD_STYLE_TYPE.PARAGRAPH)
    own.base_style, own.next_paragraph_style = styles["Normal"], styles["Body Text"]
    own.font.bold, own.paragraph_format.space_after = True, Pt(3)
    own.hidden, own.priority, own.quick_style, own.unhide_when_used, own.locked = False, 7, True, True, False
    letter = styles.add_style("Own Character", WD_STYLE_TYPE.CHARACTER)
    letter.font.italic = True
    styles.add_style("Own Table", WD_STYLE_TYPE.TABLE).base_style = styles["Table Grid"]
    document.add_paragraph("x", style="Own Paragraph").add_run("y", style="Own Character")
    document.add_table(1, 1, style="Own Table")
    styles.latent_styles.add_latent_style("Strange One").priority = 5


@case("lists")
def _(document):
    for name in ("List Bullet", "List Bullet 2", "List Bullet 3", "List Number", "List Number 2", "List Number 3", "List Continue", "List", "List 2"):
        document.add_paragraph("one", style=name)
        document.add_paragraph("two", style=name)


@case("tables")
def _(document):
    table = document.add_table(4, 4, style="Light Grid Accent 1")
    table.alignment, table.autofit, table.table_direction = WD_TABLE_ALIGNMENT.CENTER, False, WD_TABLE_DIRECTION.LTR
    table.cell(0, 0).merge(table.cell(1, 1)).text = "two by two"
    table.cell(3, 0).merge(table.cell(3, 3)).text = "a whole row"
    table.cell(0, 3).merge(table.cell(2, 3)).text = "down"
    for row, rule in zip(table.rows, (WD_ROW_HEIGHT_RULE.AT_LEAST, WD_ROW_HEIGHT_RULE.EXACTLY, WD_ROW_HEIGHT_RULE.AUTO)):
        row.height, row.height_rule = Cm(1.5), rule
    for cell, kind in zip(table.rows[2].cells, (WD_ALIGN_VERTICAL.TOP, WD_ALIGN_VERTICAL.CENTER, WD_ALIGN_VERTICAL.BOTTOM, WD_ALIGN_VERTICAL.BOTH)):
        cell.vertical_alignment = kind
        cell.width = Cm(3)
    table.add_column(Cm(2))
    table.add_row()


@case("table-in-table")
def _(document):
    outer = document.add_table(2, 2)
    inner = outer.cell(0, 0).add_table(2, 3)
    inner.cell(1, 1).add_table(1, 1)
    outer.cell(0, 0).add_paragraph("after")


@case("pictures")
def _(document):
    document.add_picture(io.BytesIO(picture()), width=Inches(1))
    document.add_picture(io.BytesIO(picture()), height=Emu(500000))
    document.add_paragraph().add_run().add_picture(io.BytesIO(picture(4, 4, 20)))


@case("sections")
def _(document):
    for kind in (WD_SECTION.CONTINUOUS, WD_SECTION.NEW_COLUMN, WD_SECTION.NEW_PAGE, WD_SECTION.EVEN_PAGE, WD_SECTION.ODD_PAGE):
        section = document.add_section(kind)
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Cm(29.7), Cm(21)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(1.5)
        section.gutter, section.header_distance, section.footer_distance = Cm(0.5), Cm(1), Cm(1)
        document.add_paragraph("in it")


@case("headers-footers")
def _(document):
    section = document.sections[0]
    section.different_first_page_header_footer = True
    document.settings.odd_and_even_pages_header_footer = True
    for part in ("header", "footer", "first_page_header", "first_page_footer", "even_page_header", "even_page_footer"):
        one = getattr(section, part)
        one.is_linked_to_previous = False
        one.paragraphs[0].text = f"left\t{part}\tright"
        one.add_table(1, 2, Cm(10))
        one.paragraphs[0].add_run().add_picture(io.BytesIO(picture()))
    document.add_section().header.is_linked_to_previous = True


@case("properties")
def _(document):
    core = document.core_properties
    for name in ("author", "category", "comments", "content_status", "identifier", "keywords", "language", "last_modified_by", "subject", "title", "version"):
        setattr(core, name, f"the {name} <&> 漢字")
    core.revision, core.last_printed = 7, datetime.datetime(2020, 1, 2)


@case("fields")
def _(document):
    for text in ("PAGE", "NUMPAGES", 'DATE \\@ "yyyy"', "REF here \\h", 'TOC \\o "1-3" \\h \\z \\u', 'HYPERLINK "http://example.com"', "SEQ Figure \\* ARABIC"):
        paragraph = document.add_paragraph()
        for kind in ("begin", "separate", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            paragraph.add_run()._r.append(mark)
            if kind == "begin":
                code = OxmlElement("w:instrText")
                code.text = f" {text} "
                paragraph.add_run()._r.append(code)
            elif kind == "separate":
                paragraph.add_run("result")
        paragraph._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" {text.split()[0]} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'))


@case("all")
def _(document):
    for name in ("paragraphs", "runs", "headings", "lists", "tables", "pictures", "sections", "headers-footers", "properties", "fields"):
        FILLS[name](document)
