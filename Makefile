# Every command of the project. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help rights setup page demo demo-operator demo-stop demo-clean demo-status check test test-fast engines engines-debian machines faults system composed screenshots \
	lock openapi bench dev dev-api dev-clean seed format test-unit test-packages test-provider

PY := .venv/bin/python
STATE ?= .demo
PORTS ?= 8000
PLATFORM ?= http://localhost:9000
DEMO := $(PY) -m deploy.demo
IF_MADE := @[ -x $(PY) ] || { echo "Nothing was started here yet: make demo starts it."; exit 0; };
SOURCES := services deploy tools tests clients
# A network namespace: engines and ports of the tests meet nothing of the machine. The engine is a
# current Docker (tests/support/engines/engine_kind.py); MYDOCKER_TEST_ENGINE_KIND=debian chooses Debian's.
INSIDE := $(PY) -m tests.support.netns --
JUST_BOOTED := $(PY) -m tests.support.netns --just-booted --
BESIDE := -m tests.support.engines.lab --
# Minutes in the list below were measured on two cores with everything downloaded, the real parts two
# at a time as `make test` runs them: 30 minutes for all of them. Estimates: catalogue, long, nightly.

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

seed: setup ## 1,000 Courses, 20,000 sessions, 4,000 people for `make dev-api`; prints an API token
	@$(PY) -m tests.support.university

dev: setup ## The page from its sources, before `make dev-api` or PLATFORM=http://localhost:8000 (the demo)
	MYDOCKER_DEV_PLATFORM=$(PLATFORM) npm --prefix frontend run dev

spectral: setup
	@deploy/setup/setup.sh spectral

check: setup spectral ## Format, lint, types, import contracts, OpenAPI, architecture, the page
	.venv/bin/ruff format --check $(SOURCES)
	.venv/bin/ruff check $(SOURCES)
	.venv/bin/mypy $(SOURCES)
	.venv/bin/lint-imports
	$(PY) -m deploy.contract --check
	$(PY) -m deploy.compatibility
	npm --prefix tools/spectral run -s check
	$(PY) -m pytest -q tests/architecture
	npm --prefix frontend run check

format: setup ## Format the code
	.venv/bin/ruff format $(SOURCES)
	.venv/bin/ruff check --fix $(SOURCES)
	npm --prefix frontend run format

test: rights test-fast ## All tests
	@echo "Now the real parts, side by side, each in a network of its own; each speaks when it is done."
	@$(MAKE) --no-print-directory -j2 --output-sync=target system engines machines composed engines-debian

test-fast: rights setup test-provider test-packages ## Rules, services and the page; no engine (20 min)
	$(PY) -m pytest -q -n 3 --dist loadfile tests --ignore=tests/system --ignore=tests/compose --ignore=tests/dev --ignore=tests/benchmarks --ignore=tests/architecture \
		--ignore=tests/faults
	npm --prefix frontend test

test-unit: setup ## Rules alone: no database, no engine, no root (1 min)
	$(PY) -m pytest -q -n 2 --dist loadfile -m unit tests

engines: rights setup test-packages ## Orchestrator and builder on the current engine (8 min)
	$(INSIDE) $(PY) $(BESIDE) $(PY) -m pytest -q tests/orchestrator/swarm/test_on_swarm.py \
		tests/orchestrator/swarm/test_life_on_swarm.py tests/orchestrator/swarm/test_starts_on_swarm.py tests/isolation tests/builder/engine \
		tests/deploy/demo/test_lifecycle.py

machines: rights setup test-packages ## Work folders and the faults in short, on Swarms of several machines (9 min)
	MYDOCKER_TEST_NODES=short $(INSIDE) $(PY) -m pytest -q tests/machines
	MYDOCKER_TEST_NODES=short $(INSIDE) $(PY) -m pytest -q tests/faults

engines-debian: rights setup test-packages ## Isolation and orchestrator on Debian's own engine (3 min)
	MYDOCKER_TEST_ENGINE_KIND=debian $(INSIDE) $(PY) $(BESIDE) $(PY) -m pytest -q \
		tests/isolation tests/orchestrator/swarm/test_on_swarm.py

faults: rights setup test-packages ## Every fault on a Swarm of four machines and every hostile Dockerfile, the long form
	MYDOCKER_LONG_TESTS=1 $(INSIDE) $(PY) $(BESIDE) $(PY) -m pytest -q tests/builder/engine/hostile tests/builder/engine/test_corpus.py
	MYDOCKER_TEST_NODES=long $(INSIDE) $(PY) -m pytest -q tests/faults
	MYDOCKER_TEST_NODES=long $(INSIDE) $(PY) -m pytest -q tests/machines

.PHONY: catalogue
catalogue: rights setup test-packages ## Every image of the catalogue built, started and used (20 min)
	MYDOCKER_LONG_TESTS=1 $(INSIDE) $(PY) $(BESIDE) $(PY) -m pytest -q tests/builder/engine/catalogue/test_entries_open.py

.PHONY: long
long: setup ## What takes minutes by its nature: streams of ten minutes, a transfer of a gigabyte (30 min)
	MYDOCKER_LONG_TESTS=1 $(PY) -m pytest -q tests/deploy/edge/test_edge_limits.py tests/bastion/ssh/test_rekeying.py \
		tests/edge/test_reaching.py -k "stream or key_exchange or stays_open or upload"

system: rights setup test-packages ## Journeys on a real Swarm, edge and browser, as on a machine that has just booted (24 min)
	$(JUST_BOOTED) $(PY) -m pytest -q tests/system

composed: rights setup test-packages ## Launch, start, backup and restore in the containers of docker-compose.yml (8 min)
	$(INSIDE) $(PY) -m pytest -q tests/compose tests/dev

screenshots: rights setup test-packages ## Pictures of every screen
	MYDOCKER_ALL_LOOKS=1 $(INSIDE) $(PY) -m pytest -q tests/system/screens
	@echo "the pictures are in .state/pictures"

bench: rights setup test-packages ## How fast it is: starts against the bare engine, launches, routes, windows
	$(INSIDE) $(PY) -m tests.benchmarks.on_campus
	$(INSIDE) $(PY) $(BESIDE) $(PY) -m tests.benchmarks.orchestration.builds
	$(PY) -m tests.benchmarks.launches
	$(PY) -m tests.benchmarks.orchestration.reconcile
	$(PY) -m tests.benchmarks.orchestration.planner
	$(PY) -m tests.benchmarks.routes
	$(PY) -m tests.benchmarks.status
	$(PY) -m tests.benchmarks.lists
	$(PY) -m tests.benchmarks.flood

test-provider: setup
	@deploy/setup/setup.sh tests

test-packages:
	@$(PY) -m tests.support.packages

openapi: setup ## Write the services' descriptions and the page's types
	$(PY) -m deploy.contract

.PHONY: nightly spectral
nightly: rights setup test-provider ## A hundred generated requests to each operation as every role, and chains of them (40 min)
	MYDOCKER_LONG_TESTS=1 $(PY) -m pytest -q -n 2 tests/api/generated

.PHONY: release
release: setup ## Commit, images, SBOMs, bundle and tag of VERSION=0.2.0, in .state/release; nothing is pushed
	@$(PY) -m deploy.release $(or $(VERSION),"") $(RELEASE)

lock: setup ## Pin every Python package again
	@deploy/setup/lock.sh
