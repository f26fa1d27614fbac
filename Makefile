# `make serve` and `make test` do all their own set-up; every other target is a step of theirs.
.DELETE_ON_ERROR:
.PHONY: serve test bench build install check lint unit browser clean

PYTHON ?= python3
PORT ?= 8001
BIN := .venv/bin

serve: build
	$(BIN)/datasette . --port $(PORT)

build: .venv/site.stamp
	$(BIN)/python build_db.py

test: .venv/test.stamp browser lint unit

lint: .venv/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --processes 2 census/schema.sql canned_queries

unit: .venv/test.stamp
	$(BIN)/python -m pytest

bench: .venv/test.stamp
	$(BIN)/python benchmarks/bench.py

browser:
	tools/install-chromium

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' || \
		{ echo "Python's venv is missing; on Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/site.stamp: requirements.lock setup.cfg | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

.venv/test.stamp: requirements-test.lock setup.cfg | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@ .venv/site.stamp

clean:
	rm -rf .venv census.db inspect-data.json charts
