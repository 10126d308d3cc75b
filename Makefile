# Every command of the project. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help rights setup page demo demo-operator demo-stop demo-clean demo-status check test test-fast engines engines-debian faults system composed screenshots \
	lock openapi bench dev dev-api dev-clean format test-unit test-packages test-provider

PY := .venv/bin/python
STATE ?= .demo
PORTS ?= 8000
PLATFORM ?= http://localhost:9000
DEMO := $(PY) -m deploy.demo
IF_MADE := @[ -x $(PY) ] || { echo "Nothing was started here yet: make demo starts it."; exit 0; };
SOURCES := services deploy tools tests
# A network namespace: engines and ports of the tests meet nothing of the machine. The engine is a
# current Docker (tests/support/engines/engine_kind.py); MYDOCKER_TEST_ENGINE_KIND=debian chooses Debian's.
INSIDE := $(PY) -m tests.support.netns --
JUST_BOOTED := $(PY) -m tests.support.netns --just-booted --
BESIDE := -m tests.support.engines.lab --
# Minutes in the list below are for two quiet cores with everything downloaded. Measured is that of
# `system`; those of the others are estimates, made from runs of their parts on a busy machine.

help: ## List these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

rights:
	@deploy/setup/rights.sh

setup: ## Install what the project needs, from the lock files
	@deploy/setup/setup.sh

demo: rights setup ## Start the whole platform on this machine (STATE=folder PORTS=first port)
	@$(DEMO) up --state $(STATE) --ports $(PORTS)

demo-operator: ## Print a link that lets the demo's operator in
	$(IF_MADE) $(DEMO) operator --state $(STATE) --ports $(PORTS)

demo-stop: ## Stop what `make demo` started; data is kept
	$(IF_MADE) $(DEMO) stop --state $(STATE) --ports $(PORTS)

demo-clean: ## Stop, and remove everything the demo made
	$(IF_MADE) $(DEMO) clean --state $(STATE) --ports $(PORTS)

page: setup ## Build the page, for the edge's image
	@$(PY) -m deploy.demo page

demo-status: ## Show what runs
	$(IF_MADE) $(DEMO) status --state $(STATE) --ports $(PORTS) || [ $$? = 3 ]

dev-api: setup ## Services on fakes of Docker, without root; DEBUG=api opens a debugger's port
	@$(PY) -m tests.support.dev up $(if $(DEBUG),--debug $(DEBUG))

dev-clean: setup ## Stop what `make dev-api` started, and forget its data
	@$(PY) -m tests.support.dev clean

dev: setup ## The page from its sources, before `make dev-api` or PLATFORM=http://localhost:8000 (the demo)
	MYDOCKER_DEV_PLATFORM=$(PLATFORM) npm --prefix frontend run dev

check: setup ## Format, lint, types, import contracts, OpenAPI, architecture, the page
	.venv/bin/ruff format --check $(SOURCES)
	.venv/bin/ruff check $(SOURCES)
	.venv/bin/mypy $(SOURCES)
	.venv/bin/lint-imports
	$(PY) -m deploy.contract --check
	$(PY) -m pytest -q tests/architecture
	npm --prefix frontend run check

format: setup ## Format the code
	.venv/bin/ruff format $(SOURCES)
	.venv/bin/ruff check --fix $(SOURCES)
	npm --prefix frontend run format

test: rights test-fast ## All tests
	@echo "Now the real parts, side by side, each in a network of its own; each speaks when it is done."
	@$(MAKE) --no-print-directory -j2 --output-sync=target system engines composed engines-debian

test-fast: rights setup test-provider test-packages ## Rules, services and the page; no engine (7 min)
	$(PY) -m pytest -q -n 3 --dist loadfile tests --ignore=tests/system --ignore=tests/compose --ignore=tests/dev --ignore=tests/benchmarks --ignore=tests/architecture \
		--ignore=tests/faults
	npm --prefix frontend test

test-unit: setup ## Rules alone: no database, no engine, no root (1 min)
	$(PY) -m pytest -q -n 2 --dist loadfile -m unit tests

engines: rights setup test-packages ## Orchestrator and builder on the current engine, faults in short (10 min)
	$(INSIDE) $(PY) $(BESIDE) $(PY) -m pytest -q tests/orchestrator/test_on_swarm.py \
		tests/orchestrator/test_life_on_swarm.py tests/orchestrator/test_starts_on_swarm.py tests/isolation tests/builder/test_on_engine.py tests/builder/test_catalogue.py \
		tests/deploy/test_lifecycle.py
	MYDOCKER_TEST_NODES=short $(INSIDE) $(PY) -m pytest -q tests/faults
	MYDOCKER_TEST_NODES=short $(INSIDE) $(PY) -m pytest -q tests/machines

engines-debian: rights setup test-packages ## Isolation and orchestrator on Debian's own engine (3 min)
	MYDOCKER_TEST_ENGINE_KIND=debian $(INSIDE) $(PY) $(BESIDE) $(PY) -m pytest -q \
		tests/isolation tests/orchestrator/test_on_swarm.py

faults: rights setup test-packages ## Every fault on a Swarm of four machines, the long form
	MYDOCKER_TEST_NODES=long $(INSIDE) $(PY) -m pytest -q tests/faults
	MYDOCKER_TEST_NODES=long $(INSIDE) $(PY) -m pytest -q tests/machines

.PHONY: long
long: setup ## What takes minutes by its nature: streams of ten minutes, a transfer of a gigabyte (30 min)
	MYDOCKER_LONG_TESTS=1 $(PY) -m pytest -q tests/deploy/test_edge_limits.py tests/bastion/test_rekeying.py \
		tests/edge/test_reaching.py -k "stream or key_exchange or stays_open or upload"

system: rights setup test-packages ## Journeys on a real Swarm, edge and browser, as on a machine that has just booted (19 min)
	$(JUST_BOOTED) $(PY) -m pytest -q tests/system

composed: rights setup test-packages ## Launch, start, backup and restore in the containers of docker-compose.yml (10 min)
	$(INSIDE) $(PY) -m pytest -q tests/compose tests/dev

screenshots: rights setup test-packages ## Pictures of every screen
	MYDOCKER_ALL_LOOKS=1 $(INSIDE) $(PY) -m pytest -q tests/system/test_screens*.py
	@echo "the pictures are in .state/pictures"

bench: rights setup test-packages ## How fast it is: starts against the bare engine, launches, routes, windows
	$(INSIDE) $(PY) -m tests.benchmarks.on_campus
	$(PY) -m tests.benchmarks.launches
	$(PY) -m tests.benchmarks.reconcile
	$(PY) -m tests.benchmarks.routes
	$(PY) -m tests.benchmarks.status
	$(PY) -m tests.benchmarks.flood

test-provider: setup
	@deploy/setup/setup.sh tests

test-packages:
	@$(PY) -m tests.support.packages

openapi: setup ## Write the services' descriptions and the page's types
	$(PY) -m deploy.contract

.PHONY: release
release: setup ## Commit, images, SBOMs, bundle and tag of VERSION=0.2.0, in .state/release; nothing is pushed
	@$(PY) -m deploy.release $(or $(VERSION),"") $(RELEASE)

lock: setup ## Pin every Python package again
	@deploy/setup/lock.sh
