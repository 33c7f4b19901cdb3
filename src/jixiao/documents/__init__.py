"""A file to a report: raw text, blocks, table grids, outline, metadata."""

from jixiao.documents.readers import MEDIA_TYPES, media_type_of
from jixiao.documents.report import Report, read, read_content

__all__ = ["MEDIA_TYPES", "Report", "media_type_of", "read", "read_content"]
