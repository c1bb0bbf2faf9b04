# The verbs of the workshop. Each one first sees to the environment in .venv by itself.
# Another interpreter: make demo PYTHON=python3.12

PYTHON ?= python3
ARGS ?=
CHOSEN := $(if $(filter file,$(origin PYTHON)),,--this-python)
BOOTSTRAP = @$(PYTHON) -m deploy bootstrap $(CHOSEN)
RUN = .venv/bin/python -m
# Test modules are rewritten as they are imported; kept, that is done once and not by each worker.
KEEPING = PYTHONDONTWRITEBYTECODE=

.DEFAULT_GOAL := help

##@ Look at it

.PHONY: demo tour run
demo: runtime ## Start a whole city with sample complaints on this computer (ARGS=--fresh)
	@exec $(RUN) deploy demo $(ARGS)

tour: runtime ## Follow one complaint through all services of the running demo
	@exec $(RUN) deploy tour $(ARGS)

run: runtime ## Start one service: make run SERVICE=routing
	@test -n "$(SERVICE)" || { echo "Which one? make run SERVICE=routing"; exit 2; }
	@exec $(RUN) services.$(SERVICE) $(ARGS)

##@ Test it

.PHONY: test test-real load
test: tools ## Run every test this machine can run; says what it skipped and why
	@$(KEEPING) $(RUN) pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

test-real: tools ## Run the connected tests on Apache Kafka and FerretDB; gets them first
	@KENTONGAN_ENGINES=real $(KEEPING) $(RUN) pytest tests/connected $(ARGS)

load: tools ## Measure end to end beside the bare floor (ARGS="--complaints 20000")
	@$(RUN) tests.load $(ARGS)

##@ Change it

.PHONY: check format style types imports architecture
check: style types imports architecture ## What every change must pass before its tests

format: tools ## Put code into the one format and mend what can be mended
	@$(RUN) ruff check --fix --quiet . ; $(RUN) ruff format .

style: tools
	@$(RUN) ruff check . && $(RUN) ruff format --check --quiet .

types: tools
	@$(RUN) mypy

imports: tools
	@.venv/bin/python -c "from importlinter.cli import lint_imports_command as c; c()"

architecture: tools
	@$(RUN) pytest -q tests/architecture

##@ Keep it

.PHONY: lock clean
lock: ## Pin new packages once for all; UPGRADE=1 takes the newest that fit
	@$(PYTHON) -m deploy lock $(if $(UPGRADE),--upgrade)

clean: ## Remove the environment, the caches and the demo's data
	@rm -rf .venv .kentongan .*_cache .hypothesis .coverage*
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help runtime tools
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} \
		/^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

runtime:
	$(BOOTSTRAP)

tools:
	$(BOOTSTRAP) --group dev
