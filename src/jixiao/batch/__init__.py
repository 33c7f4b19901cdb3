"""Many reports: the unit of work, the pool that runs it, and a whole run into a folder.

:func:`jixiao.batch.run.annotate_paths` is the way in; :func:`jixiao.batch.unit.annotate_batch` is
the unit every engine calls. Both load pyarrow, so neither is imported here.
"""
