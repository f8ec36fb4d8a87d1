# Two commands do everything on a machine with Go: make run, make test.

.PHONY: build run test lint fuzz bench deps

build:
	go build -o bin/trueup .

run: build
	bin/trueup run --sample --config testdata/sample/trueup.yaml --out reports
	@echo
	@echo "Open the workbook: reports/license-compliance-2026-11-01.xlsx"
	@echo "Open the PDF:      reports/license-compliance-2026-11-01.pdf"

test:
	go test ./...

lint:
	@bad=$$(gofmt -l .); if [ -n "$$bad" ]; then echo "gofmt: $$bad"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...

# What the tests check with other makers' programs; without them they skip.
deps:
	apt-get update -q && apt-get install -y -q --no-install-recommends libreoffice-calc-nogui poppler-utils qpdf libfribidi-bin nodejs npm
	npm ci --prefix .ci --no-audit --no-fund
