# Every target installs what it needs first: Python packages into .venv by hashed lock, browser files by package lock,
# system packages with apt-get where this is root on Debian or Ubuntu (else one line says what to install).

BIN := .venv/bin
RUN := $(BIN)/python run_bots.py
.DEFAULT_GOAL := help
.PHONY: help demo test check bench conformance fuzz faults connector screenshots train format lock clean

help: ## list every target
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: .venv/.run inbox/web/static/vendor/.done ## the whole product with simulated citizens: prints its address and users
	@$(RUN) train --if-needed
	@$(RUN) demo

test: .venv/.dev inbox/web/static/vendor/.done ## all tests, with real PostgreSQL, Redis and browser where they are installed
	@scripts/system_packages.sh redis-server postgresql chromium libpangoft2-1.0-0 fonts-dejavu-core
	@$(RUN) train --if-needed
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder $(PYTEST)

check: .venv/.dev ## lint, format, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy run_bots.py models connectors classifier inbox bots
	$(BIN)/lint-imports

bench: .venv/.dev inbox/web/static/vendor/.done ## measure: ratios against a named reference in the same run
	@scripts/system_packages.sh postgresql libpangoft2-1.0-0 fonts-dejavu-core
	@$(RUN) train --if-needed
	$(BIN)/python -m benchmarks $(BENCH)

conformance: .venv/.dev ## our parsers against the platform payloads in ../shared/payloads
	$(BIN)/python -m tests.conformance ../shared/payloads

fuzz: .venv/.dev ## 20,000 mutated payloads per platform: nothing raises, nothing is lost
	$(BIN)/python -m tests.fuzz $(FUZZ)

faults: .venv/.dev ## 2,000 messages over five channels while the product is hurt and killed; recounted from the simulators
	@$(RUN) train --if-needed
	$(BIN)/python -m benchmarks.faults --messages 2000 --kills 5

connector: .venv/.dev ## a new platform's folder and tests: make connector NAME=mastodon
	$(BIN)/python scripts/new_connector.py $(NAME)

screenshots: .venv/.dev inbox/web/static/vendor/.done ## pictures of the pages into docs/screenshots
	@scripts/system_packages.sh chromium
	@$(RUN) train --if-needed
	$(BIN)/python -m tests.e2e.screenshots docs/screenshots

train: .venv/.run ## train the classifier from the profile's corpus and write docs/model-card.md
	$(RUN) train --card docs/model-card.md

format: .venv/.dev ## mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: .venv/.dev ## renew the hashed locks from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements-dev.lock

clean: ## remove everything that was installed or made
	rm -rf .venv node_modules inbox/web/static/vendor inbox/dictionary var

.venv/bin/python:
	@scripts/make_venv.sh $(PYTHON)

.venv/.run: requirements.lock | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ .venv/.run

inbox/web/static/vendor/.done: package-lock.json | .venv/bin/python
	@scripts/npm_files.sh
	@touch $@
