"""The review sheet: a sample as a workbook, its design with it, and the verdicts read back.

Sheets ``复核`` (the records), ``漏检`` (sentences, where asked for), ``层`` (the strata), ``设计`` (what
the sample was drawn by and from) and ``说明``. Every row of the sample carries a check over what it
says, so that a sheet whose rows or numbers were changed is noticed.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, cast

from jixiao.annotation import Annotation
from jixiao.errors import EvaluationError
from jixiao.evaluation.matching import label_of
from jixiao.evaluation.sampling import KINDS, RecordType, Sample, SampledStratum, Sentence
from jixiao.evaluation.sheets import Row, need_columns, open_workbook, read_sheets
from jixiao.exports.cells import in_larger_unit
from jixiao.exports.names import (
    BOUNDS,
    CLAIM_KINDS,
    ENTITY_LABELS,
    LABELS,
    MEASURES,
    MODALITIES,
    REVIEWS,
    shown_unit,
)
from jixiao.exports.rows import LEGEND_COLUMNS, QUOTE_LIMIT, one_line, place_of
from jixiao.exports.sheet import Cell, Column, Sheet, Styles
from jixiao.records import Entity, Quantity, SpanRecord
from jixiao.stores.annotations import read_annotation

Verdict: TypeAlias = Literal["right", "wrong", "doubtful"]
VERDICTS: Final[Mapping[str, Verdict]] = {
    **dict(zip(REVIEWS, ("right", "wrong", "doubtful"), strict=True)),
    "right": "right",
    "wrong": "wrong",
    "doubtful": "doubtful",
}
RECORDS: Final = "复核"
MISSED: Final = "漏检"
STRATA: Final = "层"
DESIGN: Final = "设计"
LEGEND: Final = "说明"

_NUMBER: Final = Column("序号", 6, "样本中的序号，从 1 起；请勿删除或增加行", "offset")
_FILE: Final = Column("文件", 22, "文档编号 doc_id", "wrap")
_SENTENCE: Final = Column("句子", 60, "原文所在句子，至多 500 字；表格中的数为所在的整行", "wrap")
_SECTION: Final = Column("章节", 20, "所在章节的各级标题", "wrap")
_TEXT: Final = Column("原文", 16, "识别出的文字", "wrap")
_NOTE: Final = Column("复核意见", 24, "由复核人填写", "note")
_TAIL: Final = (
    Column("层", 6, "所在的层，见“层”表"),
    Column("编号", 9, "记录在文件内的编号"),
    Column("校验", 11, "本行内容的校验码；机器填写的单元格请勿改动"),
)
_QUANTITY: Final = (
    _NUMBER,
    _FILE,
    _SENTENCE,
    _TEXT,
    Column("指标短语", 22, "报告中说明所量为何的词语", "wrap"),
    Column("类别", 8, "金额、百分数、数量、比率、排名、分值、计量"),
    Column("数值", 13, "按“单位”列折算后的数；金额以万元计", "number"),
    Column("上限", 9, "区间的上限", "number"),
    Column("单位", 7, "“数值”“上限”“更正值”的单位"),
    Column("界限", 7, "等于、约、超过、不低于、不足、不超过"),
    Column("数值复核", 9, "类别、数值、单位、界限是否都与原文相符：正确、错误、存疑", "review"),
    Column("更正值", 12, "错误时填正确的数值，单位同“单位”列；原文并无此数时留空", "note"),
    Column("指标", 22, "对齐到的指标；空：没有合适的指标", "wrap"),
    Column("度量", 10, "同一指标的不同量法"),
    Column("期间", 11, "YYYY、YYYY-MM、YYYY-MM-DD 或 起/止"),
    Column("性质", 6, "实际、计划、预计、标准"),
    Column(
        "指标复核", 9, "指标（含“没有合适的指标”）是否正确：正确、错误、存疑；可整列不填", "review"
    ),
    Column("更正指标", 20, "错误时填正确的指标", "note"),
    _NOTE,
    _SECTION,
    *_TAIL,
)
_NAME: Final = (
    _NUMBER,
    _FILE,
    _SENTENCE,
    _TEXT,
    Column("类别", 10, "实体的类别，或成果的类型"),
    Column("复核", 9, "起止与类别是否都正确：正确、错误、存疑", "review"),
    _NOTE,
    _SECTION,
    *_TAIL,
)
_MISSED: Final = (
    _NUMBER,
    _FILE,
    Column("句子", 80, "抽中的句子", "wrap"),
    Column("已识别", 36, "句中已识别的数", "wrap"),
    Column("漏检数", 8, "句中未被识别的数有几个；没有则填 0；留空视为未复核", "note"),
    _NOTE,
    *(one for one in _TAIL if one.header != "编号"),
)
_STRATA: Final = (
    Column("层", 8, "层的编号：R 为记录，S 为句子"),
    Column("说明", 56, "层由哪些变量的取值交叉而成；“其他”由过小的层合并", "wrap"),
    Column("总体数", 10, "层内的记录（句子）总数", "number"),
    Column("样本数", 10, "抽取数", "number"),
    Column("权数", 9, "总体数 ÷ 样本数：样本中的一条代表总体中的几条", "score"),
    Column("全查", 7, "“是”：层内全部抽取，没有抽样误差"),
)
_DESIGN: Final = (
    Column("项目", 20, "抽样设计的项目"),
    Column("值", 44, "取值", "wrap"),
)
_SHEETS: Final = {RECORDS: _QUANTITY, MISSED: _MISSED, STRATA: _STRATA, DESIGN: _DESIGN}
_COUNT: Final = "总体·条数·"
_SUM: Final = "总体·金额（元）·"


@dataclass(frozen=True, slots=True)
class Review:
    """What a reviewer said of one sampled record.

    ``verdict`` is about the record, ``indicator_verdict`` about its indicator; None where not
    reviewed. ``value`` is the amount that was read, ``corrected`` the reviewer's, both in yuan and
    None where there is none.
    """

    number: int
    stratum: str
    doc_id: str
    label: str
    has_indicator: bool
    verdict: Verdict | None
    indicator_verdict: Verdict | None
    value: Decimal | None
    corrected: Decimal | None


@dataclass(frozen=True)
class ReviewSheet:
    """A review sheet that was read back: the design and what the reviewer filled in.

    ``missed`` has for each sampled sentence its stratum and how many numbers were missed in it, None
    where that was left empty. ``settings`` are the rows of the sheet ``设计``.
    """

    record: RecordType
    fingerprint: str
    strata: tuple[SampledStratum, ...]
    reviews: tuple[Review, ...]
    missed: tuple[tuple[str, int | None], ...]
    counts: Mapping[str, int]
    sums: Mapping[str, Decimal]
    settings: Mapping[str, str]


def write_review_sheet(
    sample: Sample, folder: Path, path: Path, indicator_names: Mapping[str, str]
) -> None:
    """Write a sample as a workbook to be reviewed.

    Parameters
    ----------
    sample
        What :func:`~jixiao.evaluation.sampling.draw_sample` returned for ``folder``.
    path
        Where the workbook goes. One that holds verdicts is never overwritten.
    indicator_names
        The Chinese name of each indicator, by id.

    Raises
    ------
    OutputError
        If it cannot be written, or a file of the run is missing.
    EvaluationError
        If there is such a workbook already and someone has begun to fill it in.
    """
    _keep_verdicts(path)
    columns = _QUANTITY if sample.record == "quantity" else _NAME
    records = list(_record_rows(sample, folder, indicator_names))
    sentences = list(_sentence_rows(sample, folder))
    with open_workbook(path, "绩效报告抽样复核表") as (workbook, styles):
        _fill(workbook, styles, RECORDS, columns, records)
        if sentences:
            _fill(workbook, styles, MISSED, _MISSED, sentences)
        _fill(workbook, styles, STRATA, _STRATA, map(_stratum_row, sample.strata))
        _fill(workbook, styles, DESIGN, _DESIGN, _design_rows(sample))
        explained = {**_SHEETS, RECORDS: columns}
        legend = [
            (sheet, column.header, column.meaning)
            for sheet, shown in explained.items()
            for column in shown
            if sentences or sheet != MISSED
        ]
        _fill(workbook, styles, LEGEND, LEGEND_COLUMNS, legend)


def read_review_sheet(path: Path) -> ReviewSheet:
    """Return a review sheet as the reviewer left it.

    Raises
    ------
    EvaluationError
        If it is no review sheet, rows are missing or were added, cells that the machine filled were
        changed, or a verdict or number cannot be read; the message names the row.
    """
    sheets = read_sheets(path)
    absent = [name for name in (RECORDS, STRATA, DESIGN) if not sheets.get(name)]
    if absent:
        raise EvaluationError(
            f"{path} has no sheet {absent[0]}, or an empty one; expected a workbook that `jixiao "
            "sample` wrote, with the sheets 复核, 层 and 设计"
        )
    need_columns(path, STRATA, sheets[STRATA], ("层", "说明", "总体数", "样本数"))
    settings = {str(row["项目"]): str(row.get("值", "")) for row in sheets[DESIGN] if "项目" in row}
    strata = tuple(_stratum(path, row) for row in sheets[STRATA])
    _check_design(path, settings, strata)
    record = cast("RecordType", settings["记录类型"])
    _check_rows(path, RECORDS, sheets[RECORDS], [one for one in strata if one.kind == "record"])
    heard = [one for one in strata if one.kind == "sentence"]
    if heard:
        _check_rows(path, MISSED, sheets.get(MISSED, []), heard)
    labels = _codes(record)
    return ReviewSheet(
        record=record,
        fingerprint=settings["记录指纹"],
        strata=strata,
        reviews=tuple(_review(path, row, labels) for row in sheets[RECORDS]),
        missed=tuple(_missed_count(path, row) for row in sheets.get(MISSED, []) if heard),
        counts={
            name.removeprefix(_COUNT): int(value)
            for name, value in settings.items()
            if name.startswith(_COUNT)
        },
        sums={
            name.removeprefix(_SUM): Decimal(value)
            for name, value in settings.items()
            if name.startswith(_SUM)
        },
        settings=settings,
    )


def _fill(
    workbook: Any,
    styles: Styles,
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
) -> None:
    sheet = Sheet(workbook, styles, name, columns)
    for row in rows:
        sheet.append(row)
    sheet.finish()


def _keep_verdicts(path: Path) -> None:
    if not path.exists():
        return
    rows = [
        row for name, rows in read_sheets(path).items() if name in (RECORDS, MISSED) for row in rows
    ]
    filled = {"数值复核", "指标复核", "复核", "更正值", "更正指标", "漏检数", "复核意见"}
    if any(filled & row.keys() for row in rows):
        raise EvaluationError(
            f"{path} is there and someone has filled it in; a new sample would destroy that; choose "
            "another name with --out"
        )


def _record_rows(
    sample: Sample, folder: Path, names: Mapping[str, str]
) -> Iterable[Sequence[Cell]]:
    kind = KINDS[sample.record]
    annotation: Annotation | None = None
    by_id: dict[str, SpanRecord] = {}
    for number, (unit, stratum) in enumerate(sample.units, start=1):
        if annotation is None or annotation.document.doc_id != unit.doc_id:
            annotation = read_annotation(folder, unit.doc_id)
            by_id = {one.id: one for one in annotation.records if isinstance(one, kind)}
        record = by_id[unit.record_id]
        shown = _shown(annotation, record, names)
        yield (
            number,
            unit.doc_id,
            *shown,
            stratum,
            record.id,
            _row_check(number, unit.doc_id, shown, stratum),
        )


def _shown(
    annotation: Annotation, record: SpanRecord, names: Mapping[str, str]
) -> tuple[Cell, ...]:
    sentence, section, _, _ = place_of(annotation.text, record)
    if isinstance(record, Quantity) and record.table:
        sentence = _table_row(annotation.text, record) or sentence
    head = (sentence, one_line(record.text))
    if not isinstance(record, Quantity):
        words = ENTITY_LABELS if isinstance(record, Entity) else CLAIM_KINDS
        return (*head, words[label_of(record)], None, None, section)
    unit, power = shown_unit(record.unit)
    value = None if record.value is None else in_larger_unit(record.value, power)
    high = None if record.value_high is None else in_larger_unit(record.value_high, power)
    return (
        *head,
        record.subject,
        LABELS[record.label],
        value,
        high,
        unit,
        BOUNDS.get(record.bound or ""),
        None,
        None,
        names.get(record.indicator or "", record.indicator),
        MEASURES.get(record.measure or ""),
        record.period,
        MODALITIES.get(record.modality or ""),
        None,
        None,
        None,
        section,
    )


def _table_row(text: str, record: SpanRecord) -> str | None:
    """Return the cells of the table row around a record: one cell alone says nothing.

    In a raw text each cell is a line and a blank line ends the row. None where the row is too long.
    """
    earliest, latest = max(0, record.start - QUOTE_LIMIT), record.end + QUOTE_LIMIT
    before, after = (
        text.rfind("\n\n", earliest, record.start),
        text.find("\n\n", record.end, latest),
    )
    if before < 0 or after < 0:
        return None
    cells = [one_line(cell) for cell in text[before:after].split("\n")]
    shown = " ｜ ".join(cell for cell in cells if cell)
    return shown if len(shown) <= QUOTE_LIMIT else None


def _sentence_rows(sample: Sample, folder: Path) -> Iterable[Sequence[Cell]]:
    annotation: Annotation | None = None
    for number, (sentence, stratum) in enumerate(sample.sentences, start=1):
        if annotation is None or annotation.document.doc_id != sentence.doc_id:
            annotation = read_annotation(folder, sentence.doc_id)
        words = one_line(annotation.text[sentence.start : sentence.end])
        known = _known(annotation, sentence)
        check = _row_check(number, sentence.doc_id, (words, known), stratum)
        yield (number, sentence.doc_id, words, known, None, None, stratum, check)


def _known(annotation: Annotation, sentence: Sentence) -> str:
    inside = [
        one_line(one.text)
        for one in annotation.quantities
        if sentence.start <= one.start < sentence.end
    ]
    return "、".join(inside)


def _stratum_row(one: SampledStratum) -> tuple[Cell, ...]:
    whole = "是" if one.size == one.number else None
    return one.id, one.name, one.size, one.number, round(one.weight, 4), whole


def _design_rows(sample: Sample) -> list[tuple[Cell, ...]]:
    rows: list[tuple[str, str]] = [
        ("记录类型", sample.record),
        ("分层变量", ",".join(sample.by)),
        ("分配", sample.allocation),
        ("随机种子", str(sample.seed)),
        ("记录指纹", sample.fingerprint),
        ("样本数", str(len(sample.units))),
        ("抽查句数", str(len(sample.sentences))),
        *((f"{_COUNT}{label}", str(number)) for label, number in sample.counts.items()),
        *((f"{_SUM}{label}", f"{total:f}") for label, total in sample.sums.items()),
    ]
    return [*rows, ("设计校验", _design_check(dict(rows), sample.strata))]


def _design_check(settings: Mapping[str, str], strata: Iterable[SampledStratum]) -> str:
    said = [f"{name}={value}" for name, value in settings.items() if name != "设计校验"]
    said += [f"{one.id}|{one.size}|{one.number}" for one in strata]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def _row_check(number: int, doc_id: str, shown: Sequence[Cell], stratum: str) -> str:
    """Return 10 hex digits over what the machine filled in, numbers as a spreadsheet keeps them."""
    said = [_plain(one) for one in shown if one is not None and one != ""]
    return hashlib.sha256("|".join([str(number), doc_id, *said, stratum]).encode()).hexdigest()[:10]


def _plain(value: Any) -> str:
    if isinstance(value, int | float | Decimal):
        return f"{float(value):.12g}"
    # A workbook cannot hold every control character: those are left out of the check too.
    return one_line("".join(one if one.isprintable() else " " for one in str(value)))


def _some(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:5])) + (" …" if len(numbers) > 5 else "")


def _codes(record: RecordType) -> dict[str, str]:
    words = {"quantity": LABELS, "entity": ENTITY_LABELS, "claim": CLAIM_KINDS}[record]
    return {word: code for code, word in words.items()}


def _stratum(path: Path, row: Row) -> SampledStratum:
    try:
        name = str(row["层"])
        kind: Literal["record", "sentence"] = "record" if name.startswith("R") else "sentence"
        size, number = int(row["总体数"]), int(row["样本数"])
        return SampledStratum(name, kind, str(row.get("说明", "")), size, number)
    except (KeyError, ValueError, TypeError) as error:
        raise EvaluationError(
            f"{path}, sheet {STRATA}: the row {row} is no stratum ({error}); expected 层, 总体数 and "
            "样本数 as `jixiao sample` wrote them"
        ) from error


def _check_design(
    path: Path, settings: Mapping[str, str], strata: Sequence[SampledStratum]
) -> None:
    if settings.get("设计校验") != _design_check(settings, strata):
        raise EvaluationError(
            f"{path}: the sheets 层 and 设计 are not as `jixiao sample` wrote them, so the weights "
            "cannot be trusted; restore both from the original sheet, or draw it again with the same "
            "seed"
        )


def _check_rows(
    path: Path, sheet: str, rows: Sequence[Row], strata: Sequence[SampledStratum]
) -> None:
    expected = sum(one.number for one in strata)
    need_columns(path, sheet, rows, ("序号", "文件", "层", "校验"))
    numbers = [int(row["序号"]) for row in rows if str(row.get("序号", "")).isdecimal()]
    missing = sorted(set(range(1, expected + 1)) - set(numbers))
    twice = sorted(number for number, times in Counter(numbers).items() if times > 1)
    if missing or twice or len(rows) != expected:
        told = [f"missing 序号 {_some(missing)}"] * bool(missing)
        told += [f"序号 {_some(twice)} more than once"] * bool(twice)
        raise EvaluationError(
            f"{path}, sheet {sheet}: {len(rows)} rows, {'; '.join(told) or 'some without 序号'}; "
            f"expected the {expected} rows that were drawn: the estimate rests on all of them; "
            "restore the rows (clear a verdict to leave a record out)"
        )
    machine = {
        column.header
        for column in (*_QUANTITY, *_NAME, *_MISSED)
        if column.kind not in ("review", "note")
    } - {"序号", "文件", "层", "编号", "校验"}
    order = [column.header for column in (_MISSED if sheet == MISSED else _QUANTITY)]
    order = list(dict.fromkeys([*order, *(column.header for column in _NAME)]))
    drawn: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        shown = [row[name] for name in order if name in machine and name in row]
        check = _row_check(int(row["序号"]), str(row.get("文件")), shown, str(row.get("层")))
        if check != row.get("校验"):
            raise EvaluationError(
                f"{path}, sheet {sheet}, 序号 {row['序号']}: a cell that the machine filled was "
                "changed; expected corrections in the orange columns only; restore the row"
            )
        drawn[str(row["层"])] += 1
    wrong = [one for one in strata if drawn[one.id] != one.number]
    if wrong:
        raise EvaluationError(
            f"{path}, sheet {sheet}: stratum {wrong[0].id} has {drawn[wrong[0].id]} rows; expected "
            f"{wrong[0].number}; restore the rows that were drawn"
        )


def _review(path: Path, row: Row, labels: Mapping[str, str]) -> Review:
    number = int(row["序号"])
    quantity = "编号" in row and "数值复核" in row
    money = row.get("类别") == LABELS["MONEY"]
    unit = str(row.get("单位", ""))
    value = _decimal(path, number, "数值", row.get("数值")) if money else None
    corrected = _decimal(path, number, "更正值", row.get("更正值")) if money else None
    power = Decimal(10_000) if unit == shown_unit("CNY")[0] else None
    return Review(
        number,
        str(row["层"]),
        str(row["文件"]),
        labels.get(str(row.get("类别")), str(row.get("类别"))),
        "指标" in row,
        _verdict(path, number, row.get("数值复核") if quantity else row.get("复核")),
        _verdict(path, number, row.get("指标复核")),
        None if value is None or power is None else value * power,
        None if corrected is None or power is None else corrected * power,
    )


def _verdict(path: Path, number: int, said: Any) -> Verdict | None:
    if said is None:
        return None
    found = VERDICTS.get(str(said).strip().lower())
    if found is None:
        raise EvaluationError(
            f"{path}, sheet {RECORDS}, 序号 {number}: the verdict is {said!r}; expected "
            f"{', '.join(REVIEWS)}, or an empty cell where it was not reviewed"
        )
    return found


def _decimal(path: Path, number: int, name: str, said: Any) -> Decimal | None:
    if said is None:
        return None
    try:
        value = Decimal(str(said).replace(",", "").replace("，", ""))
    except InvalidOperation as error:
        raise EvaluationError(
            f"{path}, sheet {RECORDS}, 序号 {number}: {name} is {said!r}; expected a plain number in "
            "the unit of the column 单位, as 385.08"
        ) from error
    return value if value.is_finite() else None


def _missed_count(path: Path, row: Row) -> tuple[str, int | None]:
    said = row.get("漏检数")
    if said is None:
        return str(row["层"]), None
    try:
        value = Decimal(str(said))
        if value != int(value) or value < 0:
            raise ValueError("not a count")
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise EvaluationError(
            f"{path}, sheet {MISSED}, 序号 {row['序号']}: 漏检数 is {said!r}; expected 0, 1, 2 …, or an "
            "empty cell where the sentence was not reviewed"
        ) from error
    return str(row["层"]), int(value)
