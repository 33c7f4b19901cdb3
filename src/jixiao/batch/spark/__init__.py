"""Apache Spark, the engine for more than one machine can do.

``session`` starts Spark, ``frames`` annotates a DataFrame and makes tables of it, ``engine`` stands
in for the local pool in a run into a folder. What the executors run is in ``tasks``, which knows
nothing of Spark. Only ``session`` imports pyspark, when it is called.
"""
