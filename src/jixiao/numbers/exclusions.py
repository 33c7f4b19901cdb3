"""What looks like a number and states none: dates, names, codes, sequences.

Each pattern consumes its characters in the scanner's one pass, so nothing inside is read again.
The order matters only where two begin at the same character: the longer kind stands first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_TO: Final = r"[ ]?[-~至到]{1,2}[ ]?"
YEAR: Final = r"(?:(?:19|20)\d\d|[二一][零〇○九][零〇○一二三四五六七八九]{2})"
_MONTH: Final = r"(?:1[0-2]|0?[1-9]|十[一二]|[一二三四五六七八九十])"
_DAY: Final = r"(?:[12]\d|3[01]|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_MONTH_END: Final = r"月(?:份|底|初|末|中旬|上旬|下旬)?"
_DAYS: Final = rf"{_DAY}(?:[、~-]{_DAY}){{0,4}}[日号]"
_SPAN_END: Final = rf"(?:{_TO}(?:{YEAR}年)?{_MONTH}{_MONTH_END}(?:{_DAYS})?|{_TO}{_DAYS})?"
# A list number glued to a year: 「3.2021年重点工作」.
_GLUED: Final = r"(?:\d{1,2}[.、．])?"

PATTERNS: Final[Mapping[str, str]] = {
    # What stands in book-title marks or in a short quotation is a name.
    "title": r"《[^《》\n]{0,80}+》",
    "quotation": r"“[^“”\n，。；]{0,24}+”|\"[^\"\n，。；]{0,24}+\"",
    # 2018-2020年, 2019、2020年, 2021年1-9月, 2021年5月18、19日, 二〇二一年, 2021学年度.
    "years": rf"{_GLUED}{YEAR}[ ]?年?(?:{_TO}|[、和及]){YEAR}[ ]?(?:学年度?|年度?)(?:底|末|初)?",
    "date": rf"{_GLUED}{YEAR}[ ]?(?:学年度?|年(?:度|底|末|初)?)"
    rf"(?:(?:[ ]?{_MONTH}{_TO})?[ ]?{_MONTH}[ ]?{_MONTH_END}(?:[ ]?{_DAYS})?{_SPAN_END})?",
    "months": rf"{_MONTH}月?(?:{_TO}|[、和]){_MONTH}{_MONTH_END}(?:{_DAYS})?",
    "month": rf"{_MONTH}{_MONTH_END}(?:[ ]?{_DAYS})?{_SPAN_END}",
    # 不少于20日 is a duration.
    "day": r"(?<![于过足满达])(?<![缩短长减]至)(?<![缩短长减]到)\d{1,2}(?:[、~-]\d{1,2}){0,4}日"
    r"(?!元|[内以之]|[压缩延]|减)",
    # 2022.6.24, 2022-06; 2012.5元 is an amount.
    "numeric date": r"(?:19|20)\d\d(?:[-/]\d{1,2}(?:[-/]\d{1,2})?|\.\d{1,2}\.\d{1,2})(?![\d%万亿])",
    # 2022届毕业生, 2021级学生
    "class year": r"(?:19|20)\d\d[届级](?!别|以)",
    "short year": r"\d{2}年(?:底|末|初|度)",
    "time": r"\d{1,2}[点时]\d{1,2}分(?!数)",
    # 〔2018〕59号, （2021）第3号, 59号文, 2号隧道.
    "file number": r"[〔\[（(【]\s?(?:19|20)\d\d\s?[〕\]）)】](?:\s?第?\d++\s?号)?|\d++号",
    "telephone": r"\d{3,4}-\d{7,8}(?!\d)|1[3-9]\d{9}(?![\d.,元万亿])"
    r"|(?:1[3-9]\d-\d{4}|[48]00-\d{3})-\d{4}(?!\d)",
    "identity": r"\d{15,}+[Xx]?",
    # G320, PM2.5, ISO9001, H1N1; 7×24, “2+6”, 1+N.
    "code": r"(?<![A-Za-z])[A-Za-z]++[-/. ]?\d++(?:\.\d+)*[A-Za-z]*+",
    "formula": r"\d++[×xX*]\d++|\d++\+(?:\d++|[A-Za-z])",
    # 十四五, “十三五”: five-year plans; the units of time that follow do not count them.
    # 三分建、七分管: a saying; 三个必须, 四个到位: a slogan.
    "saying": r"[一二三四五六七八九]分[\u4e00-\u9fff]{1,3}[、，][一二三四五六七八九]分(?=[\u4e00-\u9fff])",
    "slogan": r"[一二两三四五六七八九十]{1,3}个(?:必须|不得|严禁|坚持|坚决|确保|到位|统一|结合|强化|突出|"
    r"优先|注重|转变|率先|意识|自信|面向|维护|确立|务必|代表|革命|共同|清单|融合)",
    "plan": r"十[一二三四五六]五(?![家个名项件万亿千百人台])",
}
# Characters the patterns begin with, as the inside of a character class.
STARTS: Final = r"《“\"0-9A-Za-z〔（(\[【一二三四五六七八九十"
