# Attune. `make help` lists every target; deploy/local/ holds what they call.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run stop status logs reset doctor parked replay drop reconcile setup lock test check format \
  races faults bench e2e lighthouse soak screenshots openapi

# settings given on make's own command line reach the commands too
export ATTUNE_PORT ATTUNE_RUN_DIR SERVICE
ifeq ($(origin ATTUNE_PORT),undefined)
unexport ATTUNE_PORT
endif
ifeq ($(origin ATTUNE_RUN_DIR),undefined)
unexport ATTUNE_RUN_DIR
endif

attune := deploy/local/attune.sh

##@ Run it
run: ## set everything up and run the product in the foreground
	@$(attune) run

stop: ## end every process of the running product
	@$(attune) stop

status: ## what runs, and where
	@$(attune) status

logs: ## follow the logs; SERVICE=booking follows one
	@$(attune) logs

reset: ## remove all local data (asks first)
	@$(attune) reset

doctor: ## one line per check, with the way to mend it
	@$(attune) doctor

parked: ## list the events that were given up
	@$(attune) module services parked

replay: ## run the parked events again
	@$(attune) module services replay

drop: ## let one parked row go for good: SERVICE=notify KEY=... as `make parked` lists it
	@$(attune) module services drop "$(SERVICE)" "$(KEY)"

reconcile: ## hold every practice's ledger against its Stripe account now
	@$(attune) module services reconcile

##@ Prove it
test: ## every test: unit, contracts, integration, races and faults in short form, end to end
	@deploy/local/checks.sh test

check: ## lint, types, imports, migrations, golden files, OpenAPI
	@deploy/local/checks.sh check

races: ## races in full
	@deploy/local/checks.sh races

faults: ## killed processes and servers, and what money has to withstand, in full
	@deploy/local/checks.sh faults

bench: ## measurements as JSON lines
	@deploy/local/checks.sh bench

e2e: ## end to end in Chromium
	@deploy/local/checks.sh e2e

lighthouse: ## Lighthouse over the pages of clients (needs Node; STRICT=1 fails below 90 and 95)
	@deploy/local/checks.sh lighthouse $(if $(STRICT),--strict) $(PAGES)

soak: ## property tests with many more examples
	@deploy/local/checks.sh soak

##@ Work on it
setup: ## the Python environment with its tools and the servers, without starting anything
	@$(attune) setup-dev

format: ## format all Python code
	@$(attune) setup-dev
	@.venv/bin/ruff check --fix . && .venv/bin/ruff format .

openapi: ## write docs/openapi.json anew
	@$(attune) setup && .venv/bin/python -m services openapi

screenshots: ## make the screenshots of the documentation anew
	@deploy/local/checks.sh screenshots

compile := uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
  --no-header --python-version 3.11

lock: ## resolve pyproject.toml into the lock files, for running and for working (needs uv)
	@$(compile) --all-extras --output-file requirements-dev.lock pyproject.toml
	@$(compile) --extra local --constraint requirements-dev.lock \
	  --output-file requirements.lock pyproject.toml

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} \
	  /^##@ / {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z0-9_-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
