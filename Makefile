# Everything a developer or an admin does here, one word each. `make help` lists it.
#
# Each target does the set-up that it needs; stamp files under .venv make that quick the second time.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.ready-to-run
TEST_STAMP := $(VENV)/.ready-to-test
BROWSER_STAMP := $(VENV)/.ready-to-browse
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header
PYTEST := $(BIN)/pytest -q
SIDE_BY_SIDE := $(PYTEST) -n 2 --dist loadgroup

.DEFAULT_GOAL := help
.PHONY: help setup run test test-long unit browser bench lint format types migration words lock audit wheel conformance

help: ## say what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: $(TEST_STAMP) $(BROWSER_STAMP) ## make the environment with everything for tests

run: $(RUN_STAMP) ## serve on this machine, with everything under ./instance: make run ARGS="--language fr"
	$(BIN)/coursekeep --instance instance serve $(ARGS)

test: lint ## check the code, then run all tests but the long ones
	$(SIDE_BY_SIDE) -m "not browser and not alone and not long"
	$(SIDE_BY_SIDE) -m "browser and not long"
	$(PYTEST) -m "alone and not long"

test-long: $(TEST_STAMP) $(BROWSER_STAMP) ## run the sweeps and loads that take their time
	$(PYTEST) -m long

unit: $(TEST_STAMP) ## run the tests that need no process of their own
	$(SIDE_BY_SIDE) -m "not system and not browser and not long"

browser: $(TEST_STAMP) $(BROWSER_STAMP) ## run the tests in a browser
	$(SIDE_BY_SIDE) -m "browser and not long"

bench: $(TEST_STAMP) ## print what work costs here beside the least it could cost: make bench SIZES="small medium"
	$(BIN)/python -m tests.bench $(SIZES)

conformance: $(TEST_STAMP) ## take real archives through it all, and write what was kept: make conformance DIR=folder
	@test -n "$(DIR)" || { echo 'Say where the archives are: make conformance DIR=../archives'; exit 2; }
	$(BIN)/python -m tests.conformance "$(DIR)"

lint: $(TEST_STAMP) $(BROWSER_STAMP) types ## check style, types, layers and templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --lint --quiet webapp/templates

types: $(TEST_STAMP) ## check types
	$(BIN)/mypy

format: $(TEST_STAMP) ## put the code in its usual shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

migration: $(TEST_STAMP) ## write the step to the tables as the models are now: make migration m="say what"
	@test -n "$(m)" || { echo 'Say what changes: make migration m="add a colour to courses"'; exit 2; }
	$(BIN)/python -m webapp.migrate "$(m)"

words: $(TEST_STAMP) ## gather every text that pages say into the files of translations
	$(BIN)/python -m tests.words

lock: ## write the lock files anew from pyproject.toml (needs uv)
	$(LOCK) --extra fast pyproject.toml -o requirements.lock
	$(LOCK) --extra fast --group dev pyproject.toml -o requirements-dev.lock
	$(LOCK) --group build -o requirements-build.lock

audit: $(TEST_STAMP) ## look for known holes in what we depend on (needs the network)
	$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements.lock

wheel: $(TEST_STAMP) ## build the package into dist/
	$(BIN)/python -m build --wheel --no-isolation

$(BIN)/python:
	@.ci/make-venv "$(PYTHON)" $(VENV)

$(RUN_STAMP): requirements.lock requirements-build.lock pyproject.toml | $(BIN)/python
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock -r requirements-build.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(TEST_STAMP): requirements-dev.lock requirements-build.lock pyproject.toml | $(BIN)/python
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock -r requirements-build.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(RUN_STAMP)

$(BROWSER_STAMP): | $(TEST_STAMP)
	@tests/browser/find-chromium $(BIN) && touch $@
