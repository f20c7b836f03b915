package reading

import (
	"context"
	"path"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/project/projecttest"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// failsOver is the end of the name of the file over which the program fails.
const failsOver = "財政指標_R6_財政課.xlsx"

// fails is what nobody foresaw.
func fails() {
	var none *record.Workbook
	none.Status = record.StatusRead
}

// freshReader makes ready to read one department's workbooks.
func freshReader(t *testing.T) *Reader {
	t.Helper()
	env := projecttest.Env(t, projecttest.FewInputs(t))
	tree, err := Walk(context.Background(), env)
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(env, tree)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// books reads everything: name → status, and what is found wrong by the program's own fault.
func books(t *testing.T, r *Reader) (status map[string]string, faults []record.Finding) {
	t.Helper()
	status = map[string]string{}
	err := r.Each(context.Background(), func(_ string, b warehouse.Batch) error {
		for _, w := range b.Workbooks {
			status[path.Base(w.Path)] = w.Status
			for _, f := range w.Findings {
				if f.Code == finding.WorkbookUnreadable {
					faults = append(faults, f)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return status, faults
}

// A workbook over which the reader fails ends in a finding of its own, and the others are read. The next run tries
// again.
func TestPanicOfAReadingIsAFinding(t *testing.T) {
	t.Parallel()
	r := freshReader(t)
	r.reads = func(forms []form.Form, w *record.Workbook, data []byte, within limits.Set) {
		form.Read(forms, w, data, within)
		if strings.HasSuffix(w.Path, failsOver) {
			fails()
		}
	}
	status, faults := books(t, r)
	if len(status) < 2 || status[failsOver] != record.StatusUnreadable || len(faults) != 1 ||
		!strings.Contains(faults[0].Message, "「"+failsOver+"」") || faults[0].Severity != record.Error ||
		faults[0].Municipality != "八戸市" || faults[0].Department != "財政課" {
		t.Fatalf("%v %+v", status, faults)
	}
	for name, s := range status {
		if name != failsOver && s != record.StatusRead {
			t.Errorf("%s: %s", name, s)
		}
	}
	r.reads = form.Read
	if status, faults = books(t, r); status[failsOver] != record.StatusRead || len(faults) > 0 {
		t.Errorf("the next time: %v %+v", status, faults)
	}
	if r.Reused() != len(status)-1 {
		t.Errorf("%d of %d taken as they had been read", r.Reused(), len(status))
	}
}

// So does one over which the comparison with the others fails: alone, or together with another.
func TestPanicOfAScreeningIsAFinding(t *testing.T) {
	t.Parallel()
	r := freshReader(t)
	all := make([]*record.Workbook, len(r.tree.Files))
	read := func() []*record.Workbook {
		for i := range all {
			w, err := r.file(context.Background(), i)
			if err != nil {
				t.Fatal(err)
			}
			all[i] = w
		}
		return slices.Clone(all)
	}
	last := len(all) - 1
	for name, bad := range map[string]func(books []*record.Workbook) bool{
		"the first": func(books []*record.Workbook) bool { return books[0].Status == record.StatusRead },
		"the last": func(books []*record.Workbook) bool {
			return len(books) > last && books[last].Status == record.StatusRead
		},
		"two of one status": func(books []*record.Workbook) bool {
			return len(books) > 1 && books[0].Status == record.StatusRead && books[1].Status == record.StatusRead
		},
	} {
		batch, err := r.contained(context.Background(), "八戸市", 0, read(),
			func(city string, books []*record.Workbook) warehouse.Batch {
				if bad(books) {
					fails()
				}
				return r.screened(city, books)
			})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var lost []int
		for i, w := range batch.Workbooks {
			if w.Status == record.StatusUnreadable {
				lost = append(lost, i)
			}
		}
		want := map[string][]int{"the first": {0}, "the last": {last}, "two of one status": {1}}[name]
		if len(batch.Workbooks) != len(all) || !slices.Equal(lost, want) || len(batch.Submissions) == 0 {
			t.Errorf("%s: %d workbooks, %v lost, want %v", name, len(batch.Workbooks), lost, want)
		}
	}
	// what no workbook is to blame for is an error of the run
	if _, err := r.contained(context.Background(), "八戸市", 0, read(), func(string, []*record.Workbook) warehouse.Batch {
		fails()
		return warehouse.Batch{}
	}); err == nil {
		t.Error("a fault of the program alone went unnoticed")
	}
}
