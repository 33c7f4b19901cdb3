"""The estimates of a review in a terminal, and as the paragraph of a paper's methods section."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from jixiao.evaluation.estimation import Estimate
from jixiao.evaluation.review import FEW, ReviewEstimate, Total
from jixiao.evaluation.sampling import Sample
from jixiao.exports.names import CLAIM_KINDS, ENTITY_LABELS, LABELS

NOTHING: Final = "–"
_NAMES: Final = {**LABELS, **ENTITY_LABELS, **CLAIM_KINDS, "all": "全部"}
_RECORDS: Final = {
    "quantity": ("数量", "quantities"),
    "entity": ("实体", "named entities"),
    "claim": ("成果陈述", "achievement claims"),
}
_BY: Final = {
    "label": ("类别", "label"),
    "confidence": ("置信度", "confidence"),
    "section": ("章节类型", "section type"),
    "document": ("文件", "document"),
}


def render(found: ReviewEstimate, console: Console, *, details: bool = False) -> None:
    """Print precision, recall, corrected totals, warnings, and the methods paragraph."""
    size = sum(found.sheet.counts.values())
    console.print(
        Text(f"{found.reviewed:,} of {size:,} records reviewed, {found.doubtful} doubtful")
    )
    console.print(_precision_table(found, details))
    if found.recall is not None and found.missed is not None:
        told = f"Recall {_percent(found.recall)}; missed in all {_whole(found.missed)}"
        console.print(Text(told))
    console.print(_totals_table(found))
    for warning in warnings_of(found):
        console.print(Text(f"! {warning}", style="yellow"))
    console.print(Text(f"\n{methods_paragraph(found, 'zh')}", overflow="fold"))
    console.print(Text(f"\n{methods_paragraph(found, 'en')}"))


def render_design(sample: Sample, out: Path, run: Path, console: Console) -> None:
    """Print what was drawn, and what to do next."""
    table = _table("Strata", "", "in all", "drawn", "weight")
    for one in sample.strata:
        weight = "all" if one.size == one.number else f"{one.weight:,.1f}"
        table.add_row(f"{one.id} {one.name}", f"{one.size:,}", f"{one.number:,}", weight)
    console.print(table)
    told = f"{len(sample.units):,} records"
    if sample.sentences:
        told += f" and {len(sample.sentences):,} sentences"
    console.print(Text(f"Wrote {told} to {out}: fill in the orange columns, save, then"))
    console.print(Text(f"  jixiao estimate {out} --run {run}"))


def warnings_of(found: ReviewEstimate) -> list[str]:
    """Return what a reader of the estimates must know."""
    told = []
    if found.reviewed < FEW:
        told.append(f"{found.reviewed} reviewed records are few: the intervals are wide")
    if found.unreviewed:
        told.append(
            f"{found.unreviewed:,} sampled records have no verdict and are taken for missing at random"
        )
    if found.powered is not None:
        told.append(
            f"prediction-powered: valid where the {found.gold_documents} documents with gold are a "
            "random part of the run"
        )
    if any(one.corrected is None for one in found.sums):
        told.append(
            "no amount of the sample had to be corrected: how far their sum is off cannot be told"
        )
    if any(one.corrected is not None and one.corrected.method == "t" for one in found.sums):
        told.append(
            "sums of amounts are skewed and their interval rough: the more of the largest are "
            "reviewed whole (--largest), the better"
        )
    return told


def methods_paragraph(found: ReviewEstimate, language: Literal["zh", "en"]) -> str:
    """Return the paragraph for a paper's methods section, with the numbers filled in."""
    parts = _chinese(found) if language == "zh" else _english(found)
    return ("" if language == "zh" else " ").join(parts)


def _chinese(found: ReviewEstimate) -> list[str]:
    sheet, level = found.sheet, f"{found.level:.0%}"
    strata = [one for one in sheet.strata if one.kind == "record"]
    size, drawn = sum(one.size for one in strata), sum(one.number for one in strata)
    by = "、".join(_BY[name][0] for name in sheet.settings["分层变量"].split(","))
    rule = "按比例" if sheet.settings["分配"] == "proportional" else "按内曼（Neyman）最优"
    whole = sum(one.size == one.number for one in strata)
    parts = [
        (
            f"抽取准确率由分层随机抽样复核估计：以全部 {size:,} 条{_RECORDS[sheet.record][0]}记录为总体，按{by}分为 "
            f"{len(strata)} 层（其中 {whole} 层全查），{rule}分配样本，不放回抽取 {drawn:,} 条"
            f"（随机种子 {sheet.settings['随机种子']}），由人工逐条对照原文判定，实际复核 {found.reviewed:,} 条。"
        ),
        (
            f"准确率为 {_percent(found.precision)}（{level} 置信区间，下同）；存疑记录 {found.doubtful} 条，按错误计，"
            f"若均按正确计则为 {_percent(found.doubtful_right)}。"
        ),
    ]
    if found.indicators is not None:
        parts.append(f"指标对齐的准确率为 {_percent(found.indicators)}。")
    if found.recall is not None and found.missed is not None:
        parts.append(
            f"另从含数字的句子中分层抽取 {sheet.settings['抽查句数']} 句检查漏检，估计漏检 "
            f"{_whole(found.missed)} 个，召回率为 {_percent(found.recall)}。"
        )
    if found.powered is not None:
        parts.append(
            f"以 {found.gold_documents} 份有人工标注的文件作预测驱动推断（Angelopoulos 等，2023），准确率为 "
            f"{_percent(found.powered)}。"
        )
    parts.append(
        "估计量为分层估计量并作有限总体校正（Cochran，1977）；比例的区间为 Korn 与 Graubard（1998）以有效样本量"
        "修正的 Clopper–Pearson 区间。"
    )
    return parts


def _english(found: ReviewEstimate) -> list[str]:
    sheet, level = found.sheet, f"{found.level:.0%}"
    strata = [one for one in sheet.strata if one.kind == "record"]
    size, drawn = sum(one.size for one in strata), sum(one.number for one in strata)
    by = ", ".join(_BY[name][1] for name in sheet.settings["分层变量"].split(","))
    rule = "proportional" if sheet.settings["分配"] == "proportional" else "Neyman"
    whole = sum(one.size == one.number for one in strata)
    parts = [
        (
            f"Extraction precision was estimated from a stratified random sample: the population of "
            f"{size:,} extracted {_RECORDS[sheet.record][1]} was divided into {len(strata)} strata by {by} "
            f"({whole} taken whole), and {drawn:,} records were drawn without replacement with {rule} "
            f"allocation (seed {sheet.settings['随机种子']}); {found.reviewed:,} of them were judged against "
            "the source text."
        ),
        (
            f"Precision is {_percent(found.precision)} ({level} confidence interval, as below), with "
            f"doubtful records ({found.doubtful}) counted as wrong; counted as right, it is "
            f"{_percent(found.doubtful_right)}."
        ),
    ]
    if found.indicators is not None:
        parts.append(f"Precision of the aligned indicators is {_percent(found.indicators)}.")
    if found.recall is not None and found.missed is not None:
        parts.append(
            f"A further stratified sample of {sheet.settings['抽查句数']} sentences with numerals was "
            f"checked for numbers that were missed: an estimated {_whole(found.missed)} were, a "
            f"recall of {_percent(found.recall)}."
        )
    if found.powered is not None:
        parts.append(
            f"Prediction-powered inference with the manual annotation of {found.gold_documents} "
            f"documents (Angelopoulos et al., 2023) gives a precision of {_percent(found.powered)}."
        )
    parts.append(
        "Estimates are stratified with finite population correction (Cochran, 1977); intervals of "
        "proportions are Clopper–Pearson intervals with the effective sample size (Korn and "
        "Graubard, 1998)."
    )
    return parts


def _precision_table(found: ReviewEstimate, details: bool) -> Table:
    table = _table("Precision", "", "estimate", f"{found.level:.0%}", "reviewed")
    _add(table, "all", found.precision)
    _add(table, "all, doubtful as right", found.doubtful_right)
    _add(table, "indicators", found.indicators)
    _add(table, "all, prediction-powered", found.powered)
    table.add_section()
    for label, one in found.by_label.items():
        _add(table, f"{_NAMES.get(label, label)} {label}", one)
    if details:
        table.add_section()
        for stratum in found.sheet.strata:
            if stratum.id in found.by_stratum:
                _add(table, f"{stratum.id} {stratum.name}", found.by_stratum[stratum.id])
    return table


def _totals_table(found: ReviewEstimate) -> Table:
    table = _table("Totals", "", "extracted", "corrected", f"{found.level:.0%}")
    for one in found.counts:
        table.add_row(*_total_cells(f"records · {_NAMES.get(one.name, one.name)}", one, 1))
    for one in found.sums:
        table.add_row(*_total_cells(f"sum, 万元 · {_NAMES.get(one.name, one.name)}", one, 10_000))
    return table


def _total_cells(name: str, one: Total, unit: float) -> tuple[str, str, str, str]:
    extracted, corrected = f"{one.extracted / unit:,.0f}", one.corrected
    if corrected is None:
        return name, extracted, extracted, NOTHING
    ends = f"{corrected.low / unit:,.0f}–{corrected.high / unit:,.0f}"
    return name, extracted, f"{corrected.value / unit:,.0f}", ends


def _add(table: Table, name: str, one: Estimate | None) -> None:
    if one is not None:
        ends = f"{one.low:.3f}–{one.high:.3f}"
        table.add_row(name, f"{one.value:.3f}", ends, f"{one.number:,}")


def _table(title: str, first: str, *others: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    table.add_column(first, overflow="fold")
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _percent(one: Estimate) -> str:
    return f"{one.value:.1%} [{one.low:.1%}, {one.high:.1%}]"


def _whole(one: Estimate) -> str:
    return f"{one.value:,.0f} [{one.low:,.0f}, {one.high:,.0f}]"
