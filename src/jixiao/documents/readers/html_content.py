"""Where on a page the report stands: the content without navigation, header and footer.

The general extractors were tried and not taken: they drop short cells and flatten merged ones.
Nothing here drops a table with numbers or a run of sentences; in doubt the site stays.
"""

from __future__ import annotations

import re
from typing import Final

from lxml.html import HtmlElement

# Parts of a site by the names their elements carry.
_CHROME: Final = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu\w*|bread-?crumbs?|crumbs?|location|position|dqwz|foot\w*|header|head|top\w*|"
    r"sidebar|side|share\w*|bdshare\w*|jiathis\w*|print\w*|tools?|toolbar|related|xgxx|relevant|search\w*|login|"
    r"links?|friendlink|copyright|banner|qrcode|ewm|pagination|page-?nav|close|fontsize|zihao)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Names that content management systems of government sites give the report's element.
_CONTENT: Final = re.compile(
    r"(?:^|\s)(?:TRS_Editor|TRS_UEDITOR|Custom_UnionStyle|UCAPCONTENT|zoom|zoomcon|vsb_content\w*|v_news_content|"
    r"(?:article|news|xxgk|detail|main|page|text|art|info|con|wz)[_-]?(?:content|con|text|body|nr|box)|"
    r"contentText|content|article|pages_content|bt-content|wzcon|nr)(?:$|\s)",
    re.IGNORECASE,
)
# What stands under every page of a government site (国办发〔2017〕47号).
_IMPRINT: Final = re.compile(r"ICP备|网站标识码|公网安备|版权所有")
_MAX_IMPRINT: Final = 400
_SITE_PARTS: Final = frozenset({"nav", "footer", "aside"})
_TITLE_META: Final = ("ArticleTitle", "articletitle", "og:title")
_SITE_NAME: Final = re.compile(r"\s*[-_|—–]+\s*[^-_|—–]{2,40}$")
_SPACE: Final = re.compile(r"\s+")
_MOST_CHROME: Final = 0.2
_MOST_OF_IT: Final = 0.6
_NEARLY_ALL: Final = 0.92
_MIN_HEADLINE: Final = 6
_MAX_HEADLINE: Final = 80


def headline(root: HtmlElement) -> str | None:
    """Return the title of the page's article without the site's name, or None."""
    for name in _TITLE_META:
        for meta in root.iter("meta"):
            if name in (meta.get("name"), meta.get("property")) and meta.get("content"):
                return _fit(meta.get("content") or "")
    for tag in ("h1", "title"):
        found = next(root.iter(tag), None)
        text = _SPACE.sub("", found.text_content()) if found is not None else ""
        if tag == "title":
            text = _SITE_NAME.sub("", text)
        if title := _fit(text):
            return title
    return None


def _fit(text: str) -> str | None:
    text = _SPACE.sub("", text)
    return text if _MIN_HEADLINE <= len(text) <= _MAX_HEADLINE else None


def find_content(root: HtmlElement) -> HtmlElement:
    """Return the element that holds the report, without the parts of the site inside it."""
    body = next(root.iter("body"), root)
    sizes: dict[HtmlElement, int] = {}
    _measure(body, sizes)
    total = sizes[body]
    for element in [*body.iterdescendants()]:
        if isinstance(element.tag, str) and _is_chrome(element, sizes, total):
            _measure_without(element, sizes)
            element.drop_tree()
    total = sizes[body]
    named = [
        element
        for element in body.iter("div", "article", "main", "td", "section", "ucapcontent")
        if _is_content(element) and sizes.get(element, 0) >= max(_MOST_OF_IT * total, 1)
    ]
    if named:
        return min(named, key=lambda element: sizes[element])
    return _descend(body, sizes)


def _measure(element: HtmlElement, sizes: dict[HtmlElement, int]) -> int:
    """Store for each element how many characters it holds outside of links."""
    if not isinstance(element.tag, str) or element.tag in ("script", "style", "a"):
        sizes[element] = 0
        return 0
    size = len((element.text or "").strip())
    for child in element:
        size += _measure(child, sizes) + len((child.tail or "").strip())
    sizes[element] = size
    return size


def _measure_without(element: HtmlElement, sizes: dict[HtmlElement, int]) -> None:
    for ancestor in element.iterancestors():
        if ancestor in sizes:
            sizes[ancestor] -= sizes.get(element, 0)


def _is_chrome(element: HtmlElement, sizes: dict[HtmlElement, int], total: int) -> bool:
    """Tell a part of the site by its tag or name; one that holds much of the text is none."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if element.tag not in _SITE_PARTS and not _CHROME.search(names):
        return False
    text = element.text_content()
    if len(text) <= _MAX_IMPRINT and _IMPRINT.search(text):
        return True
    if sizes.get(element, 0) > _MOST_CHROME * total:
        return False
    return text.count("。") < 3 and not (
        element.find(".//table") is not None and re.search(r"\d\.\d", text)
    )


def _is_content(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag in ("article", "main", "ucapcontent") or bool(_CONTENT.search(names))


def _descend(body: HtmlElement, sizes: dict[HtmlElement, int]) -> HtmlElement:
    """Go down from the body as long as one child holds nearly all the text."""
    element = body
    while True:
        inner = [child for child in element if isinstance(child.tag, str)]
        largest = max(inner, key=lambda child: sizes.get(child, 0), default=None)
        if largest is None or largest.tag in ("table", "p", "ol", "ul", "pre"):
            return element
        if sizes.get(largest, 0) < _NEARLY_ALL * max(sizes[element], 1):
            return element
        element = largest
