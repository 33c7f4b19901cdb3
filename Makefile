# make run   sets everything up and annotates corpus/ into out/
# make test  sets everything up and runs the tests
# Needs Python 3.11 or newer and make; PYTHON=… chooses another interpreter.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SET_UP := $(VENV)/.set-up

.PHONY: run test check bench fuzz figures lock clean

run: $(SET_UP)
	$(BIN)/jixiao annotate corpus --out out

test: $(SET_UP)
	$(BIN)/python -m pytest

# What CI runs besides the tests: lint, format, types, import directions.
check: $(SET_UP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(SET_UP)
	$(BIN)/python -m pytest tests/performance --benchmark-enable --benchmark-only --benchmark-columns=min,median,rounds
	$(BIN)/python tests/performance/measure_reading.py

# 10,000 files broken at random: none may crash or hang; a test run breaks 120.
fuzz: $(SET_UP)
	JIXIAO_MUTATIONS=10000 $(BIN)/python -m pytest tests/robustness

# The accuracy table of the README: specimens, and real reports where JIXIAO_REPORTS names a folder.
figures: $(SET_UP)
	$(BIN)/python -m jixiao.training.figures

$(SET_UP): pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

# Resolve the dependencies again: every platform, every Python from 3.11 on.
lock: $(SET_UP)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --all-extras \
	  --group dev --no-header --no-emit-index-url --no-annotate --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) out .pytest_cache .mypy_cache .ruff_cache .benchmarks
