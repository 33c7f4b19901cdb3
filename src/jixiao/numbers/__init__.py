"""Numbers with unit and bound, in prose and in table cells."""

from jixiao.numbers.find import Found, find_in_text, find_quantities
from jixiao.numbers.numerals import parse_number
from jixiao.numbers.scan import Oddity

__all__ = ["Found", "Oddity", "find_in_text", "find_quantities", "parse_number"]
