# Two commands do everything on a machine with Go: make run, make test. What
# stands after ## below is what make help prints.

.PHONY: help build run test race fuzz bench prove mutate kill audit lint release deps

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

build: ## bin/trueup, the whole program
	go build -o bin/trueup .

run: build ## reports on the built-in sample portfolio, and which files to open
	bin/trueup run --sample --config testdata/sample/trueup.yaml --annotations testdata/sample/returned.csv --out reports
	@echo
	@echo "Open the workbook: reports/license-compliance-2026-11-01.xlsx"
	@echo "Open the PDF:      reports/license-compliance-2026-11-01.pdf"

test: ## all tests
	go test ./...

# The commands, and the packages that do things side by side. Needs a C compiler.
RACE = . $$(grep -rlE '"sync"|/errgroup"|/synctest"|context\.AfterFunc|^\s*go ' --include=*.go . | xargs -n1 dirname | sort -u)

race: ## the tests of what runs side by side, under the race detector
	CGO_ENABLED=1 go test -race -short $(RACE)

# Each fuzz target in turn, for FUZZTIME.
FUZZTIME = 30s

fuzz: ## each fuzz target in turn, FUZZTIME=30s each
	@go list ./... | while read -r package; do \
		for target in $$(go test -list '^Fuzz' "$$package" | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) "$$package" || exit 1; \
		done; \
	done

# What each stage takes, with its allocations; and the same job done by other
# stacks side by side, where BENCH is the folder with their run.sh.
BENCH =
CUSTOMERS = 100000

bench: build ## all benchmarks; with BENCH=DIR also beside other stacks
	go test -run '^$$' -bench . -benchmem ./...
	@if [ -n "$(BENCH)" ] && [ -x "$(BENCH)/run.sh" ]; then TRUEUP=$(CURDIR)/bin/trueup "$(BENCH)/run.sh" $(CUSTOMERS); \
	else echo "no comparison with other stacks: BENCH does not name the folder with their run.sh"; fi

# The oracle of report/app/prove on many more portfolios than test draws, others
# each time. A failure names its portfolio, and is kept to be run again.
PROVE = 10000

prove: ## PROVE=10000 drawn portfolios against a second implementation
	PROVE=$(PROVE) go test -v -count=1 -timeout 0 ./report/app/prove

# Which small changes of the code do the tests of its package not notice? It
# runs them once a change, for hours in all: MUTATE=./rules for one package.
MUTATE = ./report ./report/tables ./rules

mutate: ## small changes of the code that no test notices; takes hours
	for package in $(MUTATE); do \
		go run github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0 unleash --timeout-coefficient 10 \
			--exclude-files '^(app|cell|deliver|formats|notes|tables|engine|strict)/' $$package || exit 1; \
	done

lint: ## gofmt, vet, staticcheck
	@bad=$$(gofmt -l .); if [ -n "$$bad" ]; then echo "gofmt: $$bad"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...

# Kills runs at every step of putting their files in place, and prints a table:
# a folder has the old set or the new one afterwards, never a mixture.
KILLS = 200

kill: ## runs that are killed at every step of writing their files
	go test ./report/deliver -run '^TestKill$$' -count=1 -v -kills $(KILLS)

# What is given to users, in dist/. Both are stamped into the program, and may be
# given where there is no git: make release VERSION=v1.2.0 COMMIT=...
VERSION = $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
COMMIT = $(shell git rev-parse HEAD 2>/dev/null || echo unknown)

release: ## static, reproducible binaries for six platforms, checksums, notices, image recipe
	.ci/release "$(VERSION)" "$(COMMIT)" dist

# The modules of the binary with their licenses; GPL and its kin are refused.
audit: ## the modules of the binary with their licenses
	go test ./templates -run '^TestNotices$$' -count=1 -v

# What the tests check with other makers' programs; without them they skip. And
# a C compiler for race.
deps: ## with apt and npm, the programs that some tests check the files with
	apt-get update -q && apt-get install -y -q --no-install-recommends libreoffice-calc-nogui poppler-utils qpdf zsh fish libfribidi-bin gcc libc6-dev nodejs npm
	npm ci --prefix .ci --no-audit --no-fund
