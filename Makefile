# make run   sets everything up and annotates corpus/ into out/
# make test  sets everything up and runs the tests
# Needs Python 3.11 or newer and make; PYTHON=… chooses another interpreter.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SET_UP := $(VENV)/.set-up

.PHONY: run test test-spark check bench kills store peers fuzz mutants figures notebooks lock clean

run: $(SET_UP)
	$(BIN)/jixiao annotate corpus --out out

test: $(SET_UP)
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

# The tests on Apache Spark, which needs Java 17. pyspark is an archive of 450 MB that nothing else
# here wants, so it is not in requirements.lock; once it is there, make test runs these tests too.
test-spark: $(VENV)/.spark
	$(BIN)/python -m pytest tests/integration/test_spark.py

$(VENV)/.spark: $(SET_UP) requirements-spark.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --requirement requirements-spark.lock
	touch $@

# What CI runs besides the tests: lint, format, types, import directions.
check: $(SET_UP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(SET_UP)
	$(BIN)/python tests/performance/measure_speed.py
	$(BIN)/python tests/performance/measure_reading.py

# 20,000 generated reports, the command killed 20 times and resumed: the bytes must be the same.
kills: $(SET_UP)
	$(BIN)/python tests/performance/kill_and_resume.py $(KILLS)

# Questions to a table of ten million facts: seconds and megabytes.
store: $(SET_UP)
	$(BIN)/python tests/performance/measure_store.py

# jixiao beside other readers of amounts and percentages, which are no dependencies of it: they get
# an environment of their own. Recognizers-Text imports a name that the newest emoji lacks.
PEERS_VENV := .venv-peers
PEERS := jionlp==1.5.31 jiojio==1.2.8 emoji==0.6.0 recognizers-text-suite==1.0.2a2 \
  recognizers-text==1.0.2a2 recognizers-text-number==1.0.2a2 recognizers-text-number-with-unit==1.0.2a2 \
  recognizers-text-date-time==1.0.2a2 recognizers-text-sequence==1.0.2a2 recognizers-text-choice==1.0.2a2

peers: $(PEERS_VENV)/.set-up
	$(PEERS_VENV)/bin/python tests/performance/compare_peers.py

$(PEERS_VENV)/.set-up: pyproject.toml Makefile
	$(PYTHON) -m venv $(PEERS_VENV)
	$(PEERS_VENV)/bin/python -m pip install --quiet --disable-pip-version-check $(PEERS) --editable '.[pdf]'
	touch $@

# 10,000 files broken at random: none may crash or hang; a test run breaks 120.
fuzz: $(SET_UP)
	JIXIAO_MUTATIONS=10000 $(BIN)/python -m pytest tests/robustness

# Each row of knowledge and each rule deleted in turn: a case of tests/cases must fail.
mutants: $(SET_UP)
	$(BIN)/python tests/mutation/run_mutations.py

# The accuracy table of the README: specimens, and real reports where JIXIAO_REPORTS names a folder.
figures: $(SET_UP)
	$(BIN)/python -m jixiao.training.figures

# Run the notebooks from clean kernels and store their output.
notebooks: $(SET_UP)
	cd notebooks && env -u JIXIAO_REPORTS ../$(BIN)/python -m jupyter nbconvert --to notebook --execute --inplace *.ipynb

$(SET_UP): pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

# Resolve the dependencies again: every platform, every Python from 3.11 on.
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
  --no-annotate
lock: $(SET_UP)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile $(LOCK) --extra all --group dev --output-file requirements.lock pyproject.toml
	$(BIN)/uv pip compile $(LOCK) --group spark --output-file requirements-spark.lock

clean:
	rm -rf $(VENV) $(PEERS_VENV) out .pytest_cache .mypy_cache .ruff_cache .benchmarks
