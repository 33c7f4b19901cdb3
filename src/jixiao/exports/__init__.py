"""What people open: the workbook ``facts.xlsx``.

:mod:`jixiao.exports.workbook` is the way in; it loads xlsxwriter.
"""
