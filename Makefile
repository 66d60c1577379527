# Two commands for everyone: `make run` and `make test`. The rest is for those who build.
# The first Python of at least 3.11 is taken; name another with `make run PYTHON=/path/to/python`.
PYTHON := $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
  if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo "$$name"; exit; fi; done; echo python3)
HOUSE := .venv/bin/python

.PHONY: run test check rehearse bench screenshots format lock

run: ## everything set up, a demo seeded, the server on XIANGJIANG_PORT (8000)
	@$(PYTHON) setup_house.py run
	@$(HOUSE) -m app migrate
	@$(HOUSE) -m app seed
	@XIANGJIANG_DEMO="$${XIANGJIANG_DEMO:-1}" exec $(HOUSE) -m app serve

test: ## everything set up, then the whole gate; what CI runs
	@$(PYTHON) setup_house.py test
	@exec $(HOUSE) -m tests

check: ## the fast loop, within a minute
	@$(PYTHON) setup_house.py test
	@exec $(HOUSE) -m tests check

rehearse: ## the long rehearsal with faults
	@$(PYTHON) setup_house.py test
	@exec $(HOUSE) -m tests rehearse

bench: ## the benchmarks, each with its ratio to its bare baseline
	@$(PYTHON) setup_house.py bench
	@exec $(HOUSE) -m tests bench

screenshots: ## the main pages at 360, 800 and 1440 pixels, into var/screenshots
	@$(PYTHON) setup_house.py test
	@exec $(HOUSE) -m tests screenshots

format: ## let ruff lay out and mend what it can
	@$(HOUSE) -m ruff format .
	@$(HOUSE) -m ruff check --fix .

lock: ## choose versions anew and write the hashed requirements
	@$(HOUSE) -m tests lock
