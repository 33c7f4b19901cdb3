"""What people look at: reports and results in a terminal.

:mod:`jixiao.views.terminal` shows a report, :mod:`jixiao.views.summary` a run; both load rich.
"""
