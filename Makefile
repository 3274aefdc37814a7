# make serve | test | check | docs | bench: each makes the environment it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTHON_FILES := service tests deploy benchmarks examples

export WEB_CONCURRENCY ?= 2

.PHONY: serve test check docs bench clean

serve: $(VENV)/.runtime  ## run the service on http://127.0.0.1:8000
	@SHAPEWRIGHT_LOG_FORMAT=$${SHAPEWRIGHT_LOG_FORMAT:-text} \
	$(BIN)/gunicorn -c deploy/gunicorn.conf.py shapewright.wsgi:app

test: $(VENV)/.development  ## run the tests
	$(BIN)/python -m pytest -q

check: $(VENV)/.development  ## format, lint, types, floors
	$(BIN)/ruff format --check $(PYTHON_FILES)
	$(BIN)/ruff check $(PYTHON_FILES)
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.development  ## refresh what is generated: openapi.yaml and the README's settings
	$(BIN)/python -m shapewright.api.openapi > openapi.yaml.new
	mv openapi.yaml.new openapi.yaml
	$(BIN)/python -m shapewright.api.settings README.md

bench: $(VENV)/.benchmarks  ## measure beside others, and put the figures into benchmarks/README.md
	$(BIN)/python -m benchmarks $(CANDIDATES)

clean:  ## remove everything that was made
	rm -rf $(VENV) build *.egg-info service/*.egg-info .*_cache .hypothesis

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed, this is " + sys.version)'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: pyproject.toml | $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.development: pyproject.toml | $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.runtime

$(VENV)/.benchmarks: pyproject.toml | $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@ $(VENV)/.runtime
