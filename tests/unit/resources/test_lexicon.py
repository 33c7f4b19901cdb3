"""A user's rows beside the built-in tables: used, replaced, forgotten, refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import jixiao
from jixiao.batch.run import annotate_paths
from jixiao.cli import main
from jixiao.errors import LexiconError
from jixiao.resources import EXTENSIBLE, read_table, use_lexicon
from jixiao.settings import Settings

HOLES = "table,surface,label,unit,scale\nunits,穴,COUNT,穴,1\n"


@pytest.fixture(autouse=True)
def _no_lexicon() -> Iterator[None]:
    yield
    use_lexicon(None)


def found(text: str, lexicon: str | None) -> list[tuple[str, str | None, str | None]]:
    settings = Settings(lexicon=lexicon)
    return [(q.text, q.unit, q.measure) for q in jixiao.quantities(text, settings=settings)]


@pytest.mark.parametrize(
    ("row", "text", "without", "having"),
    [
        ("units,穴,COUNT,穴,1,,,,,", "栽苗1200穴。", [], [("1200穴", "穴", "level")]),
        (
            "cues,新栽,,,,new,,,,",
            "新栽果树86株。",
            [("86株", "株", "level")],
            [("86株", "株", "new")],
        ),
        ("stopnames,六个专班,,,,,,,,", "组建六个专班。", [("六个", "个", "level")], []),
        ("elided,库容,MEASURE,立方米,,,,,,", "库容3万。", [], [("3万", "立方米", "level")]),
    ],
)
def test_a_row_of_each_kind(
    row: str,
    text: str,
    without: list[tuple[str, str, str]],
    having: list[tuple[str, str, str]],
) -> None:
    lexicon = f"table,surface,label,unit,scale,field,value,tag,position,bound\n{row}\n"
    assert found(text, None) == without
    assert found(text, lexicon) == having
    assert found(text, None) == without


def test_a_bound_and_a_word() -> None:
    lexicon = "table,surface,position,bound,tag\nbounds,堪堪,prefix,≈,\nwords,云端小站,,,n\n"
    (quantity,) = jixiao.quantities("新建云端小站堪堪12个。", settings=Settings(lexicon=lexicon))
    assert (quantity.bound, quantity.noun) == ("≈", "云端小站")


def test_a_row_takes_the_place_of_the_built_in_one() -> None:
    lexicon = "table,surface,label,unit,scale\nunits,斤,MEASURE,公斤,0.5\n"
    (quantity,) = jixiao.quantities("亩产1200斤。", settings=Settings(lexicon=lexicon))
    assert (str(quantity.value), quantity.unit) == ("600", "公斤")
    assert len(read_table("units.csv")) == len({row["surface"] for row in read_table("units.csv")})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("surface,unit\n穴,穴\n", "expected table, surface"),
        ("table,surface\nunit,穴\n", "no table 'unit'"),
        ("table,surface\nunits,\n", "no surface"),
        ("table,surface,bound\nunits,穴,≈\n", "not of the table units"),
    ],
)
def test_a_row_of_no_table_is_refused(content: str, says: str) -> None:
    with pytest.raises(LexiconError, match=says):
        use_lexicon(content)
    assert found("栽苗1200穴，成活86株。", None) == [("86株", "株", "level")]


def test_a_value_outside_its_table_is_refused_by_the_command(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text(
        "table,surface,label,unit,scale\nunits,穴,COUNTS,穴,1\n", "utf-8"
    )
    (tmp_path / "r.txt").write_text("栽苗1200穴。", "utf-8")
    options = ["show", str(tmp_path / "r.txt"), "--lexicon", str(tmp_path / "l.csv")]
    result = CliRunner().invoke(main, options)
    assert result.exit_code == 2
    assert "COUNTS" in result.output


def test_every_worker_uses_it(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.txt").write_text(f"第{number}站栽苗1200穴。", "utf-8")
    settings = Settings(lexicon=HOLES)
    annotate_paths([folder], tmp_path / "out", workers=2, settings=settings, workbook=False)
    for number in range(4):
        path = tmp_path / "out" / "annotations" / f"{number}.jsonl"
        assert '"unit":"穴"' in path.read_text("utf-8")
    assert settings.fingerprint() != Settings().fingerprint()


def test_the_tables_exist_and_have_their_columns() -> None:
    for table, columns in EXTENSIBLE.items():
        assert set(columns) <= set(read_table(f"{table}.csv")[0])
