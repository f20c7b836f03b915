package reading

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kyogikai/pipelines/project/projecttest"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// The words of a municipality's 語彙.csv read its own workbooks and nobody else's. With a new word its workbooks are read
// anew, the other's are not; a line that means nothing is refused before anything is read.
func TestWordsOfOneMunicipality(t *testing.T) {
	inputs := filepath.Join(t.TempDir(), "inputs")
	write := func(name, text string) {
		t.Helper()
		file := filepath.Join(inputs, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, city := range []string{"甲市", "乙市"} {
		write(city+"/令和8年度/福祉部/福祉課/調査票.csv",
			"成果指標調査票\n物差し,種別,単位,目指す方向,令和7年度実績値,令和8年度実績値\n来館者数,成果,人,上昇,1200,1300\n")
	}
	env := projecttest.Env(t, inputs)
	load := func() (read map[string]int, reused int) {
		t.Helper()
		tree, err := Walk(context.Background(), env)
		if err != nil {
			t.Fatal(err)
		}
		r, err := New(env, tree)
		if err != nil {
			t.Fatal(err)
		}
		read = map[string]int{}
		err = r.Each(context.Background(), func(city string, batch warehouse.Batch) error {
			for _, w := range batch.Workbooks {
				for _, rec := range w.Records {
					if f, ok := rec.Field("indicator", ""); ok && f.Value == "来館者数" && !rec.Excluded {
						read[city]++
					}
				}
				if len(w.Records) == 0 && w.Status == record.StatusRead {
					t.Errorf("%s is read and holds nothing", w.Path)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return read, r.Reused()
	}
	if read, reused := load(); len(read) != 0 || reused != 0 {
		t.Errorf("without words: read %v, reused %d", read, reused)
	}
	write("甲市/語彙.csv", "様式,項目,語\nA,成果指標名,物差し\n")
	if read, reused := load(); read["甲市"] != 1 || read["乙市"] != 0 || reused != 1 {
		t.Errorf("with the words of one: read %v, reused %d", read, reused)
	}
	if read, reused := load(); read["甲市"] != 1 || reused != 2 {
		t.Errorf("again: read %v, reused %d", read, reused)
	}
	write("乙市/語彙.csv", "様式,項目,語\n\nA,指標名,物差し\n")
	tree, err := Walk(context.Background(), env)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(env, tree); err == nil || !strings.HasPrefix(err.Error(), "inputs/乙市/語彙.csv:3: ") ||
		!strings.Contains(err.Error(), "「成果指標名」のことなら") {
		t.Errorf("a line that means nothing: %v", err)
	}
}
