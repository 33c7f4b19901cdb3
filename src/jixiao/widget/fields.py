"""The fields of a record that a reviewer may correct, and what may stand in each."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple, get_args

import msgspec

from jixiao.errors import NumberError, RecordError
from jixiao.exact import plain
from jixiao.exchange.marks import LABELS, Layer, editable_fields, layer_of
from jixiao.exports.names import (
    BOUNDS,
    CLAIM_KINDS,
    DIRECTIONS,
    ENTITY_LABELS,
    MEASURES,
    MODALITIES,
)
from jixiao.exports.names import LABELS as QUANTITY_LABELS
from jixiao.numbers import parse_number
from jixiao.records import (
    Bound,
    Claim,
    Direction,
    Entity,
    Measure,
    Modality,
    Quantity,
    SpanRecord,
    Trigger,
    span_key,
)

TYPES: Final[Mapping[Layer, type[SpanRecord]]] = {
    "quantity": Quantity,
    "entity": Entity,
    "claim": Claim,
}
LABEL_FIELD: Final[Mapping[Layer, str]] = {"quantity": "label", "entity": "label", "claim": "kind"}
LABEL_WORDS: Final[Mapping[Layer, Mapping[str, str]]] = {
    "quantity": QUANTITY_LABELS,
    "entity": ENTITY_LABELS,
    "claim": CLAIM_KINDS,
}
SPAN: Final = "text"
_LONGEST: Final = 300
_WINDOW: Final = 200  # how far beside the old place the new words of a mention are looked for

_TITLES: Final[Mapping[str, str]] = {
    "text": "原文",
    "label": "类别",
    "kind": "类型",
    "value": "数值",
    "value_high": "上限",
    "unit": "单位",
    "bound": "界限",
    "noun": "名词",
    "subject": "指标短语",
    "indicator": "指标",
    "facet": "细项",
    "measure": "度量",
    "direction": "方向",
    "period": "期间",
    "region": "地区",
    "modality": "性质",
    "table": "表格内",
    "of": "参照",
    "trigger": "触发词",
    "actor": "主体",
    "actor_name": "主体全称",
    "object": "内容",
    "level": "级别",
    "awarded_by": "授予单位",
    "year": "年度",
    "date": "日期",
    "rank": "位次",
    "peers": "参照范围",
    "polarity": "否定",
}
_CODES: Final[Mapping[str, tuple[object, Mapping[str, str]]]] = {
    "bound": (Bound, BOUNDS),
    "measure": (Measure, MEASURES),
    "direction": (Direction, DIRECTIONS),
    "modality": (Modality, MODALITIES),
}
_CLAIM_MODALITIES: Final = ("actual", "forecast")
_LEVELS: Final = ("国际", "国家", "省", "市", "县")
_DAY: Final = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_CURRENCY: Final = re.compile(r"[A-Z]{3}(/.+)?")
_UNITS: Final[Mapping[str, tuple[str, ...]]] = {
    "PERCENT": ("%", "pp"),
    "RATIO": ("times", "fraction"),
    "RANK": ("rank",),
    "SCORE": ("分",),
}


class FieldError(RecordError):
    """A correction that cannot be: ``field`` says of what, the message what was expected."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{_TITLES.get(field, field)} ({field}): {message}")
        self.field = field


class Field(NamedTuple):
    """A field of a layer as a form shows it.

    ``choices`` are codes with their words; ``free`` says whether other values may stand there.
    """

    name: str
    title: str
    choices: Sequence[tuple[str, str]] = ()
    free: bool = True


def fields_of(layer: Layer) -> list[Field]:
    """Return what a reviewer may correct in records of a layer, in the order of a form.

    >>> [field.title for field in fields_of("entity")]
    ['原文', '类别']
    """
    name = LABEL_FIELD[layer]
    labels = tuple((code, LABEL_WORDS[layer][code]) for code in LABELS[layer])
    shown = [Field(SPAN, _TITLES[SPAN]), Field(name, _TITLES[name], labels, False)]
    if layer == "claim":
        shown.append(Field("trigger", _TITLES["trigger"]))
    return shown + [_field(layer, one) for one in editable_fields(layer)]


def _field(layer: Layer, name: str) -> Field:
    title = _TITLES.get(name, name)
    if name in _CODES:
        codes = _codes(layer, name)
        return Field(name, title, tuple((code, _CODES[name][1][code]) for code in codes), False)
    if name == "level":
        return Field(name, title, tuple((one, one) for one in _LEVELS))
    if name == "table":
        return Field(name, title, (("true", "是"),), False)
    if name == "polarity":
        return Field(name, title, (("negative", "没有发生"),), False)
    return Field(name, title)


def _codes(layer: Layer, name: str) -> tuple[str, ...]:
    if layer == "claim" and name == "modality":
        return _CLAIM_MODALITIES
    return get_args(_CODES[name][0])


class Text(NamedTuple):
    """The raw text that records refer to, and its digest."""

    raw: str
    digest: str


def corrected(
    record: SpanRecord, changes: Mapping[str, Any], text: Text, indicators: Mapping[str, str]
) -> SpanRecord:
    """Return a record with corrections; the record itself stays as it is.

    Parameters
    ----------
    changes
        Values by field (:func:`fields_of`), as a person writes them: ``385.08万`` for an amount, a
        code or its Chinese word. None or an empty text takes a value away. ``start`` and ``end``
        move the mention; ``text`` alone looks for these words around the place where it stands.
    indicators
        The Chinese name of each indicator of the catalogue, by id.

    Raises
    ------
    FieldError
        If there is no such field, or its value cannot be.

    >>> raw = "收入5000余万元。"
    >>> one = Quantity(id="q1", start=2, end=6, text="5000", label="MONEY", value=Decimal(5000))
    >>> new = corrected(one, {"text": "5000余万元", "value": "5000万", "unit": "CNY"}, Text(raw, "0"), {})
    >>> new.start, new.end, str(new.value)
    (2, 9, '50000000')
    """
    layer = layer_of(record)
    known = {field.name: field for field in fields_of(layer)}
    for name in sorted(changes.keys() - known.keys() - {"start", "end"}):
        raise FieldError(name, f"no field of a {layer}; expected one of {', '.join(known)}")
    start, end = _place(record, changes, text.raw)
    made: dict[str, Any] = {}
    for name in known:
        if name == SPAN or name not in changes:
            continue
        given = changes[name]
        value = one_value(given) if not isinstance(given, bool) else "true" if given else None
        made[name] = _READERS.get(name, _words)(value, known[name], indicators)
    if "trigger" in made or (start, end) != (record.start, record.end):
        made |= _trigger(record, made, start, end, text.raw)
    label = made.get(LABEL_FIELD[layer], getattr(record, LABEL_FIELD[layer]))
    made |= {"start": start, "end": end, "text": text.raw[start:end]}
    made["key"] = span_key(text.digest, layer, label, start, end)
    changed = msgspec.structs.replace(record, **made)
    if isinstance(changed, Quantity):
        _check_quantity(changed, set(made))
    return changed


def one_value(given: object) -> str | None:
    """Return what a person wrote, on one line and without blanks around it; None for nothing."""
    if given is None:
        return None
    return " ".join(str(given).split()) or None


def _place(record: SpanRecord, changes: Mapping[str, Any], raw: str) -> tuple[int, int]:
    if "start" in changes or "end" in changes:
        start, end = changes.get("start", record.start), changes.get("end", record.end)
        whole = isinstance(start, int) and isinstance(end, int)
        if not whole or not 0 <= start < end <= len(raw):
            raise FieldError(SPAN, f"[{start}, {end}) is empty or outside the text of {len(raw)}")
        return _trimmed(start, end, raw)
    if SPAN not in changes:
        return record.start, record.end
    words = str(changes[SPAN] or "").strip()
    if words == record.text.strip():
        return record.start, record.end
    if not words:
        raise FieldError(SPAN, "no characters left; to take the mention away, delete it")
    low = max(0, record.start - _WINDOW)
    window = raw[low : record.end + _WINDOW]
    places = [low + found.start() for found in re.finditer(re.escape(words), window)]
    if not places:
        raise FieldError(SPAN, f"{words[:40]!r} does not stand around {record.text[:40]!r}")
    # Of several the nearest, by the distance of both ends.
    size = len(words)
    start = min(places, key=lambda at: abs(at - record.start) + abs(at + size - record.end))
    return start, start + size


def _trimmed(start: int, end: int, raw: str) -> tuple[int, int]:
    """Return a selection without the blanks at its edges."""
    words = raw[start:end]
    low = start + len(words) - len(words.lstrip())
    high = end - len(words) + len(words.rstrip())
    if low >= high:
        raise FieldError(SPAN, "only blanks are selected")
    return low, high


def _words(value: str | None, field: Field, _: Mapping[str, str]) -> Any:
    if value is not None and len(value) > _LONGEST:
        raise FieldError(field.name, f"{len(value)} characters; expected at most {_LONGEST}")
    if field.free or value is None:
        return value
    for code, word in field.choices:
        if value in (code, word):
            return code
    expected = ", ".join(f"{code} {word}" for code, word in field.choices)
    raise FieldError(field.name, f"{value[:40]!r} is none of {expected}")


def _label(value: str | None, field: Field, indicators: Mapping[str, str]) -> Any:
    if value is None:
        expected = ", ".join(code for code, _ in field.choices)
        raise FieldError(field.name, f"none given; expected one of {expected}")
    return _words(value, field, indicators)


def _flag(value: str | None, field: Field, indicators: Mapping[str, str]) -> Any:
    return True if _words(value, field, indicators) else None


def _number(value: str | None, field: Field, _: Mapping[str, str]) -> Decimal | None:
    if value is None:
        return None
    try:
        number = plain(parse_number(value))
    except (NumberError, InvalidOperation) as error:
        raise FieldError(field.name, str(error)) from error
    if len(number.as_tuple().digits) > 50 or abs(number.adjusted()) > 50 or "E" in str(number):
        raise FieldError(
            field.name, f"{value[:40]} is too large or too small to be written plainly"
        )
    return number


def _indicator(value: str | None, field: Field, indicators: Mapping[str, str]) -> str | None:
    if value is None or value in indicators:
        return value
    by_name = {name: id for id, name in indicators.items()}
    if value in by_name:
        return by_name[value]
    near = difflib.get_close_matches(value, [*by_name, *indicators], 3, 0.5)
    near += [name for name in by_name if value in name and name not in near][:3]
    hint = f"; did you mean {', '.join(near)}?" if near else "; expected its id or Chinese name"
    raise FieldError(field.name, f"the catalogue has no {value[:40]!r}{hint}")


def _period(value: str | None, field: Field, _: Mapping[str, str]) -> str | None:
    if value is None:
        return None
    first, slash, last = value.partition("/")
    days = [_day(part, field) for part in ([first, last] if slash else [first])]
    if days[-1] < days[0]:
        raise FieldError(field.name, f"{value!r} ends before it begins")
    return value


def _day(value: str, field: Field) -> datetime.date:
    found = _DAY.fullmatch(value)
    try:
        if found is not None:
            year, month, day = (int(part or 1) for part in found.groups())
            return datetime.date(year, month, day)
    except ValueError as error:
        raise FieldError(field.name, f"{value[:40]!r}: {error}") from error
    expected = "2021, 2021-05, 2021-12-31 or two of them as 2021-01/2021-09"
    raise FieldError(field.name, f"{value[:40]!r} is no period; expected {expected}")


def _year(value: str | None, field: Field, _: Mapping[str, str]) -> str | None:
    if value is not None and (len(value) != 4 or not value.isdecimal() or not value.isascii()):
        raise FieldError(field.name, f"{value[:40]!r} is no year; expected four digits as 2021")
    return value


_Reader = Callable[[str | None, Field, Mapping[str, str]], Any]
_READERS: Final[Mapping[str, _Reader]] = {
    "label": _label,
    "kind": _label,
    "table": _flag,
    "value": _number,
    "value_high": _number,
    "indicator": _indicator,
    "period": _period,
    "date": _period,
    "year": _year,
}


def _trigger(
    record: SpanRecord, made: Mapping[str, Any], start: int, end: int, raw: str
) -> dict[str, Any]:
    """Return the word of a claim at its place inside the claim."""
    if not isinstance(record, Claim):
        return {}
    words = made.get("trigger", record.trigger.text if record.trigger else None)
    if words is None:
        return {"trigger": None}
    at = raw.find(words, start, end)
    if at < 0:
        raise FieldError(
            "trigger", f"{words[:40]!r} does not stand inside the claim {raw[start:end][:40]!r}"
        )
    kept = record.trigger
    if "trigger" not in made and kept is not None and start <= kept.start and kept.end <= end:
        return {"trigger": kept}
    return {"trigger": Trigger(at, at + len(words), words)}


def _check_quantity(record: Quantity, touched: set[str]) -> None:
    """Refuse what no number can be; what was not touched is the run's own business."""
    if {"value", "value_high"} & touched:
        if record.value is None and record.value_high is not None:
            raise FieldError("value", "the lower end of a range is missing")
        low, high = record.value, record.value_high
        if low is not None and high is not None and high <= low:
            raise FieldError("value_high", f"{high} is not above the lower end {low}")
    if {"unit", "label"} & touched:
        _check_unit(record)
    if "direction" in touched and record.direction and record.measure not in ("growth", "change"):
        raise FieldError(
            "direction", f"only growth and change have one; the measure is {record.measure}"
        )


def _check_unit(record: Quantity) -> None:
    unit, expected = record.unit, _UNITS.get(record.label)
    if expected is not None and unit not in expected:
        raise FieldError("unit", f"{unit!r} with {record.label}; expected {' or '.join(expected)}")
    if record.label == "MONEY" and not _CURRENCY.fullmatch(unit or ""):
        raise FieldError("unit", f"{unit!r} with MONEY; expected CNY, USD … or CNY/天")
    if record.label in ("COUNT", "MEASURE") and unit is None:
        raise FieldError("unit", f"none with {record.label}; expected 家, 个 … or a physical unit")


def shown_fields(record: SpanRecord) -> dict[str, Any]:
    """Return the values of a record by field, as a form shows them; absent ones are left out.

    >>> shown_fields(Entity(id="e1", start=0, end=2, text="甲县", label="PLACE"))
    {'text': '甲县', 'label': 'PLACE'}
    """
    given: dict[str, Any] = msgspec.to_builtins(record)
    layer = layer_of(record)
    found = {field.name: given[field.name] for field in fields_of(layer) if field.name in given}
    if isinstance(found.get("trigger"), dict):
        found["trigger"] = found["trigger"]["text"]
    return {name: str(value) if value is True else value for name, value in found.items()} | (
        {"table": "true"} if found.get("table") else {}
    )
