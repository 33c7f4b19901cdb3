"""What a notebook asks an annotation for."""

from __future__ import annotations

import pytest

import jixiao
from jixiao.errors import SettingsError
from jixiao.records import Check, Fact

TEXT = "全年培训教师120人，其中国培50人、省培70人。新建高新技术企业3家，同比增长50%。"


@pytest.fixture(scope="module")
def found() -> jixiao.Annotation:
    return jixiao.annotate(TEXT)


@pytest.mark.parametrize("name", ["quantities", "entities", "claims", "facts", "checks", "issues"])
def test_a_table_goes_by_the_name_of_its_property(found: jixiao.Annotation, name: str) -> None:
    table = found.to_frame(name)
    assert len(table) == len(getattr(found, name))
    if "id" in table:
        assert table["id"].tolist() == [record.id for record in getattr(found, name)]


def test_a_table_by_name_is_the_table_by_type(found: jixiao.Annotation) -> None:
    assert found.to_frame("facts").equals(found.to_frame(Fact))
    assert list(found.to_frame("checks").columns) == list(found.to_frame(Check).columns)
    assert found.to_frame().equals(found.to_frame("quantities"))


def test_the_checks_are_those_of_the_records(found: jixiao.Annotation) -> None:
    assert found.checks
    assert found.checks == [record for record in found.records if isinstance(record, Check)]


def test_an_unknown_name_lists_the_others(found: jixiao.Annotation) -> None:
    with pytest.raises(SettingsError, match=r"'fact'; expected one of quantities, .*facts"):
        found.to_frame("fact")
