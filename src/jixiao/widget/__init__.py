"""The review widget for notebooks: a report with its mentions, judged and corrected by keyboard.

:class:`ReviewSession` is the review of one report without any front end; :func:`jixiao.review` shows it.
"""

from jixiao.widget.desk import ReviewDesk
from jixiao.widget.session import ReviewSession

__all__ = ["ReviewDesk", "ReviewSession"]
