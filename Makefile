# Every command of the project. `make` alone lists them.

PORT = 8000
DATA := $(or $(INCIDENT_BOOK_DATA),data)
TO =
SIZES = 1000 10000 100000
PYTHON = python3
TESTS = tests
# Through the environment and not the command line: a path may hold spaces.
export PORT PYTHON
export INCIDENT_BOOK_DATA := $(DATA)
export BACKUP_TO = $(TO)

IN = .venv/bin/python
LOCK = $(IN) -m uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url --python-version 3.11

.DEFAULT_GOAL := help
.PHONY: help run setup messages verify backup test bench check format lock docs pictures soak

help: ## List these commands
	@printf '\nIncident Book. PORT=8000 and DATA=data can be given behind any of these.\n\n'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)$$/  make \1|\2/p' Makefile | while IFS='|' read -r name what; do printf '%-15s %s\n' "$$name" "$$what"; done
	@printf '\n'

run: ## Install, migrate, make a demo in an empty data folder, and serve on 127.0.0.1
	@bin/install run
	@exec $(IN) -m incidents.serve

setup: ## Set up a real school in an empty data folder, without a demo
	@bin/install run
	@exec $(IN) -m incidents.serve setup

messages: ## One round of messages by hand: remind of what is due, send what waits
	@bin/install run
	@exec $(IN) -m flask --app wsgi send-messages

verify: ## Check that the audit log and every stored file are as they were written
	@bin/install run
	@$(IN) -m flask --app wsgi verify-audit
	@$(IN) -m flask --app wsgi check-files

backup: ## Copy database, files and keys into a new folder: make backup TO=/media/somewhere
	@bin/install run
	@exec $(IN) -m incidents.backup

test: ## Install what the tests need and run every check and test
	@bin/install test
	@bin/browser
	@$(MAKE) --no-print-directory check
	@exec $(IN) -m pytest -n 3 $(TESTS)

soak: ## Ten thousand chance events in the lives of incidents and cases, on each database
	@bin/install test
	@LIVES=10000 $(IN) -m pytest -n 2 tests/test_lives.py

bench: ## Measure how fast it is, for half an hour: make bench SIZES="1000 10000" for less
	@bin/install test
	@exec $(IN) -m tests.bench $(SIZES)

check: ## Only ruff and mypy
	@bin/install test
	@$(IN) -m ruff check .
	@$(IN) -m ruff format --check .
	@$(IN) -m mypy

format: ## Put the code into its usual form
	@bin/install test
	@$(IN) -m ruff check --fix .
	@$(IN) -m ruff format .

docs: ## Write the generated pages of docs/ anew
	@bin/install test
	@$(IN) -m tests.write_docs

pictures: ## Take the pictures of docs/using/ anew, from the demo in the browser
	@bin/install test
	@bin/browser
	@$(IN) -m tests.walks.pictures

lock: ## Pin the newest versions that requirements/*.in allow, with their hashes
	@bin/install run
	@$(IN) -c 'import uv' 2>/dev/null || $(IN) -m pip install --quiet --disable-pip-version-check uv
	@$(LOCK) --upgrade requirements/run.in -o requirements/run.txt
	@$(LOCK) --upgrade requirements/test.in -o requirements/test.txt -c requirements/run.txt
