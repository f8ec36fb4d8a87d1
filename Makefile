# Two commands do everything on a machine with Go: make run, make test.

.PHONY: build run test race fuzz bench prove mutate kill audit lint deps

build:
	go build -o bin/trueup .

run: build
	bin/trueup run --sample --config testdata/sample/trueup.yaml --annotations testdata/sample/returned.csv --out reports
	@echo
	@echo "Open the workbook: reports/license-compliance-2026-11-01.xlsx"
	@echo "Open the PDF:      reports/license-compliance-2026-11-01.pdf"

test:
	go test ./...

# The commands, and the packages that do things side by side. Needs a C compiler.
RACE = . $$(grep -rlE '"sync"|/errgroup"|/synctest"|context\.AfterFunc|^\s*go ' --include=*.go . | xargs -n1 dirname | sort -u)

race:
	CGO_ENABLED=1 go test -race -short $(RACE)

# Each fuzz target in turn, for FUZZTIME.
FUZZTIME = 30s

fuzz:
	@go list ./... | while read -r package; do \
		for target in $$(go test -list '^Fuzz' "$$package" | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) "$$package" || exit 1; \
		done; \
	done

bench:
	go test -run '^$$' -bench . -benchmem ./...

# The oracle of report/app/prove on many more portfolios than test draws, others
# each time. A failure names its portfolio, and is kept to be run again.
PROVE = 10000

prove:
	PROVE=$(PROVE) go test -v -count=1 -timeout 0 ./report/app/prove

# Which small changes of the code do the tests of its package not notice? It
# runs them once a change, for hours in all: MUTATE=./rules for one package.
MUTATE = ./report ./report/tables ./rules

mutate:
	for package in $(MUTATE); do \
		go run github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0 unleash --timeout-coefficient 10 \
			--exclude-files '^(app|cell|deliver|formats|notes|tables|engine|strict)/' $$package || exit 1; \
	done

lint:
	@bad=$$(gofmt -l .); if [ -n "$$bad" ]; then echo "gofmt: $$bad"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...

# Kills runs at every step of putting their files in place, and prints a table:
# a folder has the old set or the new one afterwards, never a mixture.
KILLS = 200

kill:
	go test ./report/deliver -run '^TestKill$$' -count=1 -v -kills $(KILLS)

# The modules of the binary with their licenses; GPL and its kin are refused.
audit:
	go test ./templates -run '^TestNotices$$' -count=1 -v

# What the tests check with other makers' programs; without them they skip. And
# a C compiler for race.
deps:
	apt-get update -q && apt-get install -y -q --no-install-recommends libreoffice-calc-nogui poppler-utils qpdf zsh fish libfribidi-bin gcc libc6-dev nodejs npm
	npm ci --prefix .ci --no-audit --no-fund
