"""Honours by what is done with them: 获评, 入选, 认定为 and the noun phrase that follows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from jixiao.entities.heads import heads
from jixiao.entities.names import Name, word_set
from jixiao.entities.words import Words
from jixiao.records import EntityLabel
from jixiao.resources import table_cache

_CONFERRED: Final = re.compile(
    r"(?:获评|荣获|荣膺|获得|获批|获认定|获|评为|认定为|授予|命名为|确定为|评定为|列为|入选|入列|入围|列入|纳入|"
    r"跻身|晋升|创成|创建|成功创建|通过|新增|新认定|认定|培育|拥有|现有|共有|申报|推荐|争创)(?:为|了|成|到|全市|全县)?"
)
_ITEM: Final = re.compile(
    r"(?:(?:19|20)\d\d年度?)?(?:第[一二三四五六七八九十\d]+[批届])?(?:“[^”\n]{2,24}”|[（(][^（）()\n]{1,8}[）)]|[\u4e00-\u9fffA-Za-z]|(?<=[A-Za-z])\d|、(?=省[级]?[^，。；]{2,12}产业集群)|\d(?=[A-Z])){3,36}"
)
# What follows the name: 国家创新型城市建设, 示范区验收.
_TAIL: Final = re.compile(
    r"(?:建设|创建|验收|评审|复审|复核|认定|评估|称号|荣誉|荣誉称号|数量|资格|名录|等|和|及|的.*|并.*|工作|立项|支持|预备项目|备案|公示|申报)+$"
)
_NO_HONOUR: Final = re.compile(
    r"(?:资金|补助|支持|资助|投资|肯定|好评|批示|表扬|拨款|收入|贷款|授权|专利|证书|批准|同意|利润|贷|经费|任务|目标|计划|规划|方案|行动|会议|培训|项目库|"
    r"审核|考试|检查|验收|调查|整治|服务|工作|指标|水平|以上|以下|体系|机制|格局|企业数|人次|基础|条件)$|^(?:全[国省市县区]|国家级?|[省市县区]级?)?第?(?:[一二三特]等|优秀|优胜|[金银铜])奖"
    r"|“[^”]*(?:梯队|方阵|行列|前列)”$"
)
# 列入云南省“百村示范”项目: what is undertaken, not conferred.
_UNDERTAKING: Final = re.compile(r"”(?:项目|工程|计划|行动|专项)$")
_GIVER: Final = re.compile(r"[\u4e00-\u9fff]{2,12}(?:[部厅局委会署]|政府)(?=“)")
_BOUNDED: Final = re.compile(r"级(?:及)?以[上下]")
_LOCAL: Final = re.compile(r"[县区旗镇乡村]级")
_PRAISE: Final = re.compile(r"示范|先进|文明|优秀|模范|标兵|特色|最美|十佳|龙头|重点|绿色|卫生|“")
_LEADS: Final = re.compile(r"(?:国家|全国|省|市|州|县|区|中国|国际|世界|“)")
# 省级众创空间2家、市级孵化器1家
_FURTHER: Final = re.compile(
    r"(?:\d+[家个项名件所处])?(?:[、和与及]|，(?=(?:国家|省|市|全国|全省)级?))"
)


def find_conferred(words: Words, places: Mapping[int, int]) -> Iterator[Name]:
    """Yield the honours that a verb of conferring governs: quoted, or of a level or division.

    ``places`` maps the start of each place to its end.
    """
    text = words.text
    for verb in _CONFERRED.finditer(text):
        position = verb.end()
        while item := _ITEM.match(text, position):
            name = _honour(text, item.start(), item.end(), places)
            if name is None:
                break
            yield name
            following = _FURTHER.match(text, name.end)
            if following is None:
                break
            position = following.end()


def _honour(text: str, start: int, end: int, places: Mapping[int, int]) -> Name | None:
    giver = _GIVER.match(text, start, end)
    given = start in places and text[places[start] : places[start] + 1] == "“"
    if giver or (given and text[start - 1] == "予"):
        # 荣获生态环境部“…”称号, 授予武乡县“中国曲艺之乡”称号: who gave it or was given it.
        start = giver.end() if giver else places[start]
    content = text[start:end]
    if not _is_levelled(content, start, places):
        # Nor is what is left when its end is cut off, which takes longer.
        return None
    joint = _JOINT.search(content)
    if joint:
        content = content[: joint.start()]
    content = _TAIL.sub("", content)
    lead = content[_lead_start(content) :]
    levelled = _is_levelled(content, start, places)
    if not levelled or len(lead) < 4 or _NO_HONOUR.search(content) or _BOUNDED.search(lead):
        return None
    if _LOCAL.match(lead) and not _PRAISE.search(lead):
        # 县级电商公共服务中心 is the centre of a county.
        return None
    if not content.endswith(_titles()):
        return None
    label: EntityLabel = "PROGRAM" if _UNDERTAKING.search(content) else "HONOUR"
    return Name(start, start + len(content), label, "honour.conferred")


_JOINT: Final = re.compile(r"(?<=.{4})[和与及](?=(?:国家|省|市|全国|全省|“))")
_EDITION: Final = re.compile(r"(?:19|20)\d\d年度?|第[^届批]+[届批]")


def _lead_start(content: str) -> int:
    """Return where an honour begins behind its year or edition."""
    edition = _EDITION.match(content)
    return edition.end() if edition else 0


def _is_levelled(content: str, start: int, places: Mapping[int, int]) -> bool:
    """Tell whether an honour begins with a level or a place, its year or edition aside."""
    lead = _lead_start(content)
    return start in places or start + lead in places or _LEADS.match(content, lead) is not None


_QUOTED: Final = re.compile(
    r"“[^“”\n，。；]{2,24}(?:奖|专家|人才|集体|个人|单位|标兵|能手|之乡|之都|之城|企业|巨人|冠军|工厂|名录|英才|工匠|先锋|党支部|模范|示范[县市区村镇点基地]{1,2})”"
    r"(?:企业|称号)?"
)
_BEFORE_QUOTED: Final = re.compile(r"(?:国家级?|省级|市级|区级|县级|(?<!全)[省市])$")


def find_quoted_titles(text: str) -> Iterator[Name]:
    """Yield titles in quotation marks, with the level before them (``省“隐形冠军”``)."""
    for found in _QUOTED.finditer(text):
        level = _BEFORE_QUOTED.search(text, max(found.start() - 3, 0), found.start())
        end = found.end() - 2 * found.group().endswith("称号")
        yield Name(level.start() if level else found.start(), end, "HONOUR", "honour.quoted")


@table_cache()
def _titles() -> tuple[str, ...]:
    surfaces = (h.surface for h in heads().values() if h.label in ("HONOUR", "PARK"))
    return ("”", *surfaces, *_KINDS)


# What a status may be conferred on.
_KINDS: Final = tuple(
    sorted(
        word_set(
            "企业 单位 集体 个人 机构 机关 空间 平台 中心 基地 园区 城市 县 市 区 镇 乡 村 社区 街道 学校 "
            "医院 工厂 车间 团队 人才 专家 能手 标兵 案例 品牌 产品 项目 工程 名单 试点 集群 专科 "
            "实验室 工作室 站 奖 银鼎 金鼎 发现 景区 博物馆 村镇 家庭 支部 党支部 教师 技师 团 冠军 "
            "巨人 孵化器 研究院 "
        )
    )
)
