package council

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestStoreWritesAllOrRefuses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "2025-10-21")
	if none, err := Editions(dir); err != nil || len(none) != 0 {
		t.Fatalf("%v %v", none, err)
	}
	files := map[string][]byte{"資料1.pdf": []byte("一"), "ひな形/briefs/a.md": []byte("二")}
	e, err := Store(dir, Edition{Meeting: "2025-10-21", Number: 1, Run: "r", Distributed: "2025-10-20"}, files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Store(dir, Edition{Number: 1}, files); err == nil || !strings.Contains(err.Error(), "書き換えません") {
		t.Errorf("an edition was stored twice: %v", err)
	}
	all, err := Editions(dir)
	if err != nil || len(all) != 1 || !reflect.DeepEqual(all[0], e) || all[0].DistributedOn() != "令和7年10月20日" {
		t.Fatalf("%+v %v", all, err)
	}
	if damage, err := e.Damage(); err != nil || len(damage) > 0 {
		t.Errorf("%v %v", damage, err)
	}
	if data, err := e.Read("ひな形/briefs/a.md"); err != nil || string(data) != "二" {
		t.Errorf("%q %v", data, err)
	}
}

func TestDamage(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(dir string) error
		says string
	}{
		"a byte": {func(dir string) error {
			path := filepath.Join(dir, "資料1.pdf")
			if err := os.Chmod(path, 0o644); err != nil {
				return err
			}
			return os.WriteFile(path, []byte("弐"), 0o644)
		}, "資料1.pdf：確定したときの内容と違います"},
		"gone": {func(dir string) error { return os.Remove(filepath.Join(dir, "資料1.pdf")) }, "資料1.pdf：ファイルがありません"},
		"added": {
			func(dir string) error { return os.WriteFile(filepath.Join(dir, "x.pdf"), nil, 0o644) }, "x.pdf：確定したときにはなかった",
		},
	} {
		dir := t.TempDir()
		e, err := Store(dir, Edition{Number: 1}, map[string][]byte{"資料1.pdf": []byte("一")})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.do(e.Dir); err != nil {
			t.Fatal(err)
		}
		damage, err := e.Damage()
		if err != nil || len(damage) != 1 || !strings.HasPrefix(damage[0], c.says) {
			t.Errorf("%s: %v %v", name, damage, err)
		}
	}
	dir := t.TempDir()
	e, err := Store(dir, Edition{Number: 1}, map[string][]byte{"a": nil})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(e.Dir, Manifest)); err != nil {
		t.Fatal(err)
	}
	if _, err := Editions(dir); err == nil || !strings.Contains(err.Error(), "控えから戻して") {
		t.Errorf("an edition without its manifest: %v", err)
	}
}
