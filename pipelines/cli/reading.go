package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/picture"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/reading"
	"kyogikai/pipelines/record"
)

// readingPicture is what check --reading is asked for.
type readingPicture struct{ file, municipality, year, output string }

func (p *readingPicture) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&p.file, "reading", "", "このファイルをどう読んだかを、シートの形のままのHTMLにする")
	f.StringVar(&p.municipality, "municipality", "", "--reading のファイルの自治体（置き場所から分からないとき）")
	f.StringVarP(&p.output, "output", "o", "", "--reading の書き出し先（既定は outputs/reading/ の下）")
}

// reading draws how a file is read, where that is asked for; done is false where it is not.
func (o *options) reading(ctx context.Context, p readingPicture, args []string) (done bool, err error) {
	if p.file == "" {
		if p.municipality != "" || p.output != "" {
			return true, usageError{"--municipality、-o は --reading と一緒に書いてください"}
		}
		return false, nil
	}
	if len(args) > 0 {
		return true, usageError{fmt.Sprintf("--reading のファイルは一つです: %q", args)}
	}
	given := collect.File{Municipality: p.municipality}
	if p.year != "" {
		if given.FiscalYear = fiscalYear(p.year); given.FiscalYear == 0 {
			return true, usageError{"--year は 令和6年度 のように書いてください"}
		}
	}
	if info, err := os.Stat(p.file); err != nil {
		return true, usageError{"ファイル " + p.file + " がありません"}
	} else if !info.Mode().IsRegular() {
		return true, usageError{p.file + " はファイルではありません"}
	}
	env, err := o.env()
	if err != nil {
		return true, err
	}
	return true, o.draw(ctx, env, p, given)
}

// fiscalYear reads 令和6年度, R6 and 2024; 0 for anything else.
func fiscalYear(s string) int {
	for _, text := range []string{s, s + "年度"} {
		if y, ok := fiscal.ParseYear(text); ok {
			return y
		}
	}
	return 0
}

func (o *options) draw(ctx context.Context, env project.Env, p readingPicture, given collect.File) error {
	one, err := reading.One(ctx, env, p.file, given)
	var place *reading.PlaceError
	if errors.As(err, &place) {
		return usageError{place.Error()}
	}
	if err != nil {
		return err
	}
	r := picture.Reading{
		Grid: one.Grid, Read: one.Read, Forms: one.Forms,
		MunicipalityFrom: from(one.CityByPath, "--municipality"), YearFrom: from(one.YearByPath, "--year"),
	}
	out := p.output
	if out == "" {
		folder, name := path.Split(strings.TrimPrefix(one.Read.Path, "inputs/"))
		out = filepath.Join(
			env.Outputs, "reading", filepath.FromSlash(printable.Folders(folder)), printable.File(name, ".html"),
		)
	}
	if same(out, p.file) {
		return usageError{"-o が、読むファイルと同じです。ほかの名前を書いてください"}
	}
	if err := writeFile(out, picture.Page(r)); err != nil {
		return err
	}
	return o.drawn(out, r)
}

// from says how a file's municipality or year is known.
func from(path bool, flag string) string {
	if path {
		return "置き場所による"
	}
	return flag + " による"
}

func same(a, b string) bool {
	x, err1 := os.Stat(a)
	y, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(x, y)
}

// drawn says where the picture is and what it shows.
func (o *options) drawn(file string, r picture.Reading) error {
	claims, found := picture.Claims(r), map[string]int{}
	for _, f := range r.Read.Findings {
		found[f.Severity]++
	}
	if o.json {
		if err := o.line("reading", map[string]any{
			"file": file, "path": r.Read.Path, "municipality": r.Read.Municipality, "fiscal_year": r.Read.FiscalYear,
			"forms": append([]string{}, r.Read.Forms...), "status": r.Read.Status, "records": len(r.Read.Records),
			"claims": claims, "findings": found,
		}); err != nil {
			return err
		}
	} else {
		printable.Fprintf(o.Stdout, "読み取りの図: %s\n", file)
		if words := picture.Tally(claims); words != "" {
			printable.Fprintf(o.Stdout, "セル: %s\n", words)
		}
		printable.Fprintf(o.Stdout, "指摘: 誤り%d件、注意%d件、参考%d件\n", found[record.Error], found[record.Warning], found[record.Info])
	}
	if found[record.Error] > 0 {
		return codeError(exitFindings)
	}
	return nil
}
