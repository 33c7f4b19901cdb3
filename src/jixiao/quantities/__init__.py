"""Numbers with unit and bound, in prose and in table cells."""

from jixiao.quantities.find import Found, find_in_text, find_quantities
from jixiao.quantities.numerals import parse_number
from jixiao.quantities.scan import Oddity

__all__ = ["Found", "Oddity", "find_in_text", "find_quantities", "parse_number"]
