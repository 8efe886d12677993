"""The worklists: late titles and open cases, filtered, sorted and paged by key, fast at a million rows.

How a page is found, in one or two statements (`finding`):

1. walk: read titles in the order asked for, along an index, a bounded number of them, and keep those that pass the
   filters. For filters that many rows pass this is all there is to it.
2. gather: when the walk ends before the page is full, few rows pass or they lie far along the order (a phase of
   lateness is one stretch of due dates). Then the planner starts from the filters and sorts what it finds.

Everything dear (names, last message, what stops the title) is read for the visible rows only.
"""

from quita.cases.queries.worklist.cases import CaseRow, case_total, case_worklist
from quita.cases.queries.worklist.filters import CASE_SORTS, DUE_CHOICES, TITLE_SORTS, Filters
from quita.cases.queries.worklist.paging import PAGE_SIZE, Page, Total
from quita.cases.queries.worklist.titles import TitleRow, title_ids, title_rows, title_total, title_worklist

__all__ = [
    "CASE_SORTS",
    "DUE_CHOICES",
    "PAGE_SIZE",
    "TITLE_SORTS",
    "CaseRow",
    "Filters",
    "Page",
    "TitleRow",
    "Total",
    "case_total",
    "case_worklist",
    "title_ids",
    "title_rows",
    "title_total",
    "title_worklist",
]
