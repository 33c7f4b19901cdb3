"""A run that is killed again and again and resumed gives the bytes of one left in peace."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "performance" / "kill_and_resume.py"


@pytest.mark.skipif(sys.platform == "win32", reason="kills by SIGKILL")
def test_six_kills_change_no_byte() -> None:
    asked = ["--reports", "60", "--kills", "6", "--sentences", "40", "--workers", "2"]
    done = subprocess.run(
        [sys.executable, SCRIPT, *asked], capture_output=True, text=True, check=False
    )
    assert done.stdout, done.stderr
    result = json.loads(done.stdout)
    assert result["different"] == []
    assert result["identical"]
    assert result["kills"] >= 3, "the moments came too late to kill anything"
