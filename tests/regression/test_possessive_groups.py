"""Before CPython 3.11.5 a possessive group could leave wrong captures behind (gh-106052).

``280千伏`` then crashed on Debian 12's Python 3.11.2: the group of the multiplier held 千伏.
"""

from __future__ import annotations

import re
from pathlib import Path

import jixiao
from jixiao.numbers.scan import scanner
from jixiao.pipeline import annotate_text

POSSESSIVE_GROUP = re.compile(r"\)(?:[+*?]|\{\{?[\d,]+\}\}?)\+(?!\+)")


def test_the_scanner_repeats_only_single_characters_possessively() -> None:
    assert not POSSESSIVE_GROUP.search(scanner().pattern)


def test_no_source_file_holds_a_possessive_group() -> None:
    root = Path(jixiao.__file__).parent
    sources = {path: path.read_text(encoding="utf-8") for path in root.rglob("*.py")}
    assert not [str(path) for path, text in sources.items() if POSSESSIVE_GROUP.search(text)]


def test_a_unit_behind_a_multiplier_character() -> None:
    found = annotate_text("新建110千伏变电站2座，架设线路12.5千米。").quantities
    assert [(q.text, str(q.value), q.unit) for q in found] == [
        ("110千伏", "110", "千伏"),
        ("2座", "2", "座"),
        ("12.5千米", "12.5", "千米"),
    ]
