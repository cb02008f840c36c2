# `make` sets everything up in .venv; `make demo` runs the main job; `make test` sets up and passes the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
# What the program needs, and what working on it needs as well.
READY := $(VENV)/.ready
DEVELOP := $(VENV)/.develop

.PHONY: all demo test lint conformance fuzz bench vectors dist lock clean

all: $(DEVELOP)

$(READY): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	@touch $@

$(DEVELOP): $(READY)
	$(PIP) --editable '.[dev]'
	@touch $@

demo: $(READY)
	$(BIN)/pratique demo

test: lint
	$(BIN)/python -m pytest

lint: all
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy

conformance: all
	$(BIN)/python -m pytest -m conformance

fuzz: all
	FUZZ_EXAMPLES=100000 $(BIN)/python -m pytest tests/property

bench: all
	$(PYTHON) -m venv .bench
	.bench/bin/python -m pip install --quiet --disable-pip-version-check cwt
	$(BIN)/python -m benchmarks

vectors: all
	$(BIN)/python -m tests.vectors.generate

dist: $(READY)
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

lock: all
	$(BIN)/python -m pip freeze --exclude-editable > constraints.txt

clean:
	rm -rf $(VENV) .bench build dist demo *.egg-info
