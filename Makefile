.PHONY: simulate crash demo test lint types contracts pytest browser prism image-check image-lint lock audit forge-lint format clean bench storm
VENV ?= .venv
PY := $(VENV)/bin/python
PYTHON ?= python3

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "cmmc-jira needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

demo: $(VENV)/.ready  ## set up, run the main job, serve a browsable Jira
	$(VENV)/bin/cmmc-jira demo $(DEMO)

test: lint types contracts pytest  ## everything

lint: $(VENV)/.ready
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

types: $(VENV)/.ready
	$(VENV)/bin/mypy

contracts: $(VENV)/.ready
	$(VENV)/bin/lint-imports

pytest: $(VENV)/.ready
	$(PY) -m pytest -n auto

$(VENV)/.browser: $(VENV)/.ready
	$(PY) -m pip install --quiet --disable-pip-version-check --editable '.[browser]'
	touch $@

browser: $(VENV)/.browser  ## the pages in a headless Chromium, which must be there: apt-get install chromium
	$(PY) -m pytest tests/browser

image-check: $(VENV)/.ready  ## the image's steps and its confinement without an engine: needs root on Linux
	$(PY) -m pytest tests/image

$(VENV)/.image: $(VENV)/.ready
	$(PY) -m pip install --quiet --disable-pip-version-check --editable '.[image]'
	touch $@

image-lint: $(VENV)/.image  ## the Dockerfile as hadolint sees it
	$(VENV)/bin/hadolint --no-color docker/Dockerfile

lock: $(VENV)/.image  ## docker/requirements.txt anew: the newest libraries that pyproject.toml allows
	mkdir -p build
	head -2 docker/requirements.txt > build/requirements.txt
	$(VENV)/bin/uv pip compile --quiet --generate-hashes --no-header --no-annotate --python-version 3.11 \
	  --python-platform linux --extra postgres pyproject.toml >> build/requirements.txt
	mv build/requirements.txt docker/requirements.txt

# Needs a vulnerability service: PyPI's own, or OSV with AUDIT="--vulnerability-service osv". Behind an index that
# offers none nothing can be known: --strict then fails and names what was not looked up, where pip-audit would say 0.
audit: $(VENV)/.ready  ## whether a library that docker/requirements.txt locks is known to be vulnerable
	$(PYTHON) -m venv build/audit
	build/audit/bin/pip install --quiet --disable-pip-version-check 'pip-audit>=2.10,<3'
	build/audit/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off \
	  --requirement docker/requirements.txt $(AUDIT)

build/forge-lint/.ready: Makefile
	mkdir -p build/forge-lint
	npm install --silent --no-audit --no-fund --ignore-scripts --prefix build/forge-lint @forge/manifest@13.7.0 tslib@2
	touch $@

prism: $(VENV)/.ready  ## a second opinion on Atlassian's documents: needs node, npm and CMMC_JIRA_OPENAPI_DIR
	@test -d "$$CMMC_JIRA_OPENAPI_DIR" || { echo "Prism has nothing to hold to: CMMC_JIRA_OPENAPI_DIR names no folder of Atlassian's documents."; exit 2; }
	mkdir -p build/prism
	npm install --silent --no-audit --no-fund --ignore-scripts --prefix build/prism @stoplight/prism-cli@5.14.2
	$(PY) -m pytest tests/prism

forge-lint: build/forge-lint/.ready  ## the Forge manifest as Atlassian's own validation sees it: needs node and npm
	NODE_PATH=build/forge-lint/node_modules node manifests/forge-lint.js manifests/cmmc_manifests/forge

format: $(VENV)/.ready
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

SEEDS ?= 10000
simulate: $(VENV)/.ready  ## many histories in virtual time, each from a seed: make simulate SEEDS=500
	cd tests && PYTHONHASHSEED=0 ../$(PY) -m simulation --seeds $(SEEDS)

bench: $(VENV)/.ready  ## figures beside plain things, in one run; BENCH="edit --json" is one section alone
	PYTHONPATH=tests $(PY) -m bench $(BENCH)

crash: $(VENV)/.ready  ## die before and after every outside effect of every story, with every lag of the index
	PYTHONPATH=tests $(PY) -m crashes $(CRASH)

storm: $(VENV)/.ready  ## minutes of processes killed at random under load, on SQLite and PostgreSQL
	PYTHONPATH=tests $(PY) -m support.storm

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
