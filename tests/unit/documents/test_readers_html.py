"""Web pages: the report without the site around it, as a browser shows it."""

from __future__ import annotations

import pytest

from jixiao.documents.readers.html import read_html
from jixiao.documents.rendering import Rendered
from jixiao.errors import DocumentError
from jixiao.settings import Settings

BODY = "2021年，全县完成水利投资1,234.5万元，新建水库3座，解决饮水困难人口2.3万人。"
LONG = f"<p>{BODY}</p>" * 6


def read(html: str, encoding: str = "utf-8") -> Rendered:
    return read_html(html.encode(encoding), Settings())


def lines(html: str) -> list[str]:
    return read(html).raw.split("\n")[:-1]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>甲</p><p> 乙 </p>", ["甲", "乙"]),
        ("<p>甲<br>乙<br/><br/>丙</p>", ["甲", "乙", "丙"]),
        ("<p>全年\n    支出\n385 万元</p>", ["全年支出 385 万元"]),
        ("<p>a\n b&nbsp;&nbsp;c</p>", ["a b\xa0\xa0c"]),
        ("<p>新增<b>15</b><span>家</span></p>", ["新增15家"]),
        ("<div>甲<div>乙</div>丙</div>", ["甲", "乙", "丙"]),
        ("<ol start=3><li>甲<li value=9>乙<li>丙</ol>", ["3. 甲", "9. 乙", "10. 丙"]),
        ("<ol type=A><li>甲</li></ol><ol type=i><li>乙</li></ol>", ["A. 甲", "i. 乙"]),
        ("<ul><li>甲</li></ul>", ["甲"]),
        ("<pre>甲  1\n乙  2</pre>", ["甲  1", "乙  2"]),
        ("<p>385万元<sup>1</sup>，3万m<sup>2</sup></p>", ["385万元¹，3万m²"]),
        ("<p>新<del>旧</del><s>旧</s></p>", ["新"]),
        ("<p>见<span style='DISPLAY : none'>隐</span><i hidden>隐</i>光</p>", ["见光"]),
        ("<p>见<!-- 注 --><script>x</script><style>y</style>光</p>", ["见光"]),
        ("<p>&#65;&lt;5%&gt;</p>", ["A<5%>"]),
    ],
)
def test_text_as_a_browser_shows_it(html: str, expected: list[str]) -> None:
    assert lines(f"<html><body>{html}</body></html>") == expected


def test_headings_have_levels() -> None:
    found = read("<body><h2>一、概况</h2><p>甲</p><h3>（一）机构</h3></body>")
    assert [paragraph.level for paragraph in found.paragraphs] == [1, None, 2]


def columns(found: Rendered, table: int = 0) -> list[list[tuple[int, int, bool]]]:
    return [[(c.column, c.width, c.continues) for c in row] for row in found.tables[table]]


def test_merged_cells() -> None:
    found = read(
        "<table><caption>表1（单位：万元）</caption><thead><tr><th rowspan=2>项目</th><th colspan=2>金额</th>"
        "<th rowspan='2'>备注</th></tr><tr><th>预算</th><th>决算</th></tr></thead>"
        "<tbody><tr><td>合计</td><td>1<br>2</td><td>2</td><td></td></tr></tbody></table>"
    )
    assert found.raw == (
        "表1（单位：万元）\n\t项目\n\t金额\n\t备注\n\n\t\n\t预算\n\t决算\n\t\n\n\t合计\n\t1\n2\n\t2\n\t\n\n"
    )
    assert columns(found) == [
        [(0, 1, False), (1, 2, False), (3, 1, False)],
        [(0, 1, True), (1, 1, False), (2, 1, False), (3, 1, True)],
        [(0, 1, False), (1, 1, False), (2, 1, False), (3, 1, False)],
    ]


@pytest.mark.parametrize(
    ("span", "width"), [("99999999", 1000), ("0", 1), ("-3", 1), ("x", 1), ("", 1), (" 2 ", 2)]
)
def test_absurd_spans(span: str, width: int) -> None:
    found = read(f"<table><tr><td colspan='{span}'>甲</td><td>乙</td></tr></table>")
    assert columns(found) == [[(0, width, False), (width, 1, False)]]


def test_layout_tables_are_unwrapped_and_nested_tables_follow() -> None:
    inner = "<table><tr><td>内</td><td>1</td></tr></table>"
    layout = f"<table><tr><td>左栏</td></tr><tr><td>{LONG}{inner}</td></tr></table>"
    assert lines(layout) == ["左栏", *[BODY] * 6, "\t内", "\t1", ""]
    side = f"<table><tr><td>{LONG}</td><td>{inner}</td></tr></table>"
    assert lines(side) == [*[BODY] * 6, "\t内", "\t1", ""]
    more = "<tr><td>这里是另外的许多文字，占了大部分</td><td>4</td></tr>"
    found = read(
        f"<table><tr><td>外</td><td>很多字{inner}</td></tr><tr><td>后</td></tr>{more}</table>"
    )
    assert found.raw.startswith("\t外\n\t很多字\n\n\t内\n\t1\n\n\t后\n")


SITES = {
    "classes": f"""<html><head><title>某县水利局2021年度绩效自评报告_某县人民政府门户网站</title></head><body>
      <div class="header"><ul class="nav"><li><a href="/">首页</a></li></ul></div>
      <div class="location">您当前的位置：<a>首页</a> &gt; 信息公开</div>
      <div class="main"><h1>某县水利局2021年度绩效自评报告</h1><div class="TRS_Editor">{LONG}</div></div>
      <div class="share">分享到：微信</div>
      <div class="footer"><p>主办单位：某县人民政府</p><p>ICP备12345号</p></div></body></html>""",
    "semantic": f"""<html><head><meta name="ArticleTitle" content="某县水利局2021年度绩效自评报告"></head><body>
      <header id="top"><nav>首页 走进某县</nav></header><article>{LONG}</article>
      <aside>相关链接</aside><footer>版权所有：某县人民政府</footer></body></html>""",
    "tables": f"""<html><head><title>某县水利局2021年度绩效自评报告 - 某县政府</title></head><body><table><tr><td>
      <table><tr><td><a>首页</a></td><td><a>公开</a></td></tr></table></td></tr><tr><td id="zoom">{LONG}</td></tr>
      <tr><td class="copyright">版权所有 某县政府办 湘ICP备1号</td></tr></table></body></html>""",
    "plain": f"""<html><body><h1>某县水利局2021年度绩效自评报告</h1><div><a>首页</a><a>上一页</a></div>
      <div>{LONG}</div></body></html>""",
}  # fmt: skip


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_site_around_the_report_is_left_out(site: str, encoding: str) -> None:
    found = read(SITES[site], encoding).raw.split("\n")[:-1]
    assert found == ["某县水利局2021年度绩效自评报告", *[BODY] * 6]


def test_the_title_is_not_written_twice() -> None:
    page = f"<title>绩效自评报告2021-某网</title><div><p>绩效自评<b>报告2021</b></p>{LONG}</div>"
    assert read(page).raw.count("报告2021") == 1


def test_a_table_with_numbers_is_never_taken_for_the_site() -> None:
    numbers = "<div class='tools'><table><tr><td>支出</td><td>12.5</td></tr></table></div>"
    assert "\t12.5\n" in read(f"<body><div>{LONG}{numbers}</div></body>").raw


def test_a_page_of_links_alone() -> None:
    page = "<body><a href='x'><div class='content'>绩效自评报告</div></a></body>"
    assert read(page).raw == "绩效自评报告\n"


def test_a_page_saved_from_word_is_whole() -> None:
    page = (
        "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><meta charset=gb2312></head>"
        f"<body><div class=WordSection1><p class=MsoNormal>甲</p>{LONG}"
        "<p><![if !supportLists]><span style='mso-list:Ignore'>1.<span>&nbsp;</span></span><![endif]>项</p>"
        "</div></body></html>"
    )
    assert read(page, "gb18030").raw == f"甲\n{f'{BODY}{chr(10)}' * 6}1.\xa0项\n"


@pytest.mark.parametrize(
    ("named", "encoding"),
    [("gb2312", "gb18030"), ("utf-8", "gb18030"), ("gbk", "utf-8"), ("no-such", "utf-8")],
)
def test_a_wrong_charset_does_no_harm(named: str, encoding: str) -> None:
    page = f"<html><head><meta charset='{named}'></head><body>{LONG}</body></html>"
    assert read(page, encoding).raw == f"{BODY}\n" * 6


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<div>" * 5000 + b"x", "nested"),
        (b"<table><tr><td>" * 5000 + b"x", "nested"),
        (b"<html><body><script>1</script></body></html>", "holds no text"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "web archive"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x00\x01\x02" * 30, "binary"),
    ],
)
def test_pages_that_are_refused(content: bytes, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        read_html(content, Settings())


def test_ten_megabytes_on_one_line() -> None:
    assert len(read(f"<p>{BODY * 120_000}</p>").raw) == 120_000 * len(BODY) + 1
