"""Word documents: what their page shows, in reading order."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from jixiao.documents.readers.word import read_word
from jixiao.documents.rendering import Rendered
from jixiao.errors import DocumentError
from jixiao.settings import Settings

NAMES = nsdecls("w", "r")
RAISED, LIFTED = '<w:vertAlign w:val="superscript"/>', '<w:position w:val="8"/>'
SHOWN = '<w:vanish w:val="0"/>'


def rendered(*body: str, numbering: str = "", styles: str = "") -> Rendered:
    """Return what is read of a document with these elements for a body."""
    document = docx.Document()
    for element in list(document.element.body):
        if not element.tag.endswith("sectPr"):
            document.element.body.remove(element)
    for number, xml in enumerate(body):
        document.element.body.insert(number, parse_xml(_named(xml)))
    if styles:
        document.styles.element.append(parse_xml(_named(styles)))
    if numbering:
        root = document.part.numbering_part.element
        for child in list(root):
            root.remove(child)
        for child in parse_xml(f"<w:numbering {NAMES}>{numbering}</w:numbering>"):
            root.append(child)
    file = io.BytesIO()
    document.save(file)
    return read_word(file.getvalue(), Settings())


def _named(xml: str) -> str:
    tag = xml.split(">", 1)[0].split(" ", 1)[0].removesuffix("/")
    more = (
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
        ' xmlns:v="urn:schemas-microsoft-com:vml"'
        ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    )
    return xml.replace(tag, f"{tag} {NAMES}{more}", 1)


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{r(text)}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (p("支出385.08万元"), "支出385.08万元"),
        ("<w:p/>", ""),
        ("<w:p><w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t></w:r></w:p>", "甲\n乙\t丙"),
        ('<w:p><w:r><w:t>甲</w:t><w:br w:type="page"/><w:t>乙</w:t></w:r></w:p>', "甲乙"),
        ("<w:p><w:r><w:t>1</w:t><w:noBreakHyphen/><w:t>9月</w:t></w:r></w:p>", "1-9月"),
        (f"<w:p>{r('见')}{r('隐藏', '<w:vanish/>')}{r('光')}</w:p>", "见光"),
        (f"<w:p>{r('不隐', SHOWN)}</w:p>", "不隐"),
        (f"<w:p><w:ins>{r('新增15家')}</w:ins><w:del><w:r><w:delText>12家</w:delText></w:r></w:del></w:p>", "新增15家"),
        (f"<w:p><w:moveFrom>{r('旧')}</w:moveFrom><w:moveTo>{r('新')}</w:moveTo></w:p>", "新"),
        (f"<w:p><w:hyperlink>{r('链接')}</w:hyperlink><w:smartTag>{r('标签')}</w:smartTag></w:p>", "链接标签"),
        (f"<w:p><w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{r('控件')}</w:sdtContent></w:sdt></w:p>", "控件"),
        (
            ("<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>PAGE 9</w:instrText></w:r>"
            f"{r('3')}</w:p>"),
            "3",
        ),
        (f"<w:p>{r('385万元')}{r('1', RAISED)}</w:p>", "385万元¹"),
        (f"<w:p>{r('平方米')}{r('2', LIFTED)}</w:p>", "平方米²"),
        ("<w:p><w:r><w:sym w:font='Wingdings' w:char='F0FE'/><w:sym w:font='宋体' w:char='2265'/></w:r></w:p>", "≥"),
        (
            ("<w:p><w:r><w:ruby><w:rt><w:r><w:t>shí</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>十</w:t></w:r>"
            "</w:rubyBase></w:ruby></w:r></w:p>"),
            "十",
        ),
        ("<w:p><m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath></w:p>", "x=1"),
    ],
)  # fmt: skip
def test_a_paragraph(xml: str, text: str) -> None:
    assert rendered(xml).raw == f"{text}\n"


def test_a_deleted_paragraph_end_joins() -> None:
    first = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{r('全年支出')}</w:p>"
    assert rendered(first, p("385万元"), first).raw == "全年支出385万元\n全年支出\n"


def test_text_boxes_follow_their_paragraph_once() -> None:
    box = f"<w:txbxContent>{p('框内')}</w:txbxContent>"
    xml = (
        f"<w:p>{r('正文')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
        f"{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox>"
        f"</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert rendered(xml, p("下段")).raw == "正文\n框内\n下段\n"
    old = f"<w:p><w:r><w:pict><v:textbox>{box}</v:textbox></w:pict></w:r></w:p>"
    assert rendered(old).raw == "\n框内\n"


def test_content_controls_around_blocks() -> None:
    inner = p("段") + table(cell("甲") + cell("1"))
    assert (
        rendered(f"<w:sdt><w:sdtContent>{inner}</w:sdtContent></w:sdt>").raw == "段\n\t甲\n\t1\n\n"
    )


def level(number: int, style: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


NUMBERING = (
    f'<w:abstractNum w:abstractNumId="0">{level(0, "chineseCounting", "%1、")}'
    f"{level(1, 'chineseCounting', '（%2）')}{level(2, 'decimal', '%3.')}"
    f"{level(3, 'decimal', '%1.%4', '<w:isLgl/>')}</w:abstractNum>"
    f'<w:abstractNum w:abstractNumId="1">{level(0, "bullet", "●")}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
    '<w:startOverride w:val="5"/></w:lvlOverride></w:num>'
)


def numbered(text: str, depth: int = 0, number: int = 1) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def test_generated_numbers_are_written() -> None:
    body = [
        numbered("概况"),
        numbered("机构", 1),
        numbered("编制", 1),
        numbered("行政", 2),
        numbered("支出"),
        numbered("预算", 1),
        numbered("法定", 3),
        numbered("圆点", 0, 2),
        numbered("另起", 0, 3),
        numbered("再起", 0, 3),
        numbered("无此表", 0, 9),
        numbered(""),
        p("正文"),
    ]
    assert rendered(*body, numbering=NUMBERING).raw.split("\n") == [
        "一、概况", "（一）机构", "（二）编制", "1. 行政", "二、支出", "（一）预算", "2.1 法定",
        "圆点", "五、另起", "六、再起", "无此表", "", "正文", "",
    ]  # fmt: skip


def test_numbers_of_a_style_and_in_cells() -> None:
    style = (
        '<w:style w:type="paragraph" w:styleId="Lead"><w:name w:val="一级"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    styled = p("概况", '<w:pStyle w:val="Lead"/>')
    assert rendered(styled, numbering=NUMBERING, styles=style).raw == "一、概况\n"
    row = f"<w:tc><w:tcPr/>{numbered('指标')}</w:tc>" + cell("5")
    assert rendered(table(row), numbering=NUMBERING).raw == "\t一、指标\n\t5\n\n"


def test_heading_levels_of_styles() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="S1"><w:name w:val="我的标题"/><w:basedOn w:val="S2"/></w:style>'
    base = '<w:style w:type="paragraph" w:styleId="S2"><w:name w:val="标题 2"/></w:style>'
    found = rendered(
        p("一", '<w:pStyle w:val="Heading1"/>'),
        p("二", '<w:pStyle w:val="S2"/>'),
        p("三", '<w:outlineLvl w:val="2"/>'),
        p("四", '<w:outlineLvl w:val="9"/>'),
        p("五"),
        styles=base,
    )
    assert [paragraph.level for paragraph in found.paragraphs] == [0, 1, 2, None, None]
    inherited = rendered(p("一", '<w:pStyle w:val="S1"/>'), styles=styles)
    assert [paragraph.level for paragraph in inherited.paragraphs] == [None]


def columns(found: Rendered) -> list[list[tuple[int, int, bool]]]:
    return [[(c.column, c.width, c.continues) for c in row] for row in found.tables[0]]


def test_merged_cells() -> None:
    span, down, goes_on = (
        '<w:gridSpan w:val="2"/>',
        '<w:vMerge w:val="restart"/>',
        "<w:vMerge/>",
    )
    found = rendered(
        table(
            cell("项目", down) + cell("金额", span),
            cell("旧字", goes_on) + cell("预算") + cell("决算"),
            cell("合计") + cell("1") + cell("2"),
        )
    )
    assert found.raw == "\t项目\n\t金额\n\n\t\n\t预算\n\t决算\n\n\t合计\n\t1\n\t2\n\n"
    assert columns(found) == [
        [(0, 1, False), (1, 2, False)],
        [(0, 1, True), (1, 1, False), (2, 1, False)],
        [(0, 1, False), (1, 1, False), (2, 1, False)],
    ]


def test_old_horizontal_merges_and_skipped_columns() -> None:
    first = cell("甲", '<w:hMerge w:val="restart"/>') + cell("", "<w:hMerge/>") + cell("乙")
    second = "<w:trPr><w:gridBefore w:val='1'/><w:gridAfter w:val='1'/></w:trPr>" + cell("丙")
    assert columns(rendered(table(first, second))) == [
        [(0, 2, False), (2, 1, False)],
        [(0, 1, False), (1, 1, False), (2, 1, False)],
    ]


def test_deleted_rows_and_several_paragraphs_in_a_cell() -> None:
    deleted = f"<w:trPr><w:del/></w:trPr>{cell('删')}{cell('1')}"
    two = f"<w:tc><w:tcPr/>{p('公共财')}<w:p/>{p('政拨款')}</w:tc>{cell('2')}"
    assert rendered(table(deleted, two, cell("末") + cell("3"))).raw == (
        "\t公共财\n政拨款\n\t2\n\n\t末\n\t3\n\n"
    )


def test_a_frame_and_a_nested_table() -> None:
    nested = table(cell("内") + cell("1"))
    frame = f"<w:tbl><w:tr><w:tc><w:tcPr/>{p('框里的字')}{nested}<w:p/></w:tc></w:tr></w:tbl>"
    assert rendered(frame).raw == "框里的字\n\t内\n\t1\n\n\n"
    outer = f"<w:tc><w:tcPr/>{p('外')}{nested}</w:tc>" + cell("2")
    found = rendered(table(outer, cell("后") + cell("3")))
    assert found.raw == "\t外\n\t2\n\n\t内\n\t1\n\n\t后\n\t3\n\n"
    assert [len(rows) for rows in found.tables] == [1, 1, 1]


def with_part(content: bytes, name: str, part: str, kind: str) -> bytes:
    """Return a package with one more part that the document relates to."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for info in source.infolist():
            data = (
                source.read(info).decode("utf-8")
                if info.filename.endswith((".xml", ".rels"))
                else ""
            )
            if info.filename == "word/_rels/document.xml.rels":
                base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
                data = data.replace(
                    "</Relationships>",
                    f'<Relationship Id="rIdN" Type="{base}/{kind}" Target="{name}"/></Relationships>',
                )
            if info.filename == "[Content_Types].xml":
                data = data.replace(
                    "</Types>",
                    f'<Override PartName="/word/{name}" ContentType="application/xml"/></Types>',
                )
            package.writestr(info.filename, data or source.read(info))
        package.writestr(f"word/{name}", part)
    return target.getvalue()


def saved(*body: str) -> bytes:
    document = docx.Document()
    for number, xml in enumerate(body):
        document.element.body.insert(number, parse_xml(_named(xml)))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_footnotes_follow_their_paragraph() -> None:
    xml = f"<w:p>{r('支出385')}<w:r><w:footnoteReference w:id='2'/></w:r>{r('万元')}</w:p>"
    notes = (
        f"<w:footnotes {NAMES}><w:footnote w:type='separator' w:id='0'>{p('线')}</w:footnote>"
        f"<w:footnote w:id='2'>{p('含结转')}</w:footnote></w:footnotes>"
    )
    content = with_part(saved(xml, p("下段")), "footnotes.xml", notes, "footnotes")
    assert read_word(content, Settings()).raw == "支出385¹万元\n¹ 含结转\n下段\n"


def test_strict_documents() -> None:
    source, target = zipfile.ZipFile(io.BytesIO(saved(p("严格")))), io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for info in source.infolist():
            data = (
                source.read(info)
                .replace(
                    b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                    b"http://purl.oclc.org/ooxml/wordprocessingml/main",
                )
                .replace(
                    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                    b"http://purl.oclc.org/ooxml/officeDocument/relationships",
                )
            )
            package.writestr(info.filename, data)
    assert read_word(target.getvalue(), Settings()).raw == "严格\n"


ENTITIES = (
    "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x 'ha'>"
    + "".join(
        f"<!ENTITY x{i} '{('&x' + str(i - 1 if i else '') + ';') * 10}'>" for i in range(1, 9)
    )
    + f"]><w:document {NAMES}><w:body><w:p><w:r><w:t>&x8;</w:t></w:r></w:p></w:body></w:document>"
).replace("&x0;", "&x;")


def replaced(content: bytes, xml: str) -> bytes:
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for info in source.infolist():
            data = xml.encode() if info.filename == "word/document.xml" else source.read(info)
            package.writestr(info.filename, data)
    return target.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        "<w:sdt>" * 300 + "</w:sdt>" * 300,
        "<w:tbl><w:tr><w:tc>" * 60 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 60,
        "<w:p>",
    ],
    ids=["controls", "tables", "cut"],
)
def test_deep_or_broken_xml_is_refused(body: str) -> None:
    xml = f"<w:document {NAMES}><w:body>{body}</w:body></w:document>"
    with pytest.raises(DocumentError, match=r"damaged|deep"):
        read_word(replaced(saved(), xml), Settings())


def test_an_entity_bomb_does_not_unfold() -> None:
    try:
        found = read_word(replaced(saved(), ENTITIES), Settings()).raw
    except DocumentError:
        return
    assert len(found) < 100


def test_absurd_spans_are_bounded() -> None:
    wide = cell("甲", '<w:gridSpan w:val="999999"/>') + cell("乙")
    assert columns(rendered(table(wide, cell("丙"))))[0] == [(0, 1000, False), (1000, 1, False)]


def test_pictures_without_text_are_noticed() -> None:
    found = rendered("<w:p><w:r><w:drawing/></w:r></w:p>")
    assert [notice.code for notice in found.notices] == ["page_without_text"]
    assert not rendered("<w:p><w:r><w:drawing/></w:r></w:p>", p("正文很长。" * 20)).notices


def test_a_part_in_another_format_is_noticed() -> None:
    found = rendered('<w:altChunk r:id="rId1"/>', p("正文"))
    assert [notice.code for notice in found.notices] == ["part_not_read"]
