"""Names of persons: a surname, a given name, and something that says a person is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from jixiao.entities.names import Name, word_set
from jixiao.entities.words import Words

if TYPE_CHECKING:
    from jixiao.documents.report import Report

# The surnames of 《二〇二〇年全国姓名报告》 (公安部) and further ones of 百家姓.
_SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆汪"
    "范金石廖贾夏韦付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔齐庞文兰殷施洪牛安庄温葛章"
    "鲁倪樊俞翟邢伍申童耿关焦柳祝纪梅尚翁岳左项路柯阮柴凌桂欧裴涂盛牟宁解聂管游詹辛米包饶靳蒙成符欧阳霍舒卓窦路古苗卜单翟"
    "骆屈费卞边冷应冉华车臧娄闵祁甘卫沙鲍晏褚冀司查隋连储房滕苟佟占阎雍凤仇麦栾籍景谷鄢迟全党"
)
_COMPOUND: Final = word_set("欧阳 上官 司马 诸葛 夏侯 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 端木")
_PERSONAL: Final = frozenset({"nr", "nrt", "nrfg"})
_TITLES: Final = re.compile(
    r"(?:院士|教授|博士|同志|先生|女士|研究员|专家|书记|主席|主任|局长|厅长|处长|科长|股长|校长|院长|所长|市长|县长|区长|"
    r"团队|镇长|乡长|村长|部长|会长|理事长|董事长|总经理|经理|秘书长|委员|代表|老师|医生|医师|护士|工程师|农艺师|教练|选手|运动员)"
)
# Not at the end of a name: 局长张明赴, 李强和.
_NO_GIVEN: Final = frozenset("的在为是和与及同率带到赴向对就被获将等主亲")
_ROLE_BEFORE: Final = re.compile(
    r"(?:联系人|负责人|经办人|填报人|评价人员?|审核人|组长|签字|签名)[：:]?[ ]?$"
)
# Cells beside or under which a name of a person stands.
_ASKS_NAME: Final = re.compile(
    r"(?:联系人|负责人|经办人|填报人|填表人|审核人|评审专家|专家姓名|姓名|组长|法人|法定代表人|签字)[）)]?$"
)
_NAME_CELL: Final = re.compile(r"[\u4e00-\u9fff](?:[ \u3000]{0,4}[\u4e00-\u9fff]){1,3}")


def find_people(words: Words, report: Report) -> Iterator[Name]:
    """Yield the persons of a text: in cells that ask for a name, and beside a title in prose."""
    yield from _in_cells(report)
    text = words.text
    for index in words.where(_is_personal):
        start, end = words.starts[index], _name_end(words, index)
        if not is_person_name(text[start:end]):
            continue
        titled = _TITLES.match(text, end) or _TITLED.search(text, max(start - 6, 0), start)
        role = index > 0 and _ROLE.search(words.texts[index - 1])
        asked = _ROLE_BEFORE.search(text, max(start - 8, 0), start)
        if titled or asked or role:
            yield Name(start, end, "PERSON", "person.title")


def _is_personal(word: str, tag: str) -> int:
    return tag in _PERSONAL or word in _COMPOUND


def _name_end(words: Words, index: int) -> int:
    """Return where a person's name ends that begins with a word, or with a surname and the next."""
    word, end = words.texts[index], words.ends[index]
    if (len(word) == 1 or word in _COMPOUND) and index + 1 < len(words.texts):
        # 周|明远, 欧阳|文华: surname and given name apart.
        given = words.texts[index + 1]
        if len(given) <= 2 and given[-1] not in _NO_GIVEN and "\u4e00" <= given[0] <= "\u9fff":
            return end + len(given)
    return end


# 编剧李国梁, 执法员王海波
_ROLE: Final = re.compile(
    r"(?:[员师长]|编剧|主演|导演|选手|作家|画家|歌手|民警|干警|烈士|传承人|带头人|标兵|模范|冠军|同学|村民|[教职]工|团队|组长)$"
)
_TITLED: Final = re.compile(rf"{_TITLES.pattern}[“：: ]?\Z")


def is_person_name(name: str) -> bool:
    """Tell whether characters can be a person's name: a surname and one or two more.

    >>> is_person_name("沈寓实"), is_person_name("合计")
    (True, False)
    """
    bare = name.replace(" ", "").replace("\u3000", "")
    if bare[:2] in _COMPOUND:
        return 3 <= len(bare) <= 4
    return 2 <= len(bare) <= 3 and bare[0] in _SURNAMES


def _in_cells(report: Report) -> Iterator[Name]:
    """Yield the names in the cells of forms and rosters."""
    text = report.view.text
    for block in report.blocks:
        cell = block.cell
        if cell is None:
            continue
        start, end = block.start, block.end
        while start < end and text[start] in " \u3000\t\n":
            start += 1
        while end > start and text[end - 1] in " \u3000\t\n":
            end -= 1
        content = text[start:end]
        if not _NAME_CELL.fullmatch(content) or not is_person_name(content):
            continue
        context = report.grids[cell.table, cell.row].context(cell)
        asked = [*context.columns[-1:], *context.rows[-1:]]
        if any(_ASKS_NAME.search(label) for label in asked):
            yield Name(start, end, "PERSON", "person.cell")
