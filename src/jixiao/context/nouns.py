"""The noun that a number counts, read from the words beside it.

No parser runs here. A clause of this genre is predicate + object + number or number + object, so the
counted noun is the noun phrase that ends before the number or begins behind it. The parts of speech
come from the dictionary (:mod:`jixiao.tokens.tags`): a verb ends the phrase, a deverbal noun (``vn``,
培训机构) may stand inside it, a level or a region before it is left out (ANNOTATION.md, noun).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

from jixiao.resources import read_table, table_cache
from jixiao.resources.regions import by_name, is_word
from jixiao.tokens.tags import Word, tagged

Kind: TypeAlias = Literal["noun", "deed", "verb", "modifier", "level", "among", "end"]
"""What a word does in a noun phrase; ``deed`` is a deverbal noun, ``among`` is 的 or 等."""


class Phrase(NamedTuple):
    """A noun phrase beside a number, and whether it can be what the classifier counts.

    ``fits`` is False for what only modifies a noun left out: 民办 in ``幼儿园44所（公办36所、民办8所）``.
    """

    text: str
    fits: bool


class _Item(NamedTuple):
    text: str
    kind: Kind


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LEVELS: Final = _set(
    "国家级 部级 省级 市级 县级 区级 州级 盟级 旗级 乡级 镇级 村级 省部级 市厅级 厅级 校级 股级 国家 省 市 "
    "县 区 州 旗 自治区 全国 全省 全市 全县 全区 全州 全盟 全旗 全镇 全乡 我国 我省 我市 我县 我区 "
    "我州 我盟 我旗 我局 我委 本省 本市 本县 本区 本局 本级 各级 各类 各种 各 各项 境内外 国内外 其他 其余 "
    "所属 下属 直属 局属 系列 相关 有关 主要 全部 所有 大批"
)
_LIMITS: Final = frozenset({"以上", "以下", "及以上", "及以下", "之上"})
# Before a number they say how it was planned or compared, not what it counts.
_NO_NOUNS: Final = _set(
    "目标 计划 预算 任务 同比 环比 平均 人均 户均 现场 其中 每万人 全年 累计 合计 力争 期间 以来 "
    "首批 首次 重新 方面 实际 县域 少 多 高 低 仅有 再"
)
# 绩效目标8项 are counted, 超目标17个 are not.
_AIMS: Final = frozenset({"目标", "计划", "任务"})
_JOINING: Final = frozenset({"和", "与", "及", "或"})
_AMONG: Final = frozenset({"的", "等", "等等"})
_NOMINAL: Final = ("n", "j", "l", "i", "eng", "an", "s", "g", "x")
_MODIFYING: Final = ("b", "a", "z", "q", "k", "h")
# A deverbal noun before one of these is what is done to them (服务企业, 培训教师), not their kind.
_RECEIVERS: Final = re.compile(
    r"企业|群众|居民|农户|农民|学生|学员|教师|职工|贫困户|市场主体|经营主体|劳动力|老人|老年人|儿童|患者|用户|客户|困难|"
    r"游客|旅客|乘客|读者|观众|听众|市民|村民|牧民|考生|嘉宾|客商|访客|来访|人才"
)
# 培训机构, 检测中心: an institution named by what it does.
_INSTITUTION: Final = re.compile(
    r"机构|中心|基地|平台|单位|学校|场所|网点|站|所|室|点|班|线|设施|设备|系统|队伍|团队|载体"
)
# 退休人员, 返乡青年: with these a verb makes a kind of people.
_KINDS_OF_PEOPLE: Final = re.compile(r"人员|青年|员工|人群|群体|农民工|军人")
# Verbs whose object may be a deed: 开展安全检查, 办理投诉举报, 参加培训.
# 桃源片区改造厕所: after a place or a body a deed is done, not a kind.
_ACTING: Final = re.compile(
    r"(?:[省市县区州镇乡村局委厅院校]|(?<![民公])办|公司|集团|街道|片区|部门|单位|机关|系统)$"
)
# What makes a noun of any word before it: 服务点, 脱贫户, 推进会.
_BEFORE_VERBS: Final = frozenset({"计划", "规划", "拟", "新", "力争", "通过"})
_SUFFIXES: Final = frozenset("点站会室园户院库池林厂馆店线桥井渠房亭站组队班社")
_GOVERNING: Final = _set(
    "开展 组织 举办 参加 接受 进行 办理 受理 处理 接到 收到 获得 获 提供 完成 实施 安排 召开 承办 "
    "承接 做好"
)
# Classifiers of events, which count deeds: 安全检查6次, 公务接待63批次.
EVENTS: Final = frozenset(
    {"例", "次", "场", "期", "批次", "场次", "轮次", "人次", "轮", "批", "班次", "起", "件"}
)
_PAPERS: Final = frozenset({"份", "篇", "期"})
PERSONS: Final = frozenset({"人", "名", "位"})
_PERSONS_END: Final = frozenset("生员师工人")
_PERSON: Final = re.compile(
    r"(?:[员师生人者家长工兵民士童手户岁]|干部|职工|人才|专家|劳动力|青年|代表|骨干|力量|编制|群众|居民|老人|妇女|"
    r"博士|硕士|警力|客商|模范|职数|标兵|对象|教授|院士|书记|工匠|队伍|学位|岗位|幼儿|低保|五保|特困|伤亡|病例|用工|就业|委员|先进个人|主体|人口|主任)$"
)
# 其中批发业74家: a line of business or a place is no firm.
_BRACKETED: Final = re.compile(r"[（(][^（）()]*[）)]$")
# … but 景区, 园区, 超市 are houses.
_NO_FIRM: Final = re.compile(
    r"(?:(?<!企)业|[县镇乡州省]|(?<![门超集夜])市|(?<![景园小社校厂库院灌片专街营矿牧])区)$"
)
# 离退休22人: the word for people is left out.
_PERSONAL: Final = re.compile(
    r"(?:在职|在编|在岗|在编在岗|离休|退休|离退休|临聘|编外聘用|编外|聘用|借调|职称|工勤|学历|参公|参照公务员管理)$"
)
_GROUP_OF_PEOPLE: Final = re.compile(
    r"(?:(?<=[，、；。：（(中有外])|^)(?:离退休|离休|退休|借调|临聘|编外聘用)$"
)
_PRESENT: Final = re.compile(r"实有(?:在[编职岗])?(?:人数|总?数)?[为共]?$")
# 重点行业中小企业数字化改造完成126家: the noun a classifier calls for stands inside the phrase.
_FIRM: Final = re.compile(
    r"(?:企业|公司|机构|单位|银行|合作社|农场|商户|[店厂院所馆社站园]|中心|平台|基地|户|主体|超市|协会|商会|医院|学校|集团|实验室|车间)$"
)
_ATTRIBUTIVE: Final = re.compile(
    r"(?:[性型类级]|公办|民办|公立|私立|国有|民营|外资|内资|中央|地方)$"
)
_GROUP: Final = re.compile(
    r"“[^“”\n]{1,24}”|《[^《》\n]{1,40}》|\"[^\"\n]{1,24}\"|（[^（）\n，。；]{1,12}）|\([^()\n,，。；]{1,12}\)"
    r"|(?:19|20)\d\d年(?:度|底|末)?|\d+强(?=企业)|\d型"
)
_QUOTED_SERIES: Final = re.compile(r"^(?:系列|主题|为主题|号召)")
_PLAN: Final = re.compile(r"“?十[一二三四五六]五")
_FROM: Final = re.compile(
    r"[由从](?:原来的?|原先的?|最初的?|上年末?的?|去年底?的?|\d{4}年[末底]?的?)?$"
)
# 选派2批6名医务人员: both count the same.
_NUMBERED: Final = re.compile(r"^\d+余?[名人家个户]")
# 41个单位中仅有9个配备了: what follows is said of some.
_AMID: Final = re.compile(r"中(?=[仅有占已排由列，、]|居第?[\d一二三四五六七八九十])")
_LIMITED: Final = re.compile(r"^(?:较大|重大|一般|[一二三四五]级)?及?以上")
# 幼儿园中普惠性42所: the dictionary knows no such word.
_AMONG_THEM: Final = re.compile(r"中(?![小高等长])[\u4e00-\u9fff]+[性型类级]$")
# 平台较目标少, 比上年多: how the number compares.
_COMPARED: Final = re.compile(
    r"[较比](?:年初|年度|上年度?|去年|同期|预期|原定)*(?:目标|计划|任务)?(?:还|仅|只)?(?:少|多|减少|增加|缺|差)了?$"
)
_PER_HEAD: Final = re.compile(r"每[百千万]人(?:口)?(?:拥有)?")
_COUNTER: Final = re.compile(
    r"(?:每[百千万]人(?:口)?(?:拥有)?|平均|人均|总数|数量|人数|户数|家数|个数|(?<![案稿证文信])件数|场数|场次|人次|户次|家次|件次|车次|总量|总额|业务量|拥有量|保有量|存量|缺口|规模|数|总|约|近|超|超过|突破|达到?|(?<!行)为|有|"
    r"(?:增加|增长|提高|上升|扩大|减少|下降|[增升降减])[至到]|"
    r"至少?|到|由|从|不足|不到|不满|共计?|合计|总计|累计|计|仅|就|已|均|各|不少于|不低于|[：: \u3000])+$"
)
_CAPACITY: Final = re.compile(
    r"[日年月](?:产|处理|加工)[\d.]+[万亿余]{0,2}[^\d，。；的]{1,2}?(?=[\u4e00-\u9fff“]{2})"
)
_MARKS: Final = re.compile(r"[，。；：、！？,;:!?\n\t]")
_MAX_NOUN: Final = 24
_WINDOW: Final = 60


def noun_after(text: str, end: int, limit: int, unit: str = "") -> str | None:
    """Return the counted noun right after a number, or None (``262家企业建立了`` → 企业)."""
    window = text[end : min(limit, end + _MAX_NOUN)]
    return _after(window, unit) if window else None


def noun_before(text: str, start: int, floor: int, unit: str = "") -> Phrase | None:
    """Return the noun phrase before a number (``新增高新技术企业15家`` → 高新技术企业), or None.

    ``floor`` is the view offset before which nothing is read.
    """
    window = text[max(floor, start - _WINDOW) : start]
    return _before(window, unit) if window else None


def is_body(noun: str) -> bool:
    """Tell whether a noun names a place, a body or a line of business, which nobody counts in 人."""
    return _NO_FIRM.search(noun) is not None or _ACTING.search(noun) is not None


def is_place(noun: str) -> bool:
    """Tell whether a noun is the name of a division or a town: its things are counted, not it.

    >>> is_place("礼泉县"), is_place("柳林镇"), is_place("示范镇"), is_place("示范区")
    (True, True, False, False)
    """
    if noun.endswith(("镇", "乡", "街道")):
        return _TOWN.fullmatch(noun) is not None and _KIND_OF_TOWN.search(noun) is None
    return noun[-1:] in _DIVISIONS and len(noun) > 2 and bool(by_name(noun)) and not is_word(noun)


_DIVISIONS: Final = frozenset("省市县区州旗盟")
_TOWN: Final = re.compile(r"[\u4e00-\u9fff]{3,5}")
# 示范镇, 历史文化名镇, 乡镇: kinds of towns.
_KIND_OF_TOWN: Final = re.compile(
    r"(?:示范|特色|重点|中心|建制|文明|试点|贫困|卫生|生态|美丽|边境|旅游|民族|园林|工业|经济|先进|达标|薄弱|偏远|强|名|小|各|乡|村|城|集|大|下(?=乡))(?:[乡镇]|街道)+$"
)


def is_nominal(text: str) -> bool:
    """Tell whether words hold no predicate: what a list goes on with (``、创新型中小企业214家``)."""
    items = _items(text)
    for index, item in enumerate(items):
        inside = 0 < index < len(items) - 1 and items[index - 1].kind == "noun"
        if item.text in _predicates() or item.text in _DONE_WORDS or item.text in _PREPOSITIONS:
            return False
        if item.kind == "verb" and not inside:
            return False
    return bool(items)


_PREPOSITIONS: Final = frozenset("由从将被把对向为以于再")
_DONE_WORDS: Final = frozenset(
    {"达到", "达", "为", "是", "有", "完成", "实现", "共", "共有", "累计", "总数"}
)


def compose(modifier: str, head: str) -> str:
    """Return the noun of a part: its own words before the noun of the whole, where they fit.

    >>> compose("民办", "幼儿园"), compose("批发业", "限额以上商贸企业"), compose("特教", "学生")
    ('民办幼儿园', '限额以上商贸企业', '特教学生')
    """
    if _GRADES.search(modifier):
        return head
    if len(modifier) > _LONGEST_MODIFIER or is_body(modifier) or is_place(modifier):
        return head
    if not _ATTRIBUTIVE.search(modifier) and any(
        item.kind in ("verb", "end") for item in _items(modifier)
    ):
        return head
    return modifier + _items(head)[-1].text


# 省、市、县三级分别5名、6名、9名: whose they are.
_GRADES: Final = re.compile(r"^[省市县区州旗乡镇村、]*[两二三四五]级$")
_LONGEST_MODIFIER: Final = 5


@table_cache(16384)
def _after(window: str, unit: str) -> str | None:
    window = _behind_measures(window.lstrip(" \u3000"))
    if unit in _CASES:
        # 一起赴省到市信访事件: the case is named at the end of its clause.
        case = _CASE.match(window)
        mark = _MARKS.search(window)
        clause = window[: mark.start()] if mark else window
        if case or any(item.kind in ("end", "verb") for item in _items(window)[:1]):
            phrase = _before(case.group() if case else clause, unit)
            return phrase.text if phrase else None
    if _MOVED.match(window) or window.startswith(("大关", "关口")):
        # 突破百亿元大关: the mark that is passed.
        return None
    taken = _leading_phrase(window)
    if unit not in EVENTS:
        while len(taken) > 1 and taken[-1].kind == "deed":
            taken.pop()
    last = taken[-1] if taken else None
    if last is not None and unit in PERSONS and last.text[-1] in _PERSONS_END:
        # 12名本科毕业生: the last word says that persons are counted.
        return _phrase_text(taken, smallest=1)
    return _phrase_text(_to_head(taken), smallest=1) if taken else None


def _behind_measures(window: str) -> str:
    """Return what follows a number without what only sizes or limits the things counted."""
    if found := _AMID.search(window):
        window = window[: found.start()]
    for prefix in (_CAPACITY, _LIMITED, _NUMBERED):
        if found := prefix.match(window):
            window = window[found.end() :]
    return window


def _leading_phrase(window: str) -> list[_Item]:
    """Return the words of the noun phrase a window begins with; what stands before 的 is dropped."""
    taken: list[_Item] = []
    for item in _items(window):
        of_them = item.text == "的" and all(one.kind != "noun" for one in taken)
        if of_them or item.text in _LIMITS:
            taken.clear()
            continue
        joins = item.text in _JOINING and taken
        denied = len(taken) == 1 and taken[0].text in _NEGATIONS
        makes_kind = denied or (not taken and _makes_kind(window, item))
        if item.kind in ("among", "end", "verb") and not (joins or makes_kind):
            break
        taken.append(item)
    return taken


_CASES: Final = frozenset({"起", "例", "宗"})
# 一起群体性欠薪事件: what cases are called.
_CASE: Final = re.compile(
    r"[\u4e00-\u9fff“”（）]{0,16}?(?:事件|事故|案件|纠纷|火灾|疫情|灾害)(?=[^\u4e00-\u9fff]|$)"
)
# 由40个发展到58个: a verb of change counts nothing.
_MOVED: Final = re.compile(r"[\u4e00-\u9fff]{1,2}(?:到|至)")


def _makes_kind(window: str, item: _Item) -> bool:
    """Tell whether a verb or a negation begins the name of a kind (``37批次不合格样品``)."""
    if item.text in _NEGATIONS:
        match _items(window[len(item.text) :]):
            case [state, noun, *_]:
                return state.kind != "end" and noun.text.endswith(_heads())
            case _:
                return False
    return item.kind == "verb" and _modifies(window, item)


def _modifies(window: str, verb: _Item) -> bool:
    """Tell whether a verb before a noun makes a kind of it (``15个储备项目``): no known predicate."""
    following = _items(window[len(verb.text) :])[:1]
    return (
        verb.text not in _predicates()
        and bool(following)
        and following[0].kind == "noun"
        and following[0].text.endswith(_heads())
    )


def _to_head(items: list[_Item]) -> list[_Item]:
    """Cut a phrase behind its last head noun: what follows is said of it (``3个镇街产值``)."""
    last = max((at for at, item in enumerate(items) if item.text.endswith(_heads())), default=-1)
    return items[: last + 1] if last >= 0 else items


@table_cache()
def _nouns() -> frozenset[str]:
    return frozenset(row["surface"] for row in read_table("words.csv") if row["tag"] == "n")


@table_cache()
def _heads() -> tuple[str, ...]:
    return tuple(_nouns())


@table_cache(16384)
def _before(window: str, unit: str) -> Phrase | None:
    if unit in PERSONS and _PRESENT.search(window):
        return Phrase("人员", True)
    window = _COUNTER.sub("", _COMPARED.sub("", _FROM.sub("", window)))
    if unit in PERSONS and (group := _GROUP_OF_PEOPLE.search(window)):
        # 退休43人: what people are by what they did or do.
        return Phrase(f"{group.group()}人员", True)
    shared = _PER_HEAD.search(window)
    if not window or window.endswith("的"):
        return None
    named = _NAMED_PLACE.search(window)
    if named is not None and is_place(named.group()):
        return Phrase(named.group(), False)
    items = _without_predicates(_items(window), unit)
    taken: list[_Item] = []
    for index in range(len(items) - 1, -1, -1):
        if not _belongs(items, index, taken):
            break
        taken.insert(0, items[index])
    while taken and taken[0].text in _JOINING:
        taken.pop(0)
    if unit in PERSONS:
        taken = _to_people(taken)
    text = _phrase_text(taken)
    if text is None:
        return None
    if shared:
        # 每万人口医师: 人口 only says of how many.
        text = text.removeprefix("人口") or text
    if unit in PERSONS and _PERSONAL.search(text):
        return Phrase(f"{text}人员", True)
    if not _fits(text, taken, unit):
        called = _PERSON if unit in PERSONS else _FIRM if unit == "家" else None
        inner = [at for at, item in enumerate(taken) if called and called.search(item.text)]
        shorter = _phrase_text(taken[: inner[-1] + 1]) if inner else None
        return Phrase(shorter, True) if shorter else Phrase(text, False)
    return Phrase(text, True)


def _to_people(items: list[_Item]) -> list[_Item]:
    """Cut what befell people behind the word for them (``就业困难人员就业`` → 就业困难人员)."""
    last = len(items)
    while last > 1 and items[last - 1].text in _BEFALLEN:
        last -= 1
    return items[:last] if last and _PERSON.search(items[last - 1].text) else items


_HIRED: Final = _set("聘用 返聘 借调 招聘 派遣 选派")
_BEFALLEN: Final = _set("就业 转移 转移就业 用工 务工 参保 伤亡 培训 安置 脱贫")
_NEGATIONS: Final = frozenset("不未非")
_NAMED_PLACE: Final = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{3,9}$")


def _belongs(items: Sequence[_Item], index: int, taken: Sequence[_Item]) -> bool:
    """Tell whether a word before a noun phrase is part of it."""
    item = items[index]
    before = items[index - 1] if index else None
    if item.text in _JOINING:
        return bool(taken) and before is not None and before.kind in ("noun", "modifier", "deed")
    if item.text in _NEGATIONS:
        # 不规范地名, 未完工项目: without it the phrase says the opposite.
        return bool(taken)
    if item.kind in ("among", "end") or item.text[-1] in _NEGATIONS:
        return False
    if not taken:
        return True
    if taken[0].kind == "level" and item.kind != "level":
        return False
    if taken[0].text in _SUFFIXES:
        return True
    if item.kind in ("verb", "deed") and before is not None and before.text in _BEFORE_VERBS:
        return False
    if item.kind == "verb":
        # 科技创新平台, 新增研发平台, 退休人员; known verbs of the genre are predicates.
        hired = item.text in _HIRED and _KINDS_OF_PEOPLE.match(taken[0].text) is not None
        if len(item.text) == 1 or (item.text in _predicates() and not hired):
            return False
        inside = before is not None and before.kind in ("noun", "deed", "modifier", "verb")
        return inside or _KINDS_OF_PEOPLE.match(taken[0].text) is not None
    return not (item.kind == "deed" and _is_done(items, index, taken))


@table_cache()
def _predicates() -> frozenset[str]:
    """Return the verbs of the genre that are no nouns."""
    return frozenset(row["surface"] for row in read_table("words.csv") if row["tag"] == "v")


def _without_predicates(items: list[_Item], unit: str) -> list[_Item]:
    """Drop what is said of the noun between it and the number: ``工业机器人新增投用640台``.

    A deed stays where an event is counted (``安全检查6次``) or a verb governs it (``办理投诉5件``).
    """
    last = len(items)
    while unit == "家" and last > 1 and items[last - 1].text in _PROCEDURES | {"入库"}:
        # 小微企业评价入库90家: what they went through.
        last -= 1
    governed = any(item.text in _GOVERNING for item in items)
    while last and (
        items[last - 1].kind in ("verb", "deed", "end", "level")
        or items[last - 1].text in _NO_NOUNS
    ):
        if (
            items[last - 1].text in _AIMS
            and last > 1
            and items[last - 2].kind in ("noun", "modifier")
        ):
            break
        item = items[last - 1]
        if item.kind == "end" and (_MARKS.match(item.text) or item.text in _LIMITS):
            break
        if item.text == "报告" and unit in _PAPERS:
            break
        if item.kind in ("verb", "deed") and last > 1:
            before = items[last - 2]
            named = item.kind == "deed" or governed
            done = before.text in _GOVERNING | _predicates() and (unit in EVENTS or unit == "项")
            manner = (
                item.kind == "deed" and before.kind == "verb" and before.text not in _predicates()
            )
            if done or (
                unit in EVENTS
                and named
                and (manner or before.kind in ("noun", "modifier", "deed", "level"))
            ):
                items[last - 1] = _Item(item.text, "noun")
                break
        last -= 1
    return items[:last]


_PROCEDURES: Final = _set("评价 认定 评审 复核 审核 登记")


def _is_done(items: Sequence[_Item], index: int, taken: Sequence[_Item]) -> bool:
    """Tell whether a deverbal noun inside a phrase is the predicate of what follows it."""
    before = items[index - 1] if index else None
    if items[index].text not in _deeds() or _INSTITUTION.match(taken[0].text):
        return False
    if _RECEIVERS.match(taken[0].text):
        return True
    if _RECEIVERS.search(taken[-1].text) and (before is None or before.kind != "noun"):
        return True
    return (
        before is None or before.kind in ("end", "level") or _ACTING.search(before.text) is not None
    )


@table_cache()
def _deeds() -> frozenset[str]:
    """Return the verbs of the genre that are also nouns."""
    return frozenset(row["surface"] for row in read_table("words.csv") if row["tag"] == "vn")


def _fits(text: str, items: Sequence[_Item], unit: str) -> bool:
    text = _BRACKETED.sub("", text)
    if is_place(text):
        return False
    if unit in PERSONS:
        return _PERSON.search(text) is not None
    if items[-1].kind == "modifier" or _ATTRIBUTIVE.search(text):
        return False
    return unit != "家" or _NO_FIRM.search(text) is None


def _phrase_text(items: list[_Item], smallest: int = 2) -> str | None:
    """Return a phrase without the levels, places and limits before it, or None if nothing is left."""
    first = 0
    for index, item in enumerate(items):
        if item.text in _LIMITS:
            first = index + 1
    while first < len(items) - 1 and _leads(items[first], items[first + 1]):
        first += 1
    text = _PER_HEAD.sub("", "".join(item.text for item in items[first:]).strip(" \u3000"))
    inner = text.strip('“”"')
    if first == len(items) - 1 and inner != text:
        return _phrase_text(_items(inner), smallest)
    if "“" not in inner and "”" not in inner and (text[:1], text[-1:]) == ("“", "”"):
        text = inner
    if first < len(items) and len(items) == first + 1 and items[first].kind == "level":
        return None
    return text if smallest <= len(text) <= _MAX_NOUN else None


# 人大代表建议, 政协提案: whose they are.
_AUTHORS: Final = _set("人大 人大代表 代表 政协 政协委员 委员")
_PROPOSALS: Final = _set("建议 提案 议案")
_IN_FORCE: Final = re.compile(r"发明|专利|商标|注册|证书|合同|党员")


def _leads(item: _Item, following: _Item) -> bool:
    """Tell whether a word before a noun only says where or how high it is."""
    if item.text == "有效":
        # 有效问卷 are those filled in; 有效发明专利 is a kind.
        return _IN_FORCE.match(following.text) is None
    if item.kind == "level" or item.text in ("及", "和", "与"):
        return True
    if item.text in _AUTHORS and following.text in _PROPOSALS:
        return True
    if item.text.startswith("“"):
        return _QUOTED_SERIES.match(following.text) is not None
    return item.text[-1] in "省市县区州旗" and len(item.text) > 2 and bool(by_name(item.text))


@table_cache(16384)
def _items(window: str) -> list[_Item]:
    """Return the words of a window with what they do; quotations and brackets are one word each."""
    items: list[_Item] = []
    position = 0
    for group in _GROUP.finditer(window):
        items += _words(window[position : group.start()])
        opening = group.group()[0]
        if (opening.isdigit() and group.group()[-1] not in "强型") or _PLAN.match(group.group()):
            items.append(_Item(group.group(), "end"))
        elif opening in "（(":
            # 校长（园长）, 县（市、区）: a bracket belongs to the noun before it.
            if items and items[-1].kind in ("noun", "level"):
                items[-1] = _Item(items[-1].text + group.group(), "noun")
            else:
                items.append(_Item(group.group(), "end"))
        else:
            items.append(_Item(group.group(), "noun"))
        position = group.end()
    items += _words(window[position:])
    return items


@table_cache(16384)
def _split(word: Word) -> tuple[_Item, ...]:
    """Return a word as items: two for a phrase of the dictionary that begins with a known verb."""
    text = word.text
    if _AMONG_THEM.match(text):
        return _Item("中", "end"), _Item(text[1:], "noun")
    if text[-2:] in _PROPOSALS and text[:-2] in _AUTHORS:
        return _Item(text[:-2], "noun"), _Item(text[-2:], "noun")
    if len(text) > 3 and text[:2] in _LEVELS and text[1] == "级":
        # 省级重点 is a word of the dictionary.
        return _Item(text[:2], "level"), _Item(text[2:], "noun")
    if len(text) == 4 and text[:2] in _predicates() and text not in _nouns():
        return _Item(text[:2], "verb"), _Item(text[2:], "noun")
    return (_Item(text, _kind(word)),)


def _words(text: str) -> Iterator[_Item]:
    """Yield the words of a text without quotations and brackets."""
    for word in tagged(text):
        yield from _split(word)


def _kind(word: Word) -> Kind:
    """Return what a word does in a noun phrase, by its own row, its tag or its characters."""
    text, tag = word
    if text in _LEVELS:
        return "level"
    if text in _AMONG:
        return "among"
    if text in _SUFFIXES:
        return "noun"
    if tag == "vn":
        return "deed"
    if tag[0] == "v":
        return "verb"
    if tag == "x" and not text[0].isalnum():
        return "end"
    if tag[0] == "m":
        # 5G, 10kV: letters make a name of it; 三级, 一次性 modify.
        if text[-1].isascii() and text[-1].isalpha():
            return "noun"
        return "modifier" if text[-1] in "级类等性" else "end"
    if tag.startswith(_NOMINAL):
        return "noun"
    return "modifier" if tag.startswith(_MODIFYING) else "end"
