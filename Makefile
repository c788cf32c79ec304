# The front door. `make run` shows a match and serves the demo region; `make test` proves the house.
PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2
# The PostgreSQL that `make test` uses when it answers; the suite makes and drops its own database there.
TEST_DATABASE_URL ?= postgresql://$(shell id -un)@/ronglian
ADDRESS ?= 127.0.0.1
PORT ?= 8000

# The suite starts dozens of Python processes. Where the environment forbids byte code, each would compile everything anew.
export PYTHONDONTWRITEBYTECODE :=

BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.installed-run
DEV_STAMP := $(VENV)/.installed-dev
ASSETS := src/ronglian/web/static/vendor/icons.svg
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# Which tests: `make test MARK=slow` is `make test-slow` with lint.
MARK ?= not slow

.PHONY: help run test test-slow reliability test-sqlite test-postgresql lint format bench assets requirements reference bench-matching ocds-schema
help:
	@echo "make run           install, load the demo region, show a match, serve on http://$(ADDRESS):$(PORT)"
	@echo "make test          lint, types and tests on SQLite, and on PostgreSQL where one answers"
	@echo "make reliability   every bit, kill and crash of tests/reliability, on both databases"
	@echo "make test-slow     the tests that \`make test\` leaves out or samples, on both databases"
	@echo "make lint          ruff, mypy --strict, import-linter"
	@echo "make format        let ruff rewrite what it can"
	@echo "make bench         measure the matching quality, print the table, renew the site's figures"
	@echo "make bench-matching  measure speed and size of matching beside bm25s and tantivy, 10k to 1M records"
	@echo "make assets        install the front-end parts"
	@echo "make reference     renew the generated pages of docs/reference"
	@echo "make requirements  renew the pinned requirement files"

run: $(RUN_STAMP) $(ASSETS)
	$(BIN)/ronglian setup
	$(BIN)/ronglian demo
	$(BIN)/ronglian serve --address $(ADDRESS) --port $(PORT)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Ronglian needs Python 3.11 or newer: make run PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "python3 -m venv failed. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

# --no-build-isolation: the build uses the pinned setuptools instead of fetching another.
$(RUN_STAMP): requirements/run.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r requirements/run.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): requirements/dev.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r requirements/dev.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@ $(RUN_STAMP)

assets: $(ASSETS)

$(ASSETS): package-lock.json tools/assets.py | $(BIN)/python
	@command -v npm >/dev/null || $(PIP) --require-hashes -r requirements/node.txt
	$(BIN)/python tools/assets.py
	@touch $@

test: lint test-sqlite test-postgresql

# Minutes: whole corpora, files of thousands of rows, the documentation's commands, mutants of the policy.
reliability: $(DEV_STAMP) $(ASSETS)
	env -u DATABASE_URL RONGLIAN_RELIABILITY=1 $(BIN)/pytest -n $(WORKERS) -m "slow or not slow" tests/reliability
	@if $(BIN)/python tools/postgresql.py "$(TEST_DATABASE_URL)"; then \
	  DATABASE_URL="$(TEST_DATABASE_URL)" RONGLIAN_RELIABILITY=1 $(BIN)/pytest -n $(WORKERS) -m "slow or not slow" tests/reliability; fi

test-slow:
	$(MAKE) test-sqlite test-postgresql MARK=slow

test-sqlite: $(DEV_STAMP) $(ASSETS)
	env -u DATABASE_URL $(BIN)/pytest -n $(WORKERS) -m "$(MARK)"

# Where CI is set, a database that does not answer is a failure; on a person's machine it is only said.
test-postgresql: $(DEV_STAMP) $(ASSETS)
	@if $(BIN)/python tools/postgresql.py "$(TEST_DATABASE_URL)"; then \
	  echo DATABASE_URL=$(TEST_DATABASE_URL) $(BIN)/pytest -n $(WORKERS) --only-database -m \"$(MARK)\"; \
	  DATABASE_URL="$(TEST_DATABASE_URL)" $(BIN)/pytest -n $(WORKERS) --only-database -m "$(MARK)"; \
	elif [ -n "$$CI" ]; then exit 1; \
	else echo "The tests did not run on PostgreSQL. TEST_DATABASE_URL=postgresql://… names another."; fi

lint: $(DEV_STAMP)
	$(BIN)/ruff check src tests tools benchmarks
	$(BIN)/ruff format --check src tests tools benchmarks
	$(BIN)/mypy src/ronglian
	$(BIN)/lint-imports

# The published schema of OCDS travels with the sources of a package of its keepers; it is fetched, not kept here.
OCDS = ocdsmerge-0.8.0
ocds-schema: $(DEV_STAMP) $(ASSETS)
	$(BIN)/python -m pip download --quiet --no-deps --no-binary :all: --dest build/ocds $(subst ocdsmerge-,ocdsmerge==,$(OCDS))
	tar -xzf build/ocds/$(OCDS).tar.gz -C build/ocds
	RONGLIAN_OCDS_SCHEMA=build/ocds/$(OCDS)/tests/fixtures/release-schema-1__1__4.json $(BIN)/pytest -n0 tests/apps/challenges/test_ocds.py

format: $(DEV_STAMP)
	$(BIN)/ruff check --fix src tests tools benchmarks
	$(BIN)/ruff format src tests tools benchmarks

bench: $(DEV_STAMP)
	$(BIN)/python -m benchmarks.matching.quality --measured

# The peers live in an environment of their own. 1M takes about 8 GB of memory and half an hour: SIZES="10k 100k" leaves it out.
SIZES ?= 10k 100k 1m
bench-matching: $(DEV_STAMP)
	$(PYTHON) -m venv build/bench
	build/bench/bin/python -m pip install --quiet -e ".[bench]"
	for size in $(SIZES); do build/bench/bin/python -m benchmarks.matching.scale --size $$size || exit 1; done

reference: $(DEV_STAMP)
	$(BIN)/python tools/cli_reference.py > docs/reference/cli.md

# uv resolves for every platform at once and writes all hashes; it stays out of the project's environment.
requirements:
	$(PYTHON) -m venv build/pins
	build/pins/bin/python -m pip install --quiet uv
	cd requirements && for set in run dev cluster; do \
	  case $$set in run) extras="--extra web --extra postgres --extra dense";; *) extras="--extra $$set";; esac; \
	  ../build/pins/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-annotate --no-emit-index-url --upgrade $$extras ../pyproject.toml build.in -o $$set.txt || exit 1; done
	cd requirements && ../build/pins/bin/uv pip compile --quiet --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --no-emit-index-url --upgrade node.in -o node.txt
