# Needs only python3 (3.11 or newer), make and git; everything else goes into .venv from the hashed locks.
#   make demo    a made-up athlete, no account needed        make test    every check, each page in a browser
#   make run     the real thing                              make help    what else there is

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
ARGS   ?=

# A folder of real recordings makes some tests bite; without it they are skipped and say so.
ifndef SPRINGSTEP_REAL_DATA
ifneq ($(wildcard ../shared/data),)
export SPRINGSTEP_REAL_DATA := $(abspath ../shared/data)
endif
endif

# What is in use is taken from $CHROMIUM first, then from PATH.
CHROMIUM ?= $(firstword $(shell command -v chromium 2>/dev/null) $(shell command -v chromium-browser 2>/dev/null) \
              $(shell command -v google-chrome 2>/dev/null) $(shell command -v google-chrome-stable 2>/dev/null))
export CHROMIUM

# Compiled once, not at each of the many starts, also where the surroundings forbid to keep what was compiled.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset run lan test bench test-pages test-duckdb-next torture fuzz simulate lives bench-decoders bench-merge bench-pages grade fit shots texts drawings \
        lint papers lock lock-check browser proxies clean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-24s %s\n", $$1, $$2}'

# --- for runners ----------------------------------------------------------------------------------

demo: $(VENV)/.runs  ## a made-up athlete through the real path, in a home of its own; Ctrl-C stops it
	@$(BIN)/springstep demo $(ARGS)

demo-reset: $(VENV)/.runs  ## delete the demo's home
	@$(BIN)/springstep demo --reset $(ARGS)

run: $(VENV)/.runs  ## the real thing: daemon and dashboard in the foreground
	@$(BIN)/springstep run $(ARGS)

lan: $(VENV)/.runs  ## the same for the phones at home: on the home network, with sign-in
	@$(BIN)/springstep run --lan $(ARGS)

# --- for engineers --------------------------------------------------------------------------------

# Three, as a third of the time is spent waiting; longer walks of a browser get two, since their patience is counted by
# the clock.
test: $(VENV)/.tests browser  ## every check but long walks of a browser, about nine minutes on two cores
	@$(BIN)/python -m pytest -n 3 --dist worksteal $(ARGS)

torture: $(VENV)/.tests browser  ## the slow tests: many kills, many days
	@$(BIN)/python -m pytest -m slow --timeout 3600 $(ARGS)

fuzz: $(VENV)/.tests  ## twenty minutes of spoilt files, answers and calendars; ARGS="--minutes 2" for less
	@$(BIN)/python -m bench.fuzz $(ARGS)

test-pages: $(VENV)/.tests browser proxies  ## long walks of a browser: over ten years of runs, from a phone at home, behind real proxies
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m pages $(ARGS)

# 2.x is outside what pyproject.toml allows: it goes beside .venv's own duckdb, which stays as it is.
test-duckdb-next: $(VENV)/.tests  ## the store's tests on DuckDB 2.x
	@$(PIP) install --upgrade --no-deps --only-binary :all: --target $(VENV)/duckdb-next 'duckdb>=2,<3'
	@PYTHONPATH=$(VENV)/duckdb-next $(BIN)/python -c 'import duckdb; print("DuckDB", duckdb.__version__)'
	@PYTHONPATH=$(VENV)/duckdb-next $(BIN)/python -m pytest tests/test_store.py tests/test_backup.py tests/test_engine.py tests/test_engine_one_or_two.py $(ARGS)

simulate: $(VENV)/.tests  ## a million made-up diary-days against the limits of the foot work
	@$(BIN)/python -m bench.simulate $(ARGS)

lives: $(VENV)/.tests  ## twelve weeks of 33 named runners, through the rules and through the engine; ARGS="--only trail" for one
	@$(BIN)/python -m bench.lives $(ARGS)

bench-decoders: $(VENV)/.tests  ## what each FIT decoder costs and refuses
	@$(BIN)/python -m bench.decoders $(ARGS)

bench: bench-decoders bench-merge bench-pages  ## every benchmark, one after the other

bench-merge: $(VENV)/.tests  ## how well copies of one run are told apart from other runs
	@$(BIN)/python -m bench.merge $(ARGS)

bench-pages: $(VENV)/.tests browser  ## how fast the pages are over ten years of runs
	@$(BIN)/python -m bench.pages $(ARGS)

grade: $(VENV)/.tests  ## how often the classifier is right, on a folder of real recordings
	@$(BIN)/python -m bench.grade $(ARGS)

fit: $(VENV)/.tests  ## fit the classifier's weights on a folder of real recordings
	@$(BIN)/python -m bench.fit_classifier $(ARGS)

drawings: $(VENV)/.runs  ## draw every drill again from rules/knowledge/drawings
	@$(BIN)/python -m dashboard.drawings.make

shots: $(VENV)/.tests browser  ## pictures of every page into shots/
	@$(BIN)/python -m bench.shots shots $(ARGS)

texts: $(VENV)/.tests  ## every text with what it said before, into texts.md; ARGS="--since COMMIT --changed"
	@$(BIN)/python -m bench.texts $(ARGS)

lint: $(VENV)/.tests  ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy

papers: $(VENV)/.tests  ## write the command lists of docs/operating.md and docs/design.md
	@$(BIN)/python -m bench.write_docs

lock: $(VENV)/.tests  ## resolve both locks again
	@$(BIN)/uv pip compile pyproject.toml --extra build $(LOCKING) --output-file requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --all-extras $(LOCKING) --constraint requirements.lock --output-file requirements-dev.lock

# No index address enters a lock: whoever installs uses the index their machine is set up for.
LOCKING := --quiet --universal --python-version 3.11 --generate-hashes --only-binary :all: \
           --no-header --no-annotate --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)

lock-check: $(VENV)/.tests  ## does each lock have wheels for every Python and processor we name?
	@failed=0; for lock in requirements.lock requirements-dev.lock; do \
	  for python in 3.11 3.12 3.13 3.14; do for machine in x86_64 aarch64; do \
	    if $(BIN)/uv pip install --quiet --dry-run --require-hashes --only-binary :all: --reinstall \
	         --python-version $$python --python-platform $$machine-manylinux_2_36 --target $(VENV)/.lock-check -r $$lock; \
	    then echo "$$lock  python $$python  $$machine: wheels for all"; \
	    else echo "$$lock  python $$python  $$machine: NOT installable"; failed=1; fi; \
	  done; done; done; exit $$failed

clean:  ## delete .venv and what the tests leave
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build

# --- the ground -----------------------------------------------------------------------------------

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "springstep needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1). Name another one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing python3-venv with apt ..."; apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null; \
	  else echo "Python's venv is missing. Install it with: sudo apt-get install python3-venv"; exit 1; fi; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# Dependencies by hash first, then the project itself without asking the network for anything.
$(VENV)/.runs: $(VENV)/.python requirements.lock pyproject.toml
	@echo "Installing what springstep runs on (a few minutes the first time) ..."
	@$(PIP) install --require-hashes --only-binary :all: -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/.tests: $(VENV)/.runs requirements-dev.lock
	@echo "Installing what the tests need ..."
	@$(PIP) install --require-hashes --only-binary :all: -r requirements-dev.lock
	@touch $@

# Tests behind a proxy that is not there are skipped and say so.
proxies:  ## nginx and Caddy for the tests of the page, where apt can bring them
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! { command -v nginx && command -v caddy; } >/dev/null; then \
	  apt-get update -qq && apt-get install -y -qq nginx-light caddy iproute2 >/dev/null || true; fi

browser:
	@test -n "$(CHROMIUM)" || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing Chromium with apt for the browser tests ..."; apt-get update -qq && apt-get install -y -qq chromium >/dev/null; \
	  else echo "The browser tests need Chromium: sudo apt-get install chromium, or name one: make test CHROMIUM=/path/to/chromium"; exit 1; fi; }
