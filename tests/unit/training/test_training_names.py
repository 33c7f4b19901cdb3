"""Generated text: names stand where they are said to, and gold with other names keeps its shape."""

from __future__ import annotations

from jixiao.training.names import Gold, Writer, grammar
from jixiao.training.names_exchanged import with_other_names


def test_generated_names_stand_where_they_are_said_to() -> None:
    text, gold = Writer(11).write(60)
    assert (text, gold) == Writer(11).write(60)
    assert len({text[one.start : one.end] for one in gold}) > 40
    ends = [0]
    for one in gold:
        assert ends[-1] <= one.start < one.end <= len(text)
        assert text[one.start : one.end].strip() == text[one.start : one.end]
        ends.append(one.end)


def test_every_symbol_of_the_grammar_is_known() -> None:
    known = grammar().alternatives
    special = set(Writer(0)._special)
    asked = {
        part[1:-1].partition("*")[0]
        for alternatives in known.values()
        for parts in alternatives
        for part in parts
        if part[0] == "{"
    }
    assert asked <= set(known) | special


def test_other_names_take_the_place_of_gold() -> None:
    text = "支持德茂机械申报，德茂机械入选“登高”计划。"
    gold = [Gold(2, 6, "COMPANY"), Gold(9, 13, "COMPANY"), Gold(15, 21, "PROGRAM")]
    changed, moved = with_other_names(text, gold, 5, kept=0.0)
    firms = {changed[one.start : one.end] for one in moved[:2]}
    assert len(firms) == 1
    assert firms != {"德茂机械"}
    assert changed.startswith("支持")
    assert changed.endswith("。")
