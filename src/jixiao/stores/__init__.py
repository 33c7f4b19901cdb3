"""Where results live on disk: annotation folders and Parquet tables.

:mod:`jixiao.stores.annotations` holds ``annotations/<doc_id>.jsonl`` beside ``text/<doc_id>.txt``;
:mod:`jixiao.stores.tables` holds ``tables/*.parquet`` and is the only one that loads pyarrow.
"""
