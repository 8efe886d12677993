# Thin on purpose: what each target does is in scripts/dev.py, which also runs without make.
PYTHON ?= python3
# Where data lives: the embedded database, uploaded files, secrets.
export QUITA_HOME ?= $(CURDIR)/.quita
# As in `make bench SIZE=3000000` and `make test ARGS="-k boleto"`.
export SIZE
ARGS ?=

.PHONY: help run test lint bench golden lock setup clean

help:
	@echo "make run     set up, build the demo where the database is empty, and serve it"
	@echo "make test    lint, all tests, then the tests in a browser"
	@echo "make lint    ruff, mypy, import rules"
	@echo "make bench   measure; SIZE=3000000 for another size"
	@echo "make golden  write the golden files anew (never under CI)"
	@echo "make lock    resolve the dependencies anew"
	@echo "make clean   remove caches and the environment; data is kept"

run test lint bench golden lock setup clean:
	@$(PYTHON) scripts/dev.py $@ $(ARGS)
