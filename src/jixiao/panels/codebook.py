"""What every column of a panel means, and what it covers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from jixiao.exports.names import BOUNDS, DIRECTIONS, LABELS, MEASURES, MODALITIES
from jixiao.indicators import load_catalogue
from jixiao.panels.rows import COLUMNS
from jixiao.panels.series import PLACE_AND_TIME, SERIES, Line, column_names, series_of
from jixiao.resources import read_table

if TYPE_CHECKING:
    import pandas as pd


def _listed(words: Mapping[str, str]) -> str:
    return "、".join(f"{code} {word}" for code, word in words.items())


MEANINGS: Final[Mapping[str, str]] = {
    "region_code": "地区的 GB/T 2260 代码；全国为 000000；目录外的地区（开发区、乡镇）为空",
    "region": "地区全称（按当年名称；市辖区连同所在市）",
    "level": "地区层级：province 省级、prefecture 地级、county 县级、nation 全国",
    "province": "所在省级行政区；无代码的地区取报告单位所在",
    "prefecture": "所在地级行政区；无代码的地区取报告单位所在",
    "county": "所在县级行政区；无代码的地区取报告单位所在",
    "period": "期间：年度面板为年份（含全年与年末数）",
    "indicator": "指标编号",
    "indicator_zh": "指标名称",
    "facet": "细项：数值只涉及指标的一部分时的子类或明细",
    "label": f"类别：{_listed(LABELS)}",
    "measure": f"度量：{_listed(MEASURES)}",
    "of": "占比的整体、差距的比较对象、排名的口径",
    "peers": "排名的范围",
    "modality": f"性质：{_listed(MODALITIES)}",
    "value": "数值，单位见 unit；增长率与增减额下降时为负；区间取下限",
    "value_high": "区间的上限",
    "unit": "单位：CNY 为元，其余外币为 ISO 代码，% 百分数，pp 百分点，times 倍",
    "unit_zh": "单位的中文名称",
    "bound": f"界限：{_listed(BOUNDS)}",
    "direction": f"方向：{_listed(DIRECTIONS)}",
    "conflict": "同一格各处数值不一致时：每个数值、出处与前后文；空为无冲突",
    "conflicts": "本行中各处数值不一致的列",
    "document": "数值所在文件（doc_id）",
    "documents": "陈述同一数值的全部文件，以分号分隔",
    "issuer": "发布单位",
    "stated_period": "报告中的期间：YYYY、YYYY-MM、YYYY-MM-DD（时点）或 起/止",
    "text": "数值的原文",
    "quote": "原文所在句子；表格中为所在行",
    "start": "数值在 text/<文件>.txt 中的起始字符位置，从 0 起",
    "end": "结束字符位置（不含）",
    "section": "所在章节的各级标题",
    "confidence": "置信度，0 至 1",
    "fact": "事实编号（文件内）",
    "quantities": "各次提及的编号（文件内），以分号分隔",
    "keys": "各次提及的固定编号，重新运行后不变",
    "value_text": "数值的精确文本",
}

CODEBOOK_COLUMNS: Final = (
    "column",
    "indicator",
    "indicator_zh",
    "definition",
    "unit",
    "source",
    "facet",
    "label",
    "measure",
    "of",
    "peers",
    "modality",
    "regions",
    "first_period",
    "last_period",
    "values",
    "inexact",
    "disputed",
)


def codebook(
    table: pd.DataFrame, *, wide: bool = False, catalogue: str | None = None
) -> pd.DataFrame:
    """Return the codebook of a long panel, or of the wide one made of it.

    First a row for each column with what it means in ``definition``, then one for each series
    (indicator, facet, measure …): its name, definition, unit and source (authority) in the
    catalogue, and what it covers: how many regions, from which period to which, how many values,
    how many of them ranges or bounded (``inexact``) and how many ``disputed``. ``column``
    is where the series stands: ``value``, or its own column in the wide panel. ``catalogue`` is the
    content of the user's catalogue, if the reports were aligned to one: it holds the definitions of
    its own indicators, which have no source.

    Raises
    ------
    CatalogueError
        If the user's catalogue breaks its rules.
    """
    import pandas as pd

    columns = (*PLACE_AND_TIME, "conflicts") if wide else COLUMNS
    rows: list[dict[str, object]] = [
        {"column": name, "definition": MEANINGS[name]} for name in columns
    ]
    meanings = _meanings(catalogue)
    places: dict[Line, list[int]] = {}
    for number, one in enumerate(series_of(table)):
        places.setdefault(one, []).append(number)
    for one, name in column_names(places).items():
        part = table.iloc[places[one]]
        rows.append(_describe(one, part, name if wide else "value", meanings))
    return pd.DataFrame(rows, columns=list(CODEBOOK_COLUMNS), dtype=object)


def _meanings(catalogue: str | None) -> dict[str, tuple[str, str]]:
    """Return definition and source of every indicator, the user's in place of the shipped ones."""
    meanings = {
        row["id"]: (row["definition"], row["authority"]) for row in read_table("indicators.csv")
    }
    for one in load_catalogue(catalogue).indicators.values() if catalogue else ():
        if one.definition != meanings.get(one.id, ("", ""))[0]:
            meanings[one.id] = one.definition, ""
    return meanings


def _describe(
    series: Line, part: pd.DataFrame, column: str, meanings: Mapping[str, tuple[str, str]]
) -> dict[str, object]:
    definition, source = meanings.get(series[0] or "", ("", ""))
    units = sorted({unit for unit in part["unit"] if isinstance(unit, str)})
    return {
        **dict(zip(SERIES, series, strict=True)),
        "column": column,
        "indicator_zh": part["indicator_zh"].iloc[0],
        "definition": definition or None,
        "unit": ";".join(units) or None,
        "source": source or None,
        "regions": len(set(zip(part["region_code"], part["region"], strict=True))),
        "first_period": min(part["period"]),
        "last_period": max(part["period"]),
        "values": len(part),
        "inexact": int((part["value_high"].notna() | ~part["bound"].isin(["=", None])).sum()),
        "disputed": int(part["conflict"].notna().sum()),
    }
