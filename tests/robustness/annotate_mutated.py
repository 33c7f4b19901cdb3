"""Broken files from sound ones, and what becomes of them: run by test_mutated_files.py.

``python annotate_mutated.py FIRST LAST FILE…`` takes the files in turn, changes each at random from a
seed between FIRST and LAST (excluded), and annotates it. Before each it prints a line with the seed,
and after it another with what is wrong, if anything is.
"""

from __future__ import annotations

import io
import random
import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from jixiao.documents import MEDIA_TYPES
from jixiao.errors import DocumentError
from jixiao.pipeline import annotate_content

Mutation = Callable[[bytes, random.Random], bytes]

_NUMBER = re.compile(rb"\d+")
_TAG = re.compile(rb"<[^<>]{1,200}>")
_ATTRIBUTE = re.compile(rb'="[^"]{0,80}"')
_EXTREMES = (b"0", b"-1", b"1", b"65536", b"999999999", b"1e308", b"NaN", b"", "万".encode())


def mutated(content: bytes, seed: int) -> bytes:
    """Return the content with one to six changes that depend on the seed alone."""
    rng = random.Random(seed)
    if content.startswith(b"PK\x03\x04") and rng.random() < 0.8:
        return _inside_package(content, rng)
    for _ in range(rng.randint(1, 6)):
        content = rng.choice(_MUTATIONS)(content, rng)
    return content


def _inside_package(content: bytes, rng: random.Random) -> bytes:
    """Change one to three parts and pack them again, so that the readers get to see them."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    weighty = [name for name in parts if name.endswith(".xml")] or list(parts)
    for name in rng.choices(weighty, k=rng.randint(1, 3)):
        for _ in range(rng.randint(1, 4)):
            parts[name] = rng.choice(_MUTATIONS)(parts[name], rng)
    if rng.random() < 0.1:
        del parts[rng.choice(list(parts))]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in parts.items():
            target.writestr(name, part)
    return file.getvalue()


def _flip(content: bytes, rng: random.Random) -> bytes:
    if not content:
        return content
    changed = bytearray(content)
    for _ in range(rng.randint(1, 20)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _cut(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randint(0, len(content))]


def _drop(content: bytes, rng: random.Random) -> bytes:
    start = rng.randint(0, len(content))
    return content[:start] + content[start + rng.randint(1, 500) :]


def _repeat(content: bytes, rng: random.Random) -> bytes:
    start = rng.randint(0, len(content))
    piece = content[start : start + rng.randint(1, 400)]
    return content[:start] + piece * rng.choice((2, 3, 50)) + content[start:]


def _insert(content: bytes, rng: random.Random) -> bytes:
    start = rng.randint(0, len(content))
    return content[:start] + rng.randbytes(rng.randint(1, 60)) + content[start:]


def _replace(pattern: re.Pattern[bytes], make: Callable[[bytes, random.Random], bytes]) -> Mutation:
    """Return a mutation that replaces one of the pattern's matches."""

    def replace(content: bytes, rng: random.Random) -> bytes:
        found = list(pattern.finditer(content))
        if not found:
            return content
        one = rng.choice(found)
        return content[: one.start()] + make(one.group(), rng) + content[one.end() :]

    return replace


def _extreme(_: bytes, rng: random.Random) -> bytes:
    return rng.choice(_EXTREMES)


def _extreme_attribute(_: bytes, rng: random.Random) -> bytes:
    return b'="' + rng.choice(_EXTREMES) + b'"'


def _no_or_many_tags(tag: bytes, rng: random.Random) -> bytes:
    return tag * rng.choice((0, 0, 2, 300))


_MUTATIONS: tuple[Mutation, ...] = (
    _flip,
    _cut,
    _drop,
    _repeat,
    _insert,
    _replace(_NUMBER, _extreme),
    _replace(_NUMBER, _extreme),
    _replace(_ATTRIBUTE, _extreme_attribute),
    _replace(_TAG, _no_or_many_tags),
)


def problem_with(content: bytes, media_type: str) -> str | None:
    """Return what is wrong with how a file was taken: neither annotated nor clearly refused."""
    try:
        found = annotate_content(content, doc_id="x", media_type=media_type)
        found.text.encode()
    except DocumentError:
        return None
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if any(found.text[q.start : q.end] != q.text for q in found.quantities):
        return "an offset does not lead back to its text"
    return None


def main(first: int, last: int, paths: list[Path]) -> None:
    """Annotate one broken file for each seed."""
    contents = [path.read_bytes() for path in paths]
    for seed in range(first, last):
        place = seed % len(paths)
        print(seed, flush=True)
        broken = mutated(contents[place], seed)
        if problem := problem_with(broken, MEDIA_TYPES[paths[place].suffix]):
            print(f"{seed} {paths[place].name}: {problem}".replace("\n", " "), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
