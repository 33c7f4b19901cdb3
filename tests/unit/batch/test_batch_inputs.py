"""Which files below the given paths are documents."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jixiao.batch.inputs import find_inputs
from jixiao.errors import SettingsError


@pytest.fixture
def tree(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that makes files below a folder and returns the folder."""

    def make(*names: str) -> Path:
        for name in names:
            path = tmp_path / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("新增企业15家。", encoding="utf-8")
        return tmp_path / "in"

    return make


def ids(*paths: Path, out: Path | None = None) -> list[str]:
    return [file.doc_id for file in find_inputs(paths, out).files]


def test_folders_are_searched_in_order_of_name(tree: Callable[..., Path]) -> None:
    folder = tree("b.txt", "a/z.txt", "a/b.TXT", "a.txt", "c/d/e.txt")
    assert ids(folder) == ["a__b", "a__z", "a", "b", "c__d__e"]


def test_source_is_the_path_below_the_given_folder(tree: Callable[..., Path]) -> None:
    folder = tree("2021/a.txt")
    assert [file.source for file in find_inputs([folder]).files] == ["2021/a.txt"]
    assert [file.source for file in find_inputs([folder / "2021"]).files] == ["a.txt"]
    assert [file.source for file in find_inputs([folder / "2021/a.txt"]).files] == ["a.txt"]


def test_hidden_and_office_lock_files_are_passed_over(tree: Callable[..., Path]) -> None:
    folder = tree("a.txt", ".b.txt", ".git/c.txt", "~$a.docx", ".DS_Store")
    inputs = find_inputs([folder])
    assert [file.doc_id for file in inputs.files] == ["a"]
    assert not inputs.skipped


def test_other_files_are_counted_by_suffix(tree: Callable[..., Path]) -> None:
    inputs = find_inputs([tree("a.txt", "b.csv", "c.CSV", "d.png", "README")])
    assert inputs.skipped == {".csv": 2, ".png": 1, "no suffix": 1}


def test_a_report_format_without_reader_is_no_silent_loss(tree: Callable[..., Path]) -> None:
    inputs = find_inputs([tree("a.docx", "b.mht", "c.ofd")])
    problems = {file.doc_id: file.problem for file in inputs.files}
    assert problems["a"] is None
    assert str(problems["b"]).startswith("no reader for '.mht'")
    assert str(problems["c"]).startswith("no reader for '.ofd'")


def test_a_named_file_without_reader_is_no_silent_loss(tree: Callable[..., Path]) -> None:
    folder = tree("a.csv", "README")
    inputs = find_inputs([folder / "a.csv", folder / "README"])
    assert [file.doc_id for file in inputs.files] == ["a", "README"]
    assert all(file.problem for file in inputs.files)


def test_a_file_given_twice_is_one_document(tree: Callable[..., Path]) -> None:
    folder = tree("a.txt", "b.txt")
    assert ids(folder, folder, folder / "a.txt") == ["a", "b"]


def test_two_folders_with_files_of_one_name_give_two_ids(tree: Callable[..., Path]) -> None:
    folder = tree("2020/a.txt", "2021/a.txt")
    assert ids(folder / "2020", folder / "2021") == ["a", "a-2"]


def test_links_that_lead_back_up_end(tree: Callable[..., Path]) -> None:
    folder = tree("a.txt", "sub/b.txt")
    (folder / "sub" / "up").symlink_to(folder, target_is_directory=True)
    assert ids(folder) == ["a", "sub__b"]


def test_a_linked_folder_is_searched(tree: Callable[..., Path], tmp_path: Path) -> None:
    folder = tree("a.txt")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "b.txt").write_text("报告", encoding="utf-8")
    (folder / "linked").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert ids(folder) == ["a", "linked__b"]


def test_the_output_folder_inside_the_input_is_left_out(tree: Callable[..., Path]) -> None:
    folder = tree("a.txt", "out/text/a.txt", "old/run.json", "old/annotations/x", "old/text/b.txt")
    inputs = find_inputs([folder], folder / "out")
    assert [file.doc_id for file in inputs.files] == ["a"]
    assert inputs.skipped == {"output of a run": 1}


def test_input_inside_the_output_folder_is_refused(tree: Callable[..., Path]) -> None:
    folder = tree("a.txt")
    with pytest.raises(SettingsError, match="would overwrite it"):
        find_inputs([folder / "a.txt"], folder)


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nope does not exist"):
        find_inputs([tmp_path / "nope"])


def test_no_report_at_all_says_what_was_there(tree: Callable[..., Path]) -> None:
    with pytest.raises(SettingsError, match=r"passed over 1 × \.csv; expected .*\.txt"):
        find_inputs([tree("a.csv")])


def test_an_empty_folder_is_no_input(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nothing is there"):
        find_inputs([tmp_path])


def test_a_folder_that_cannot_be_listed_is_a_problem(
    tree: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    folder = tree("a.txt", "closed/b.txt")
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr("jixiao.batch.inputs.os.scandir", refuse)
    inputs = find_inputs([folder])
    assert [file.problem for file in inputs.files] == [
        None,
        "the folder cannot be listed: Permission denied",
    ]
