# `make serve` and `make test` do all their own set-up; every other target is a step of theirs.
.DELETE_ON_ERROR:
.PHONY: serve free-port test quick bench bench-large bench-growth bench-repository build install check lint unit browser clean
.PHONY: calibrate calibrate-if-needed record-vintage-if-needed collect collect-channels backfill export smoke smoke-live publish wait-for-hash restore commit-day is-current
.PHONY: record-build report-failure report-success review report-review release keep-schedules
.PHONY: record-ages freshness freshness-live watch
.PHONY: test-spark first-run sbom audit alpha lock propose-lock image

PYTHON ?= python3
PORT ?= 8001
BIN := .venv/bin

serve: free-port build
	PORT=$(PORT) tools/serve

# Before the build, which takes minutes: can anybody serve there?
free-port:
	@$(PYTHON) tools/free_port.py "$${HOST:-127.0.0.1}" "$(PORT)"

install: .venv/site.stamp

build: .venv/site.stamp
	$(BIN)/python build_db.py $(BUILD_FLAGS)

test: .venv/test.stamp browser lint unit

lint: .venv/test.stamp .venv/sql.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/zizmor --offline --no-progress --quiet .github
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema custom.github-workflows-require-timeout .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/*-*.yml

# All SQL takes half a minute on two cores, so only what has changed since it was last found good;
# all of it after a change of the rules.
SQL := census/database/schema.sql $(wildcard canned_queries/*.sql)
SQL_RULES := setup.cfg requirements-test.lock

.venv/sql.stamp: $(SQL) $(SQL_RULES) | .venv/test.stamp
	$(BIN)/sqlfluff lint --processes 2 $(if $(filter $(SQL_RULES),$?),$(SQL),$(filter $(SQL),$?))
	touch $@

# With an empty value code is compiled once, and not again by every process that a test starts.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

unit: .venv/test.stamp
	$(PYTEST)

# For people at work: the linters, and all but the browser and what takes long.
quick: .venv/test.stamp lint
	$(PYTEST) -m "not slow"

bench: .venv/test.stamp build
	$(BIN)/python benchmarks/bench.py
	$(BIN)/python benchmarks/bench_pages.py
	$(BIN)/python benchmarks/bench_answers.py
	$(BIN)/python benchmarks/bench_free_sql.py

bench-large: .venv/test.stamp
	$(BIN)/python benchmarks/bench_series.py
	$(BIN)/python benchmarks/bench_large.py

# The build of made-up days beside the bundled ones; SIZES such as 30x4000, all three if not given.
bench-growth: .venv/test.stamp
	$(BIN)/python benchmarks/bench_growth.py $(SIZES)

# The size of a repository after three years of daily commits, or of SIZES.
bench-repository: .venv/test.stamp
	$(BIN)/python benchmarks/bench_repository.py $(SIZES)

# The questions in Spark SQL, in an environment of its own; it needs a Java (17 or newer).
test-spark: .venv-spark/stamp
	PYTHONPATH=. .venv-spark/bin/python -m pytest --noconftest -p no:cacheprovider tests/spark_questions.py

browser:
	tools/install-chromium

# The daily round: each is a command of build_db.py, set by the environment (see its --help).
collect check commit-day export is-current publish record-build report-failure report-success \
restore wait-for-hash collect-channels record-ages freshness: .venv/site.stamp
	$(BIN)/python build_db.py $@

# Hides known counts and says how often the intervals hold; publishing needs its table.
calibrate: .venv/site.stamp
	$(BIN)/python build_db.py calibrate

# Keeps what is published, once a month and after a change of a rule; the next build has it too.
record-vintage-if-needed: .venv/site.stamp
	$(BIN)/python build_db.py record-vintage --if-needed

calibrate-if-needed: .venv/site.stamp
	$(BIN)/python build_db.py calibrate --if-needed

# Past days from a public archive: ARCHIVE, and SINCE and UNTIL if given.
backfill: .venv/site.stamp
	$(BIN)/python build_db.py backfill "$$ARCHIVE" \
		$${SINCE:+--since "$$SINCE"} $${UNTIL:+--until "$$UNTIL"}

# The first deployment rehearsed against stand-ins; FIRST_RUN_FLAGS=--here does it with the real Hub.
first-run: .venv/test.stamp
	$(BIN)/python tools/first_run.py $(FIRST_RUN_FLAGS)

# The site at URL, or the built one, served for the time of the test.
smoke: .venv/site.stamp
	$(BIN)/python build_db.py smoke $(if $(URL),--url "$(URL)")

smoke-live: .venv/site.stamp
	$(BIN)/python build_db.py smoke --url "$$CENSUS_SITE_URL"

# How old the sources of the public site are; a stale one that blocks is a fault.
freshness-live: .venv/site.stamp
	$(BIN)/python build_db.py freshness --url "$$CENSUS_SITE_URL"

# From outside of the daily round: is the public site there, and are its data new?
watch: .venv/site.stamp
	$(BIN)/python build_db.py watch --report "$$CENSUS_SITE_URL"

review: .venv/site.stamp
	$(BIN)/python build_db.py review --out review.md

report-review: .venv/site.stamp
	$(BIN)/python build_db.py report-review review.md

# A dated name for the published data, and a release of this repository that points to it.
release: .venv/site.stamp
	$(BIN)/python build_db.py tag-release
	$(BIN)/python build_db.py release-observations
	tools/release

# GitHub switches schedules off after 60 days without activity, unless they are switched on again.
keep-schedules:
	tools/keep-schedules

image:
	docker build --tag open-model-census .

# Known faults of the locked dependencies.
audit: .venv/ops.stamp
	.venv-ops/bin/pip-audit --require-hashes --disable-pip -r requirements.lock
	.venv-ops/bin/pip-audit --require-hashes --disable-pip -r requirements-test.lock

# What the site is made of: every locked package with its hashes, in CycloneDX's form.
sbom: .venv/ops.stamp
	.venv-ops/bin/cyclonedx-py requirements --output-reproducible --of JSON -o sbom.cdx.json requirements.lock

# The site's tests on the newest pre-release of Datasette; nothing depends on its outcome.
alpha: .venv/test.stamp
	tools/test-alpha

# The newest versions that the ranges in setup.cfg allow, with hashes.
lock: .venv/ops.stamp
	.venv-ops/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-annotate --no-header --extra mcp -o requirements.lock setup.cfg
	.venv-ops/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-annotate --no-header --extra mcp --extra test -o requirements-test.lock setup.cfg
	.venv-ops/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-annotate --no-header --extra spark -o requirements-spark.lock setup.cfg

propose-lock:
	tools/propose-lock

.venv/ops.stamp: requirements-ops.lock | .venv/bin/python
	$(PYTHON) -m venv .venv-ops
	.venv-ops/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-ops.lock
	touch $@

.venv-spark/stamp: requirements-spark.lock | .venv/bin/python
	@java -version 2>/dev/null || { echo "Spark needs a Java; on Debian or Ubuntu: apt-get install default-jre-headless"; exit 1; }
	$(PYTHON) -m venv .venv-spark
	.venv-spark/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-spark.lock
	touch $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' || \
		{ echo "Python's venv is missing; on Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

# Python compiles a module when it is first imported; all of them would take as long as installing.
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile

.venv/site.stamp: requirements.lock setup.cfg | .venv/bin/python
	$(PIP_INSTALL) --require-hashes -r requirements.lock
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	touch $@

.venv/test.stamp: requirements-test.lock setup.cfg | .venv/bin/python
	$(PIP_INSTALL) --require-hashes -r requirements-test.lock
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	touch $@ .venv/site.stamp

clean:
	rm -rf .venv .venv-ops .venv-alpha .venv-spark census.db inspect-data.json status.json charts
