"""Who conferred an honour, on whom, and for which year."""

from __future__ import annotations

import pytest

from jixiao.pipeline import annotate_text
from jixiao.records import Claim

HEAD = "湄潭县教育局2022年度部门整体支出绩效自评报告\n\n一、工作成效\n"


def recognition(sentence: str) -> Claim:
    found = annotate_text(f"{HEAD}{sentence}\n").claims
    (claim,) = [claim for claim in found if claim.kind == "recognition"]
    return claim


@pytest.mark.parametrize(
    ("sentence", "awarded_by", "year"),
    [
        ("县实验小学被省教育厅评为2022年度平安校园示范学校。", "省教育厅", "2022"),
        (
            "县一中被教育部、国家体育总局联合命名为全国青少年校园足球特色学校。",
            "教育部、国家体育总局",
            None,
        ),
        ("中国曲艺家协会授予湄潭县“中国曲艺之乡”称号。", "中国曲艺家协会", None),
        ("我局荣获2021年度全市招商先进单位。", None, "2021"),
        ("县职校入选国家级示范性职业学校。", None, None),
        ("县教育局联合县财政局开展检查，3所学校获评市级文明校园。", None, None),
    ],
)
def test_who_conferred_it_and_when(sentence: str, awarded_by: str | None, year: str | None) -> None:
    claim = recognition(sentence)
    assert (claim.awarded_by, claim.year) == (awarded_by, year)


def test_who_is_given_an_honour_is_its_actor() -> None:
    claim = recognition("中国曲艺家协会授予湄潭县“中国曲艺之乡”称号。")
    assert claim.actor == "湄潭县"
    assert claim.object == "“中国曲艺之乡”称号"


def test_only_recognitions_are_conferred() -> None:
    claims = annotate_text(f"{HEAD}全年新建学校3所，同比增长20%。\n").claims
    assert claims
    assert all(claim.awarded_by is None and claim.year is None for claim in claims)
