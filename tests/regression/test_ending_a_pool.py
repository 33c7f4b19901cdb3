"""A pool that is ended while a batch is on its way to a killed worker lets the process end.

Before Python 3.11.5 (gh-94777) the thread that feeds the workers waited for ever on a full pipe,
and with it the whole command after Ctrl+C.
"""

import subprocess
import sys

SCRIPT = """
import time
from jixiao.batch.pool import PoolAnnotator
from jixiao.batch.unit import make_batch
from jixiao.settings import Settings

if __name__ == "__main__":
    annotator = PoolAnnotator(2, Settings())
    content = "全年支出385.08万元，同比增长3.2%。".encode() * 20_000
    for _ in range(6):
        annotator.submit(make_batch([("a", "text/plain", content)]))
    time.sleep(1)
    annotator.close()
    print("closed")
"""


def test_the_process_ends(tmp_path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=60, check=True
    )
    assert (done.stdout, done.stderr) == ("closed\n", "")
