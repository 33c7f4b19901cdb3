"""Reports to run on: small ones, of every kind that reaches a batch."""

from __future__ import annotations

from pathlib import Path

import pytest

REPORTS = {
    "2020/岳阳市科技局.txt": "岳阳市科学技术局2020年度部门整体支出绩效自评报告\n\n一、收入\n"
    "2020年收入合计1520.9万元，同比增长12.5%。\n新增高新技术企业15家，总数达49家。\n",
    "2021/岳阳市科技局.txt": "岳阳市科学技术局2021年度部门整体支出绩效自评报告\r\n"
    "全年收入1618.05万元。\r\n满意率97.6%，高于上年。\r\n",
    "君山区.txt": "\ufeff君山区2021年绩效报告\n\t项目\n\t金额（万元）\n\n\t培训\n\t12.5\n\n\t合计\n\t30\n\n",
}


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder with reports: nested folders, CRLF, a byte order mark, GB18030."""
    folder = tmp_path / "reports"
    for name, text in REPORTS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    (folder / "gbk.txt").write_bytes("衡阳市财政局报告。全年支出385.08万元。".encode("gb18030"))
    return folder
