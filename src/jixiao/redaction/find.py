"""Where a text names a person, or gives a number or address that reaches one.

Everything here reads *folded* text: full-width characters as their ASCII forms, one to one, so that
``：`` and ``:`` are one sign. Where it is unsure, a name counts as one: a word masked too many costs a
reader little.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from jixiao.entities.people import is_person_name
from jixiao.tokens.tags import is_known, tagged

if TYPE_CHECKING:
    from jixiao.documents.report import Report


class Span(NamedTuple):
    """A place in a text, half-open."""

    start: int
    end: int


_FOLD: Final[dict[int, int | str]] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, "–—−‐‑﹣"), "-"),
    **dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\u202f"), " "),
    **dict.fromkeys(map(ord, "•・"), "·"),
}


def folded(text: str) -> str:
    """Return a text with full-width characters, dashes and blanks as their plain forms, one to one.

    >>> folded("电话：０７３４－８１２３４５６")
    '电话:0734-8123456'
    """
    return text.translate(_FOLD)


# What asks for the name of a person, at the end of a label.
_ASKS_NAME: Final = (
    r"(?:联系人|联络人|联络员|[填上]报人|报送人|填表人|制[表单图]人|编制人|编写人|撰[写稿]人|起草人|负责人|责任人|"
    r"经[办手]人|承办人|[审复稽校]核人|核对人|审[批定签查]人|核稿人|签[发收字]人|评[价审估]人员?|评[审价估]专家|专家|"
    r"报告人|汇报人|记录人|录入[人员]|主持人|法定代表人|法人代表|法人|代表人|主评人|[组队]长|[组成]员|主[管任]|"
    r"分管领导|主管领导|单位领导|领导|局长|处长|科长|股长|书记|会计|出纳|姓名|户主|户主姓名|受益人|收款人|验收人|监督人|"
    r"申请人|当事人|见证人|签[字名章])"
)
# (签字), （签章）：, 签名
_SIGNED: Final = r"(?:[ ]?\((?:签|盖|手签|公)[^()\n]{0,8}\)|[ ]?签[字名章])?"
_ASKED: Final = re.compile(rf"{_ASKS_NAME}{_SIGNED}[ ]{{0,6}}(?::|\n?\t|[ ]{{2,}})[ ]{{0,12}}")
_ASKING_CELL: Final = re.compile(rf"{_ASKS_NAME}{_SIGNED}[ :]*\Z")
_ASKING_NUMBER: Final = re.compile(
    r"(?:电话|手机|传真|热线|座机|联系方式|号码|Tel|TEL)[^\n费数次量]{0,6}\Z"
)

_HAN: Final = "[\u4e00-\u9fff]"
# What may stand right behind a name in a line of signatures: 张三联系电话, 李四 (签字).
_BEHIND: Final = (
    r"联系|电话|手机|职务|职称|单位|日期|时间|填报|填表|上报|审核|审批|复核|负责|经办|制表|传真|邮箱|电子|"
    r"身份|签[字名章]|盖章|同志|先生|女士|局长|处长|科长|股长|主任|书记|教授|博士|经理|院长|校长|所长"
)
_NAME: Final = re.compile(
    rf"(?P<dotted>{_HAN}{{1,8}}(?:·{_HAN}{{1,8}}){{1,3}})"
    rf"|(?P<plain>{_HAN}{{2,4}}?)(?=[ ]*(?:{_BEHIND})|[和及与]{_HAN}|(?!{_HAN}))"
    rf"|(?P<spaced>{_HAN}{{1,2}}[ ]{{1,6}}{_HAN}(?:[ ]{{0,6}}{_HAN})?)(?=[ ]*(?:{_BEHIND})|(?!{_HAN}))"
    r"|(?P<latin>[A-Z][a-z]+(?:[ ][A-Z][a-z]+){0,3})(?![A-Za-z])"
)
_BETWEEN: Final = re.compile(r"[ ]*[、,;/和及][ ]*|[ ]{1,8}")
# What fills the place of a name and is none: a body, a blank form, the next label.
_NO_NAME: Final = re.compile(
    rf"{_HAN}*(?:[局科股室处部厅所站院校队会办中心司组]|公司|单位|人员|签[字名章]|公章|盖章|[电手][话机]|职[务称]|日期|时间|"
    r"备注|意见|[年月日]|无|暂无|不详|同上|联系|邮箱|地址|姓名|性别|领导|专家|合计|小计|总计|是否|项目|数量|金额)"
    r"|[一二三四五六七八九十百千万亿几两]+[人名位个]?"
)


def names_after_labels(text: str) -> Iterator[Span]:
    """Yield the names that a label asks for: 联系人：张三, 审核人（签字）：李四、王五.

    >>> [text[slice(*span)] for text in ["联系人:张三 电话:1", "负责人:财政局"]
    ...     for span in names_after_labels(text)]
    ['张三']
    """
    for asked in _ASKED.finditer(text):
        position: int | None = asked.end()
        sure = ":" in asked.group()
        while position is not None:
            span = _name_at(text, position, sure=sure)
            if span is None:
                break
            yield from _halves(text, span)
            between = _BETWEEN.match(text, span.end)
            position = between.end() if between else None
            # Behind a blank any word may follow; behind 、 only another name.
            sure = sure and between is not None and bool(between.group().strip())


def _halves(text: str, span: Span) -> list[Span]:
    """Return two names that stand together (张三李四) one by one."""
    middle = span.start + 2
    name = text[slice(*span)]
    if len(name) == 4 and is_person_name(name[:2]) and is_person_name(name[2:]):
        return [Span(span.start, middle), Span(middle, span.end)]
    return [span]


# 张三（联系人）, 张三 13800000000, 张三：0734-8000000; （组长张三，
_NAMED_BESIDE: Final = re.compile(
    rf"(?<!{_HAN})(?P<before>{_HAN}{{2,3}})[ ]{{0,4}}"
    rf"(?:\([ ]?{_ASKS_NAME}[ ]?\)|[:( ]?[ ]?(?=1[3-9]\d{{9}}(?!\d)|\(?0\d{{2,3}}[-)]\d))"
    rf"|{_ASKS_NAME}(?P<behind>{_HAN}{{2,3}})(?=[,。、;)\s]|\Z)"
)


def names_beside_labels(text: str) -> Iterator[Span]:
    """Yield the names with a role or a telephone number right beside them.

    >>> texts = ["张三(联系人)", "李四 13800000000", "专家组(组长齐明,教授)"]
    >>> [text[slice(*span)] for text in texts for span in names_beside_labels(text)]
    ['张三', '李四', '齐明']
    """
    for found in _NAMED_BESIDE.finditer(text):
        kind = "before" if found["before"] else "behind"
        name = found[kind]
        if is_person_name(name) and not _NO_NAME.fullmatch(name) and not _is_word(name):
            yield Span(*found.span(kind))


def _name_at(text: str, position: int, *, sure: bool) -> Span | None:
    """Return the name that begins at a position; ``sure`` where nothing else can stand there."""
    found = _NAME.match(text, position)
    if found is None:
        return None
    name = re.sub(" ", "", found.group())
    if found["dotted"] or found["latin"]:
        return Span(*found.span())
    if text[found.end() : found.end() + 1] == ":" or _NO_NAME.fullmatch(name):
        return None
    named = is_person_name(name)
    if (sure and (named or found["plain"])) or (named and not _is_word(name)):
        return Span(*found.span())
    return None


def _is_word(name: str) -> bool:
    """Tell whether the dictionary has a name as a word for something else: 党员, 文件."""
    words = tagged(name)
    return len(words) == 1 and is_known(name) and not words[0].tag.startswith("nr")


# Numbers that reach a person wherever they stand.
_NUMBERS: Final = re.compile(
    r"(?<![\w.%+-])[\w.%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,10}"
    r"|(?<![\dA-Za-z])[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])"
    r"|(?<![\d.])(?:\+?(?:00)?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\.?\d|[ ]?[%万亿元])"
    r"|(?<![\d.])(?:\+?(?:00)?86[- ]?)?(?:\(0\d{2,3}\)[- ]?|0\d{2,3}[- ]{0,3})[2-9]\d{2,3}[- ]?\d{4}"
    r"(?:[- ]?(?:转|分机|ext\.?)?[- :]?\d{1,5}(?!\d))?(?!\d|[ ]?[%万亿元])"
    r"|(?<![\d.])[48]00[- ]?\d{3,4}[- ]?\d{3,4}(?![\d.]|[ ]?[%万亿元])",
    re.ASCII,
)
# Numbers that only their label tells: 电话：8123456、8123457转801; 身份证号: of 15 digits; 账号.
_LOCAL: Final = r"\+?\d(?:[- ]?\d){5,18}(?:[ ]?(?:转|分机|-)[ ]?\d{1,6})?"
_ONE_LOCAL: Final = re.compile(_LOCAL + "[Xx]?")
_LABELLED: Final = re.compile(
    r"(?:电[ ]*话|手[ ]*机|传[ ]*真|热线|座机|联系方式|号码|[Tt][Ee][Ll]|微信|QQ|身份证|[账帐]号|卡号)(?!费)"
    rf"[^\d\n。;,:+]{{0,12}}[: \t\n]{{0,8}}(?P<numbers>{_LOCAL}[Xx]?(?:[ ]?[、,/;或][ ]?{_LOCAL}[Xx]?){{0,9}})"
    r"(?!\d|\.\d|[ ]?[%万亿元])"
)


def numbers_in(text: str) -> Iterator[Span]:
    """Yield telephone and identity numbers and addresses of e-mail.

    >>> [text[slice(*span)] for text in ["请拨13800000000或(0734)8000000转8012"]
    ...     for span in numbers_in(text)]
    ['13800000000', '(0734)8000000转8012']
    """
    for found in _NUMBERS.finditer(text):
        yield Span(*found.span())
    for found in _LABELLED.finditer(text):
        for one in _ONE_LOCAL.finditer(text, *found.span("numbers")):
            yield Span(*one.span())


_ROSTER_NAME: Final = re.compile(
    rf"{_HAN}(?:[ ]{{0,6}}{_HAN}){{1,3}}|{_HAN}{{1,8}}(?:·{_HAN}{{1,8}}){{1,3}}"
)
_ROSTER_NUMBER: Final = re.compile(r"[+(]?\d[\d ()-]{5,20}(?:转\d{1,6})?")
_ROSTER_PIECE: Final = re.compile(r"[^、,;/\n]+")
_LONGEST_CELL: Final = 80


def cells_of_rosters(report: Report) -> tuple[list[Span], list[Span]]:
    """Return the names and the numbers in cells under or beside a label that asks for them.

    The places are view offsets.
    """
    text = folded(report.view.text)
    asked: dict[tuple[int, int], str] = {}
    names: list[Span] = []
    numbers: list[Span] = []
    for block in report.blocks:
        cell = block.cell
        if cell is None or not 0 < block.end - block.start <= _LONGEST_CELL:
            continue
        column = (cell.table, cell.column if cell.first is None else cell.first)
        label = folded(cell.text).strip()
        if _ASKING_CELL.search(label) or _ASKING_NUMBER.search(label):
            asked[column] = label
            continue
        context = report.grids[cell.table, cell.row].context(cell)
        labels = [asked.get(column, ""), *context.columns[-1:], *context.rows[-1:]]
        labels = [folded(label).strip() for label in labels]
        if any(map(_ASKING_CELL.search, labels)):
            names += _pieces(text, block.start, block.end, _ROSTER_NAME)
        if any(map(_ASKING_NUMBER.search, labels)):
            numbers += _pieces(text, block.start, block.end, _ROSTER_NUMBER)
    return [span for span in names if _may_be_name(text[slice(*span)])], numbers


def _pieces(text: str, start: int, end: int, wanted: re.Pattern[str]) -> Iterator[Span]:
    """Yield the parts of a cell, split at commas and line ends, that are what is wanted."""
    for piece in _ROSTER_PIECE.finditer(text, start, end):
        bare = piece.group().strip()
        if wanted.fullmatch(bare):
            first = piece.start() + len(piece.group()) - len(piece.group().lstrip())
            yield Span(first, first + len(bare))


def _may_be_name(name: str) -> bool:
    bare = name.replace(" ", "")
    known = _NO_NAME.fullmatch(bare) or _is_word(bare)
    return "·" in bare or (is_person_name(bare) and not known)
