"""How often each rule was right, counted over gold."""

from __future__ import annotations

from pathlib import Path

from jixiao.evaluation.reading import AnnotationFile
from jixiao.pipeline import annotate_text
from jixiao.records import Entity, Quantity
from jixiao.training.confidence import count_rules, train_confidence, uses_of
from jixiao.training.development import GoldDocument

TEXT = "民乐县教育局2022年新建学校3所，同比增长20%。"


def test_a_rule_is_right_where_gold_has_the_same() -> None:
    found = annotate_text(TEXT, doc_id="a")
    kept = [
        record
        for record in found.records
        if not isinstance(record, Quantity | Entity) or record.text == "3所"
    ]
    gold = GoldDocument(
        "a", "train", Path("a.txt"), AnnotationFile(found.document, kept), aligned=False
    )
    counts = count_rules(uses_of(gold, found))
    assert counts["number.unit"] == (1, 2)
    assert counts["head.bureau"] == (0, 1)
    assert not [rule for rule in counts if rule.startswith("align.")]


def test_the_stored_table_has_what_the_specimens_give(tmp_path: Path) -> None:
    table = tmp_path / "confidence.csv"
    assert train_confidence(table).startswith("confidence.csv: ")
    header, *rows = table.read_text(encoding="utf-8").splitlines()
    assert header == "rule,right,all"
    counts = [row.split(",") for row in rows]
    assert [rule for rule, _, _ in counts] == sorted(rule for rule, _, _ in counts)
    assert all(int(right) <= int(seen) for _, right, seen in counts)
