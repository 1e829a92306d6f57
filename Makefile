# `make` lists the commands. Nothing is needed but python3, make and git: the rest is installed when it is first used.
SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help run reset test test-services test-browser test-long lint format bench coverage messages lock

SYSTEM_PYTHON := $(firstword $(wildcard /usr/bin/python3) python3)
PYTHON := .venv/bin/python
PREPARE := @exec env PYTHONPATH=.ci $(SYSTEM_PYTHON) -m tooling.bootstrap
TOOLING := @exec env PYTHONPATH=.ci $(PYTHON) -m
COMPILE := $(PYTHON) -m uv pip compile --quiet --python-version 3.11.2 --generate-hashes
WORKERS ?= 2
PYTEST := $(PYTHON) -m pytest -n $(WORKERS)
ALONE := -m "not services and not postgres and not browser and not long" --ignore=tests/journeys --ignore=tests/services

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Start the academy with its demo on http://localhost:8000/ (PORT=… for another port)
	$(PREPARE) run

reset: ## Set the demo's data aside; the next `make run` begins afresh
	$(PREPARE) reset

test: ## Run the tests that need no server (ARGS="-k enrol" for some of them)
	$(PREPARE) test
	@$(PYTEST) $(ALONE) $(ARGS)

test-services: ## Run the tests on PostgreSQL and reach Elasticsearch, both started and stopped here
	$(PREPARE) services
	@$(PYTHON) -m tests.services -n $(WORKERS) $(ARGS)

test-browser: ## Run the journeys in Chromium
ifneq ($(shell find tests/journeys -name 'test_*.py' 2>/dev/null),)
	$(PREPARE) browser
	@$(PYTEST) tests/journeys -p no:randomly $(ARGS)
else
	@echo "No journeys yet."
endif

test-long: ## Run the tests that take too long for every change
	$(PREPARE) test
	@$(PYTEST) -m long --ignore=tests/journeys --ignore=tests/services $(ARGS)

lint: ## Check style, types, floors, templates, migrations and translations
	$(PREPARE) lint
	$(TOOLING) tooling.lint

format: ## Format the Python code and mend what can be mended without thought
	$(PREPARE) test
	@$(PYTHON) -m ruff check --fix . ; $(PYTHON) -m ruff format .

bench: ## Measure, as ratios within one run, and compare with the limits
	$(PREPARE) test
	@$(PYTHON) -m tests.benchmarks $(ARGS)

coverage: ## Run the tests and tell which lines they leave out
	$(PREPARE) test
	@$(PYTHON) -m coverage run -m pytest -n $(WORKERS) $(ALONE) $(ARGS)
	@$(PYTHON) -m coverage combine --quiet && $(PYTHON) -m coverage report

messages: ## Collect the interface texts into locale/, for translation
	$(PREPARE) messages
	$(TOOLING) tooling.translations collect

lock: ## Compile the lock files from pyproject.toml (ARGS="--upgrade" for newer versions)
	$(PREPARE) test
	@$(COMPILE) pyproject.toml -o requirements.txt $(ARGS)
	@$(COMPILE) pyproject.toml --extra dev -c requirements.txt -o tests/requirements.txt $(ARGS)
	@echo uv | $(COMPILE) - --no-header --no-annotate -o .ci/uv.txt $(ARGS)
