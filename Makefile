# What there is to run. `make help` lists the targets; everything stays in this folder but download caches.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# Programs start four times quicker from compiled modules; some machines switch those off.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,\
	$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
PIP := $(BIN)/python -m pip install --disable-pip-version-check
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --quiet
TESTS ?= tests
JOBS ?= auto
CHAOS ?=

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: install
install: $(VENV)/.installed ## make .venv with the locked dependencies and .venv/bin/voicebot

.PHONY: model
model: $(VENV)/.installed ## fetch the English speech model, unless it is there
	@$(BIN)/voicebot model install

.PHONY: demo
demo: model ## ring the hotline with a natural voice and watch the case, the promise and its breach
	@$(BIN)/voicebot demo

.PHONY: test
test: format lint types floors flows tests ## everything that CI checks
	@echo "== all checks passed"

.PHONY: format
format: $(VENV)/.installed-dev ## is the code formatted?
	@echo "== format: ruff format --check"
	@$(BIN)/ruff format --check .

.PHONY: lint
lint: $(VENV)/.installed-dev ## does the code keep our rules of writing?
	@echo "== lint: ruff check"
	@$(BIN)/ruff check .

.PHONY: types
types: $(VENV)/.installed-dev ## do the types agree?
	@echo "== types: mypy, strict"
	@$(BIN)/mypy

.PHONY: floors
floors: $(VENV)/.installed-dev ## do imports point down the floors only?
	@echo "== floors: import-linter"
	@$(BIN)/lint-imports

.PHONY: flows
flows: $(VENV)/.installed-dev ## are the call flows whole in every locale?
	@echo "== flows: voicebot flows check"
	@$(BIN)/voicebot flows check

.PHONY: tests
tests: $(VENV)/.installed-dev model ## the tests, with coverage (TESTS=tests/flow for a part, without its floor)
	@echo "== tests: pytest $(TESTS)$(if $(filter tests,$(TESTS)),, with 90 % coverage)"
	@$(BIN)/pytest $(TESTS) --numprocesses $(JOBS) --dist loadfile \
		$(if $(filter tests,$(TESTS)),--cov --cov-report term:skip-covered --cov-fail-under 90)

.PHONY: chaos
chaos: $(VENV)/.installed-dev model ## bring about every fault with many callers and count what is lost (CHAOS="--minutes 60", "--scenario kill")
	@$(BIN)/python -m tests.chaos $(CHAOS)

.PHONY: lock
lock: $(VENV)/.installed-dev ## renew the lock files from pyproject.toml (UPGRADE=--upgrade for newer releases)
	@$(LOCK) $(UPGRADE) --extra build --output-file requirements.lock
	@$(LOCK) $(UPGRADE) --extra build --extra dev --constraint requirements.lock --output-file requirements-dev.lock
	@echo "wrote requirements.lock and requirements-dev.lock"

.PHONY: clean
clean: ## remove what was made here: .venv, caches, demo data (not data/)
	rm -rf $(VENV) demo-data .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.* htmlcov
	find voicebot tests -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "voicebot needs Python 3.11 or newer: install it, or name it with make PYTHON=/path/to/python3"; exit 1; }
	@echo "== making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
		echo "this Python cannot make virtual environments yet: install its venv package (Debian, Ubuntu: sudo apt-get install python3-venv)"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	@echo "== installing the locked dependencies (once; about a minute)"
	@$(PIP) --require-hashes --requirement requirements.lock
	@$(PIP) --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "== installing what the checks need"
	@$(PIP) --require-hashes --requirement requirements-dev.lock
	@touch $@
