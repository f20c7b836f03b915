package runs

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/warehouse"
)

var tokyo = time.FixedZone("JST", 9*60*60)

// kept makes an outputs folder with the files of runs; began are starts that a record states otherwise than the id.
func kept(t *testing.T, began map[string]string, ids ...string) string {
	t.Helper()
	outputs := t.TempDir()
	if err := os.MkdirAll(warehouse.Dir(outputs), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if err := os.WriteFile(warehouse.Path(warehouse.Dir(outputs), id), nil, 0o644); err != nil {
			t.Fatal(err)
		}
		start, err := time.Parse(idForm, id)
		if at, ok := began[id]; ok {
			start, err = time.Parse(time.RFC3339, at)
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := (&Run{ID: id, Kind: KindLoad, Status: StatusPublished, Started: start}).Save(outputs); err != nil {
			t.Fatal(err)
		}
	}
	if err := warehouse.Publish(warehouse.Dir(outputs), slices.Max(ids)); err != nil {
		t.Fatal(err)
	}
	return outputs
}

// A word names the last run of a month by when it began in the city's zone, as its record says: a clock that ran ahead
// once gives ids that are later than the runs.
func TestPick(t *testing.T) {
	outputs := kept(t, map[string]string{"20261201T000001Z": "2026-10-31T14:59:59Z"}, // 23:59 of 31 October in Tokyo
		"20260930T145959Z", // 23:59 of 30 September in Tokyo
		"20260930T150000Z", // 0:00 of 1 October in Tokyo
		"20261031T010000Z", "20261201T000001Z", "20261201T000002Z")
	for word, want := range map[string]string{
		"20260930T145959Z": "20260930T145959Z", "前回": "20261201T000001Z", "先月": "20261201T000001Z",
		"2026-10": "20261201T000001Z",
		"2026-09": "20260930T145959Z", "2026-12": "20261201T000002Z",
		"2026-11": "", "20260101T000000Z": "", "来月": "", "": "",
	} {
		got, err := Pick(outputs, word, time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC), tokyo)
		var none *warehouse.NoRunError
		if got != want || (err == nil) != (want != "") || err != nil && !errors.As(err, &none) {
			t.Errorf("%q: %q, %v; want %q", word, got, err, want)
		}
	}
	// On the first day of December, the last month is November, of which there is none: the newest before it.
	if got, err := Pick(
		outputs, LastMonth, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), tokyo,
	); got != "20261201T000001Z" || err != nil {
		t.Errorf("%s, %v", got, err)
	}
}

// Kept are the newest runs, the last of each month by when it began, and those that are wanted; records go after 400
// days.
func TestRetain(t *testing.T) {
	outputs := kept(t, map[string]string{"20261103T000000Z": "2026-10-15T00:00:00Z"},
		"20240101T000000Z", "20240102T000000Z", "20261001T000000Z", "20261103T000000Z", "20261105T000000Z",
		"20261106T000000Z")
	err := Retain(outputs, Retention{
		Keep: 1, Zone: tokyo, Now: time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC),
		Wanted: map[string]bool{"20240101T000000Z": true},
	})
	if err != nil {
		t.Fatal(err)
	}
	ids, err := warehouse.Kept(warehouse.Dir(outputs))
	// 20261103T000000Z began in October and is the last of that month; 2024-01-02 is the last of its own.
	want := []string{"20261106T000000Z", "20261103T000000Z", "20240102T000000Z", "20240101T000000Z"}
	if err != nil || !slices.Equal(ids, want) {
		t.Errorf("kept %q, want %q, %v", ids, want, err)
	}
	for _, id := range want { // what stays is written by nobody
		info, err := os.Stat(warehouse.Path(warehouse.Dir(outputs), id))
		if err != nil || info.Mode().Perm() != 0o444 {
			t.Errorf("%s: %v, %v", id, info.Mode(), err)
		}
	}
	for id, there := range map[string]bool{"20240101T000000Z": true, "20261105T000000Z": true, "20261001T000000Z": true} {
		if _, ok, err := Find(outputs, id); ok != there || err != nil {
			t.Errorf("the record of %s: %v, %v", id, ok, err)
		}
	}
	later := Retention{
		Keep: 1, Zone: tokyo, Now: time.Date(2026, 11, 5, 0, 0, 1, 0, time.UTC).Add(keepRecords), Wanted: map[string]bool{},
	}
	if err := Retain(outputs, later); err != nil {
		t.Fatal(err)
	}
	// 400 days and a second, and a day less
	for id, there := range map[string]bool{"20261105T000000Z": false, "20261106T000000Z": true} {
		if _, ok, err := Find(outputs, id); ok != there || err != nil {
			t.Errorf("later, the record of %s: %v, %v", id, ok, err)
		}
	}
}

// Ids never go back, and a clock that is far behind is told.
func TestNewIDs(t *testing.T) {
	outputs := kept(t, nil, "20261106T000000Z")
	for now, want := range map[string]struct {
		id    string
		notes int
	}{
		"2026-11-06T00:00:01Z": {"20261106T000001Z", 0},
		"2026-11-06T00:00:00Z": {"20261106T000001Z", 0},
		"2026-11-05T23:59:00Z": {"20261106T000001Z", 0}, // a minute
		"2026-11-05T23:58:59Z": {"20261106T000001Z", 1},
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		r, err := New(outputs, at, KindLoad, "test", "v")
		if err != nil || r.ID != want.id || len(r.Notes) != want.notes {
			t.Errorf("%s: %s %q, %v", now, r.ID, r.Notes, err)
		}
	}
}

// A record that cannot be read is history that is lost, and nothing else.
func TestDamagedRecordIsPassedOver(t *testing.T) {
	outputs := kept(t, nil, "20261105T000000Z", "20261106T000000Z")
	if err := os.WriteFile(recordPath(outputs, "20261106T000000Z"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	all, err := List(outputs, 5)
	if err != nil || len(all) != 1 || all[0].ID != "20261105T000000Z" {
		t.Errorf("%+v, %v", all, err)
	}
}

// One holds the lock, the other is told who; it is free again once it is released.
func TestLock(t *testing.T) {
	outputs := filepath.Join(t.TempDir(), "outputs")
	if UnderWay(outputs) {
		t.Error("a run is under way where there is nothing")
	}
	release, err := Lock(outputs, "夜間の実行")
	if err != nil {
		t.Fatal(err)
	}
	var locked *LockedError
	if _, err := Lock(outputs, "読み込み"); !errors.As(err, &locked) || !strings.Contains(err.Error(), "夜間の実行") {
		t.Errorf("a second lock: %v", err)
	}
	if !UnderWay(outputs) {
		t.Error("no run is under way")
	}
	release()
	if UnderWay(outputs) {
		t.Error("a run is under way after its end")
	}
	again, err := Lock(outputs, "読み込み")
	if err != nil {
		t.Fatal(err)
	}
	again()
}

// Half-made files that killed runs have left go after an hour, others stay.
func TestRemoveLeftovers(t *testing.T) {
	outputs, now := t.TempDir(), time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	for name, age := range map[string]time.Duration{
		".next-1": LeftoverAge + time.Second, ".next-2": LeftoverAge - time.Second, ".a.next": LeftoverAge + time.Second,
		"next-3": 24 * time.Hour,
	} {
		path := filepath.Join(outputs, name)
		if err := errors.Join(os.WriteFile(path, nil, 0o644), os.Chtimes(path, now.Add(-age), now.Add(-age))); err != nil {
			t.Fatal(err)
		}
	}
	RemoveLeftovers(outputs, now)
	left, err := os.ReadDir(outputs)
	if err != nil || len(left) != 2 || left[0].Name() != ".next-2" || left[1].Name() != "next-3" {
		t.Errorf("%v, %v", left, err)
	}
}

// The newest table of addresses stays when the records of its time go: it is the only one that knows those of before.
func TestNewestAddressesStay(t *testing.T) {
	outputs := t.TempDir()
	now := time.Date(2027, 10, 1, 2, 0, 0, 0, time.UTC)
	const older, newer = "20250901T020000Z", "20251001T020000Z"
	if last, err := LastAddresses(outputs); err != nil || last != "" {
		t.Fatalf("%q, %v", last, err)
	}
	for _, id := range []string{older, newer} {
		for _, path := range []string{AddressesPath(outputs, id), SummaryPath(outputs, id), LogPath(outputs, id)} {
			if err := atomicfile.Write(path, []byte("a")); err != nil {
				t.Fatal(err)
			}
		}
	}
	if last, err := LastAddresses(outputs); err != nil || last != newer {
		t.Fatalf("%q, %v", last, err)
	}
	if err := dropRecords(outputs, now, map[string]bool{}); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(Dir(outputs))
	if err != nil || len(left) != 1 || left[0].Name() != newer+".csv" {
		t.Errorf("left: %v, %v", left, err)
	}
}

// A run is told with the time of the city, which is another day than that of its id in the evening.
func TestNamed(t *testing.T) {
	tokyo := time.FixedZone("JST", 9*3600)
	for id, want := range map[string]string{
		"20261130T024949Z": "令和8年11月30日 11時49分の実行（20261130T024949Z）",
		"20261130T150500Z": "令和8年12月1日 0時05分の実行（20261130T150500Z）",
		"20261130T145959Z": "令和8年11月30日 23時59分の実行（20261130T145959Z）",
		"先週":               "実行 先週",
	} {
		if got := Named(id, tokyo); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
}
