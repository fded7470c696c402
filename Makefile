# Two commands on a fresh machine: `make demo` and `make test`; each does the set-up it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test check guards bench chaos fuzz lock servers

help: ## show this
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY) ## one request on its whole way; REQUEST='…' REPLY='…' TIMEOUT=SECONDS
	@$(BIN)/python -m demo

# Four at a time, on two cores: most of them wait for somebody most of the time. A file stays in one
# process.
test: $(READY) servers ## every test; ARGS='tests/unit -k html'
	@$(BIN)/python -m pytest -n 4 --dist loadfile $(ARGS)

check: $(READY) ## format, lint and types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

guards: $(READY) servers ## each guard taken out: a test must fail; ARGS='-k words'
	@$(BIN)/python -m tests.guards $(ARGS)

chaos: $(READY) servers ## kills at random under load; REQUESTS=300 KILLS=100 SEED=… MINUTES=…
	@$(BIN)/python -m tests.chaos

bench: $(READY) servers $(VENV)/.bench ## measure it beside the bare protocol; ARGS='--small'
	@$(BIN)/python -m bench $(ARGS)

# The fuzzer needs nothing of the other groups, and no compiler: it comes as a wheel.
fuzz: $(READY) $(VENV)/.fuzz ## any bytes into the reader; MINUTES=10, corpus kept in .fuzz
	@$(BIN)/python -m tests.fuzz

COMPILE := uv pip compile --universal --generate-hashes --upgrade \
	--no-emit-index-url --no-header --python-version 3.11 --quiet

lock: $(READY) ## renew the locks from pyproject.toml (needs uv)
	@$(COMPILE) pyproject.toml --group dev -o requirements.lock
	@$(COMPILE) pyproject.toml --constraints requirements.lock -o requirements-worker.lock
	@$(COMPILE) --group bench --constraints requirements.lock -o requirements-bench.lock
	@$(COMPILE) --group fuzz --constraints requirements.lock -o requirements-fuzz.lock

$(VENV)/.fuzz: requirements-fuzz.lock $(READY)
	@echo "Set-up for the fuzzer, only this once"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements-fuzz.lock
	@touch $@

$(VENV)/.bench: requirements-bench.lock $(READY)
	@echo "Set-up for the plot, only this once"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements-bench.lock
	@touch $@

# The tests say what they skip where one of these cannot be had.
servers: $(READY)
	@$(BIN)/python -m demo temporal > /dev/null || true
	@$(BIN)/python -m tests.time_skipping > /dev/null || true
	@$(BIN)/python -m tests.servers.greenmail > /dev/null || true
	@$(BIN)/python -m tests.servers.examples > /dev/null || true
	@$(BIN)/python -m demo mailhog > /dev/null || true

$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null || { \
		echo "Python 3.11 or newer is needed; say which one: make PYTHON=/path/to/python3.11" >&2; \
		exit 1; }
	@echo "Set-up 1/2: virtual environment in $(VENV) (seconds)"
	@$(PYTHON) -m venv --clear $(VENV) || { \
		echo "no virtual environment; on Debian and Ubuntu: apt-get install python3-venv" >&2; \
		exit 1; }
	@echo "Set-up 2/2: dependencies from requirements.lock (a minute or two, only this once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements.lock
	@touch $@
