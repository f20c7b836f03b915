# The commands of README.md. Each does what it needs first: a fresh clone needs only Go, gcc and make.
BIN       := .cache/bin/kyogikai
LINT      := $(CURDIR)/.cache/bin/golangci-lint
LINT_VERSION := v2.12.2
GREMLINS  := $(CURDIR)/.cache/bin/gremlins
GREMLINS_VERSION := v0.6.0
SOURCES   := $(shell find main.go pipelines sql templates kyogikai.yaml go.mod go.sum -type f -not -path '*/testdata/*' 2>/dev/null)
# Exit 3 means done with findings left, which the command has told: that is success for make.
FINDINGS_OK = || [ $$? -eq 3 ]

.PHONY: setup tools trial-tools brief papers pdfa pages story first test trial mutants nightly sql fleet bench dist lint clean

setup: tools $(BIN)

$(BIN): $(SOURCES)
	@command -v gcc >/dev/null || { echo 'gcc がありません。C コンパイラを入れてください（例: apt-get install gcc）'; exit 1; }
	go build -o $@ .

# What tests of every push ask: pdftotext and pdfinfo (poppler-utils), qpdf, strace.
tools:
	@$(call installed,command -v pdftotext && command -v pdfinfo,poppler-utils)
	@$(call installed,command -v qpdf,qpdf)
	@$(call installed,command -v strace,strace)

# What trials ask too: servers to collect from (rclone, samba), one for the fleet's queue.
trial-tools: tools
	@$(call installed,command -v rclone,rclone)
	@$(call installed,command -v smbd,samba)
	@$(call installed,ls /usr/lib/postgresql/*/bin/postgres,postgresql)

# Unless a command succeeds, installs a package, or says how.
define installed
{ $(1); } >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    { apt-get update -qq && apt-get install -y -qq $(2); } >/dev/null || \
	      { echo '$(2) を入れられませんでした: apt-get install $(2)'; exit 1; }; \
	  else echo '$(2) がありません。先に入れてください: sudo apt-get install $(2)'; exit 1; fi; }
endef

brief: $(BIN)
	@$(BIN) brief $(MEETING) $(FINDINGS_OK)

# The papers of every meeting, those with invented values too.
papers: $(BIN)
	@for m in templates/meetings/*.yaml; do $(BIN) brief "$$(basename "$$m" .yaml)" $(FINDINGS_OK) || exit; done

# Apache PDFBox says whether every paper is a valid PDF/A-1b.
PDFBOX := preflight pdfbox2 xmpbox fontbox2 commons-logging commons-io javax.activation jaxb-api
pdfa: papers
	@command -v java >/dev/null && [ -e /usr/share/java/preflight.jar ] && [ -e /usr/share/java/javax.activation.jar ] && [ -e /usr/share/java/jaxb-api.jar ] || { \
	  p='default-jre-headless libpdfbox2-java libactivation-java libjaxb-api-java libcommons-io-java'; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -qq && apt-get install -y -qq $$p >/dev/null; \
	  else echo "先に入れてください: sudo apt-get install $$p"; exit 1; fi; }
	@find outputs/briefs -name '*.pdf' | sort | while read -r f; do \
	  out=$$(java -cp "$$(printf '/usr/share/java/%s.jar:' $(PDFBOX))" org.apache.pdfbox.preflight.Validator_A1b "$$f" 2>&1); \
	  case "$$out" in *"is a valid PDF/A-1b file"*) echo "PDF/A-1b: $$f";; *) echo "$$out"; exit 1;; esac; done

# Pages of the sample papers for a reader to look at, at 80 dots an inch.
pages: papers tools
	@rm -rf docs/頁 && mkdir -p docs/頁
	@for f in outputs/briefs/*/[0-9要]*.pdf; do \
	  pdftoppm -r 80 -l 4 -png -gray "$$f" "docs/頁/$$(basename "$$(dirname "$$f")")_$$(basename "$$f" | cut -d_ -f1)"; done
	@ls docs/頁 | wc -l

# The documents of a meeting from its draft to the next year's paper, made by the test that tells the whole story: the pictures of
# docs/会議前後の手引.md.
STORY := .cache/story
story: tools
	@rm -rf $(STORY) docs/会議前後 && mkdir -p docs/会議前後
	go test ./pipelines/cli -run TestStoryOfAMeeting -count=1 -story $(CURDIR)/$(STORY)
	@page() { pdftoppm -r 80 -f 1 -l 1 -png -gray -singlefile "$$1" "docs/会議前後/$$2"; }; \
	  page $(STORY)/1_案/1_*.pdf 1_案; page $(STORY)/2_数値確認票/*財政課.pdf 2_数値確認票; page $(STORY)/3_確定/1_*.pdf 3_確定; page $(STORY)/3_確定/2_*.pdf 3_課のPDF; \
	  page $(STORY)/4_差替え/正誤表.pdf 4_正誤表; page $(STORY)/4_差替え/差替え頁.pdf 4_差替え頁; page $(STORY)/5_翌年/1_*.pdf 5_翌年
	@ls docs/会議前後 | wc -l

# The pictures of docs/はじめての市.md, from what its steps make. A browser (chromium) draws how a workbook is read.
FIRST := .cache/first
first: tools $(BIN)
	@command -v chromium >/dev/null || { echo 'chromium がありません。先に入れてください: sudo apt-get install chromium'; exit 1; }
	@rm -rf $(FIRST) docs/はじめての市 && mkdir -p docs/はじめての市
	go test ./pipelines/cli -run TestManualOfTheFirstCity -count=1 -first $(CURDIR)/$(FIRST)
	@cd $(FIRST) && $(CURDIR)/$(BIN) check --reading inputs/みどり市/令和7年度/福祉部/福祉課/*.xlsx -o 読み取り.html
	@mkdir -p $(FIRST)/share/fonts && cp templates/fonts/BIZUD*.ttf $(FIRST)/share/fonts/
	@XDG_DATA_HOME=$(CURDIR)/$(FIRST)/share chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1000,1750 \
	  --screenshot=$(CURDIR)/docs/はじめての市/読み取り.png file://$(CURDIR)/$(FIRST)/読み取り.html >/dev/null 2>&1
	@page() { pdftoppm -r 80 -f 1 -l 1 -png -gray -singlefile "$$1" "docs/はじめての市/$$2"; }; \
	  page $(FIRST)/outputs/briefs/2026-05-26/1_*.pdf 資料; page $(FIRST)/outputs/briefs/2027-05-25/1_*案*.pdf 次の会議の案
	@ls docs/はじめての市 | wc -l

nightly: $(BIN)
	@$(BIN) nightly $(FINDINGS_OK)

# make sql, or make sql Q="FROM marts.yearly"
sql: $(BIN)
	@[ -e outputs/warehouse/current.duckdb ] || $(BIN) load >&2 $(FINDINGS_OK)
	@if [ -n "$(Q)" ]; then $(BIN) sql '$(subst ','\'',$(Q))'; else $(BIN) sql; fi

# The tests of every push, with the race detector.
test: tools
	go test -race -timeout 20m ./...
	cd pipelines/fleet && go test -race -timeout 5m ./...

# The trials of a release: the packages that have some, in full. Trials kill the program as it is built for people; the
# race detector stays where much goes on at once in one process.
TRIALS = $(sort $(dir $(shell grep -rl -e 'trial\.Only' -e 'trial\.Count' -e 'trial\.On' pipelines --include=*_test.go)))
# Tests of many seconds that do the same in a trial as at every push: make test has just run them.
PUSHED = TestDamagedVersionAtItsSource|TestSheetOfOwnAnswersComesBack|TestDepartmentsThatAreGone|TestWorkbookReplacedWhileItIsRead|TestReturnedSheetUnderAddressesOfBefore|TestStopInEveryStep|TestTwoRunsGiveTheSameRows|TestExitCodesAndMessages|TestAlteredFilesAreNotRead|TestDamagedReadingsAreReadAnew|TestLinkedInputs|TestSentenceFollowsItsFigure|TestWidthsAndSpacesAreOneIndicator|TestAddressesStayWhenRowsCome|TestReadOtherwiseOnTheCommandLine|TestZoneOfTheProcessDoesNotMatter|TestChangesAreToldOnce|TestReadOtherwiseIsTold|TestRowsOfNoMunicipality|TestTakeOver|TestStoryOfAMeeting
trial: trial-tools
	@echo 'Trials in: $(TRIALS) pipelines/fleet/'
	KYOGIKAI_TRIAL=1 go test -count=1 -v -timeout 40m -skip '^($(PUSHED))$$' $(addprefix ./,$(TRIALS))
	go test -race -count=1 -timeout 10m ./pipelines/serve ./pipelines/reading
	cd pipelines/fleet && KYOGIKAI_TRIAL=1 go test -count=1 -v -timeout 15m ./...

# Changes the program in one place at a time, sees whether the fast tests notice, and writes docs/変異試験.md.
# make mutants ONLY=sql/macros/percent tries a part, and writes nothing.
mutants: $(GREMLINS)
	go build -o .cache/bin/mutate ./pipelines/mutate
	.cache/bin/mutate -gremlins $(GREMLINS) $(if $(ONLY),-only '$(ONLY)')

$(GREMLINS):
	GOBIN=$(CURDIR)/.cache/bin go install github.com/go-gremlins/gremlins/cmd/gremlins@$(GREMLINS_VERSION)

# The program that shares the reading of many municipalities out over machines; a module of its own.
fleet:
	cd pipelines/fleet && go build -o $(CURDIR)/.cache/bin/kyogikai-fleet .

# Writes docs/性能.md, in ten minutes or less; BENCH=full repeats more often. What it compares with is installed where it can be.
bench: $(BIN)
	@[ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || \
	  { command -v soffice && command -v weasyprint && /usr/bin/python3 -c 'import openpyxl, pandas'; } >/dev/null 2>&1 || \
	  { apt-get update -qq && apt-get install -y -qq python3-openpyxl python3-pandas libreoffice-writer-nogui weasyprint; } >/dev/null || \
	  echo '比べるもの（openpyxl、pandas、LibreOffice、WeasyPrint）の一部を入れられませんでした。入っているものとだけ比べます'
	go build -o .cache/bin/bench ./pipelines/bench
	.cache/bin/bench $(if $(filter full,$(BENCH)),-full)

# One archive for a machine with neither Go nor a network: outputs/dist/
dist:
	@.ci/dist

lint: $(LINT)
	@test -z "$$(gofmt -l main.go pipelines)" || { gofmt -l main.go pipelines; echo 'gofmt を掛けてください'; exit 1; }
	go vet ./...
	go mod tidy -diff
	cd pipelines/fleet && go vet ./... && go mod tidy -diff
	GOLANGCI_LINT_CACHE=$(CURDIR)/.cache/lint $(LINT) run --config .ci/golangci.yml ./...
	cd pipelines/fleet && GOLANGCI_LINT_CACHE=$(CURDIR)/.cache/lint $(LINT) run --config $(CURDIR)/.ci/golangci.yml ./...

$(LINT):
	GOBIN=$(CURDIR)/.cache/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)

clean:
	rm -rf .cache outputs
