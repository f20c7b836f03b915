package nightly

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/shards"
	"kyogikai/pipelines/trial"
	"kyogikai/pipelines/warehouse"
)

// shards reads all shares of the inputs, the last first, each with outputs of its own as on a machine of its own.
func makeShards(t *testing.T, env project.Env, n int) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "municipality=偽市", "[回]") // means nothing
	for i := n; i >= 1; i-- {
		one := env
		one.Outputs = filepath.Join(t.TempDir(), "outputs")
		m, err := shards.Load(context.Background(), one, shards.Shard{I: i, N: n}, dir)
		if err != nil {
			t.Fatal(err)
		}
		workbooks := int64(0)
		for _, city := range m.Own {
			workbooks += m.Rows[city]["meta.workbooks"]
		}
		if workbooks != int64(len(m.Inputs)) || len(m.Own) == 0 {
			t.Errorf("share %d: %d workbooks of %d, %v", i, workbooks, len(m.Inputs), m.Own)
		}
	}
	return dir
}

// Read in any number of shares and put together, every table is what one machine makes, to the numbers of the records.
func TestShardsEqualTheWhole(t *testing.T) {
	t.Parallel()
	trial.Slow(t)
	simulated := trial.Count(2, 5)
	env := newEnv(t, country(t, simulated))
	if err := os.MkdirAll(filepath.Join(env.Inputs, "空の町"), 0o755); err != nil { // a municipality that has sent nothing
		t.Fatal(err)
	}
	for _, odd := range []string{
		"year=1999, 100%の市", "[あ]*村", strings.Repeat("長", 60) + "町", "がんばる市", "O'Brien \"x\" 市",
	} {
		if err := os.CopyFS(filepath.Join(env.Inputs, odd), os.DirFS(filepath.Join(env.Inputs, "模擬0001市"))); err != nil {
			t.Fatal(err)
		}
	}
	run := mustLoad(t, env)
	want := dump(t, env)
	shares := []int{3, simulated + 7} // the latter is a municipality each
	if trial.On() {
		shares = append(shares, 1)
	}
	for _, n := range shares {
		merged := env
		merged.Outputs = filepath.Join(t.TempDir(), "outputs")
		dir := makeShards(t, env, n)
		got, err := Merge(context.Background(), merged, dir)
		if err != nil {
			t.Fatal(err)
		}
		if text := dump(t, merged); text != want {
			t.Errorf("%d shares: %s", n, apart(text, want))
		}
		if got.Status != runs.StatusPublished || got.Fingerprint != run.Fingerprint ||
			fmt.Sprint(got.Findings) != fmt.Sprint(run.Findings) {
			t.Errorf("%d shares: %s, %v, fingerprint %s want %s", n, got.Status, got.Findings, got.Fingerprint, run.Fingerprint)
		}
		if again, err := Merge(context.Background(), merged, dir); err != nil || again.Status != runs.StatusUnchanged {
			t.Errorf("the same shares again: %v, %v", again.Status, err)
		}
		if later, err := Load(context.Background(), merged, "test"); err != nil || later.Status != runs.StatusUnchanged {
			t.Errorf("a load of what was merged: %v, %v", later.Status, err)
		}
	}
}

// What is not one whole is refused, with what is wrong and who fixes it, and what was published stays.
func TestMergeRefuses(t *testing.T) {
	t.Parallel()
	env := newEnv(t, smallCountry(t, 2))
	mustLoad(t, env)
	touchInput(t, env) // so that what is refused is news
	whole := makeShards(t, env, 2)
	_, published, err := warehouse.Current(env.WarehouseDir())
	if err != nil {
		t.Fatal(err)
	}
	first, second := shards.Shard{I: 1, N: 2}.Name(), shards.Shard{I: 2, N: 2}.Name()
	edit := func(file, from, to string) func(dir string) error {
		return func(dir string) error {
			data, err := os.ReadFile(filepath.Join(dir, file))
			if err == nil && !strings.Contains(string(data), from) {
				err = errors.New("nothing to replace")
			}
			return errors.Join(
				err, os.WriteFile(filepath.Join(dir, file), []byte(strings.Replace(string(data), from, to, 1)), 0o644),
			)
		}
	}
	parquet := func(dir string) string {
		files, err := filepath.Glob(filepath.Join(dir, first, "raw.fields", "*", "*", "*.parquet"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%v, %v", files, err)
		}
		return files[0]
	}
	for name, c := range map[string]struct {
		spoil func(dir string) error
		want  string
	}{
		"missing": {func(dir string) error { return os.RemoveAll(filepath.Join(dir, second)) }, "分担 2/2 がありません"},
		"duplicate": {func(dir string) error {
			return os.CopyFS(filepath.Join(dir, "写し"), os.DirFS(filepath.Join(dir, first)))
		}, "分担 1/2 が二つあります"},
		"other way of dividing": {func(dir string) error {
			one := env
			one.Outputs = t.TempDir()
			_, err := shards.Load(context.Background(), one, shards.Shard{I: 3, N: 3}, dir)
			return err
		}, "分け方の違う分担"},
		"flipped byte": {func(dir string) error {
			data, err := os.ReadFile(parquet(dir))
			data[len(data)/2] ^= 1
			return errors.Join(err, os.WriteFile(parquet(dir), data, 0o644))
		}, "変わっています"},
		"lost file": {func(dir string) error { return os.Remove(parquet(dir)) }, "がありません。この分担"},
		"file of somebody": {func(dir string) error {
			return os.CopyFS(filepath.Join(dir, first, "raw.cells", "x"), os.DirFS(filepath.Dir(parquet(dir))))
		}, "作った覚えのない"},
		"other rules":      {edit(second+"/"+"shard.json", `"rules": "`, `"rules": "0`), "様式・SQL・設定・プログラム"},
		"other program":    {edit(second+"/"+"shard.json", `"version": "`, `"version": "0`), "様式・SQL・設定・プログラム"},
		"other cities":     {edit(second+"/"+"shard.json", `"模擬0001市"`, `"模擬0009市"`), "自治体の一覧が違います"},
		"other share":      {edit(second+"/"+"shard.json", `"shard": 2`, `"shard": 1`), "二つあります"},
		"damaged manifest": {edit(second+"/"+"shard.json", `"of"`, `"of`), "記録が壊れています"},
		"wrong rows":       {edit(second+"/"+"shard.json", `"raw.fields": `, `"raw.fields": 1`), "行のはずが"},
		"none": {func(dir string) error {
			return errors.Join(os.RemoveAll(filepath.Join(dir, first)), os.RemoveAll(filepath.Join(dir, second)))
		}, "分担の結果がありません"},
		"share of others": {func(dir string) error {
			return edit(second+"/"+"shard.json", `"municipalities": [`, `"municipalities": ["八戸市",`)(dir)
		}, "分担の決まりと違います"},
		"new municipality": {
			func(string) error { return os.MkdirAll(filepath.Join(env.Inputs, "新しい市"), 0o755) }, "自治体のフォルダが変わりました（3から4）",
		},
		"changed since": {func(string) error {
			return os.WriteFile(filepath.Join(env.Inputs, "模擬0002市", "組織.csv"), []byte("部,課\n総務部,総務課\n"), 0o644)
		}, "の後に、inputs の調査票が変わりました（例：模擬0002市 組織.csv）"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			before, err := os.ReadFile(filepath.Join(env.Inputs, "模擬0002市", "組織.csv"))
			if err := errors.Join(err, os.CopyFS(dir, os.DirFS(whole)), c.spoil(dir)); err != nil {
				t.Fatal(err)
			}
			defer func() {
				_ = os.WriteFile(filepath.Join(env.Inputs, "模擬0002市", "組織.csv"), before, 0o644) // the next case would tell
				_ = os.Remove(filepath.Join(env.Inputs, "新しい市"))
			}()
			run, err := Merge(context.Background(), env, dir)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
			if run == nil || run.Status != runs.StatusFailed {
				t.Errorf("the record does not say that it failed: %v", err)
			}
			if _, now, err := warehouse.Current(env.WarehouseDir()); err != nil || now != published {
				t.Errorf("%s is published, %v", now, err)
			}
		})
	}
}

// A share that is stopped in the middle leaves no folder that passes for one, and the same share again replaces it.
func TestShardIsWholeOrAbsent(t *testing.T) {
	t.Parallel()
	env := newEnv(t, smallCountry(t, 2))
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	env.Progress = func(p project.Progress) {
		if p.Count == 5 {
			cancel()
		}
	}
	if _, err := shards.Load(ctx, env, shards.Shard{I: 1, N: 1}, dir); !errors.Is(err, context.Canceled) {
		t.Fatalf("%v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
	env.Progress = nil
	// What a killed run has left is swept once it cannot be under way any more.
	dead, young := filepath.Join(dir, ".next-0001-of-0001-1"), filepath.Join(dir, ".next-0001-of-0001-2")
	for _, half := range []string{dead, young} {
		if err := os.Mkdir(half, 0o755); err != nil {
			t.Fatal(err)
		}
		at := env.Clock()
		if half == dead {
			at = at.Add(-2 * runs.LeftoverAge)
		}
		if err := os.Chtimes(half, at, at); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if _, err := shards.Load(context.Background(), env, shards.Shard{I: 1, N: 1}, dir); err != nil {
			t.Fatal(err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 || left[0].Name() != filepath.Base(young) {
		t.Errorf("%v, %v", left, err)
	}
	if info, err := os.Stat(filepath.Join(dir, "0001-of-0001")); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("%v, %v", info, err)
	}
	for _, bad := range []string{"", "0/3", "4/3", "1", "1/0", "-1/3", "1/3/5", "１/３", "1/9999999999"} {
		if s, err := shards.Parse(bad); err == nil {
			t.Errorf("%q is %v", bad, s)
		}
	}
	if _, err := shards.Load(
		context.Background(), env, shards.Shard{I: 1, N: 99}, dir,
	); err == nil || !strings.Contains(err.Error(), "自治体は3しかありません") {
		t.Errorf("more shares than municipalities: %v", err)
	}
}

// Where the workbooks are on other machines, what was merged is not stale, and papers are made from it.
func TestMergedElsewhereIsFresh(t *testing.T) {
	t.Parallel()
	env := newEnv(t, smallCountry(t, 1))
	dir := makeShards(t, env, 2)
	env.Inputs = filepath.Join(t.TempDir(), "nowhere")
	run, err := Merge(context.Background(), env, dir)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(strings.Join(run.Notes, ""), "確かめていません") {
		t.Errorf("notes: %v", run.Notes)
	}
	if stale, err := Stale(context.Background(), env); err != nil || stale {
		t.Errorf("stale: %v, %v", stale, err)
	}
	if fresh, err := Fresh(context.Background(), env); err != nil || fresh.ID != run.ID {
		t.Errorf("%v", err)
	}
	if list, err := Decisions(context.Background(), env); err != nil || list != nil {
		t.Errorf("decisions: %v, %v", list, err)
	}
	changed := env
	changed.Version = "another program"
	if _, err := Stale(context.Background(), changed); err == nil || !strings.Contains(
		err.Error(), "分担（kyogikai load --shard）からやり直して",
	) {
		t.Errorf("other rules: %v", err)
	}
	if err := os.MkdirAll(filepath.Join(env.Inputs, "八戸市"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Stale(context.Background(), env); err == nil {
		t.Error("an inputs folder without workbooks passes for none")
	}
	env.Inputs = fewInputs(t) // one of the two municipalities
	if _, err := Load(context.Background(), env, "test"); err == nil || !strings.Contains(err.Error(), "模擬0001市 など") {
		t.Errorf("a part replaces the whole: %v", err)
	}
	if _, now, err := warehouse.Current(env.WarehouseDir()); err != nil || now != run.ID {
		t.Errorf("%s is published, %v", now, err)
	}
}

// An inputs folder that is a link is read like the folder it stands for.
func TestLinkedInputs(t *testing.T) {
	t.Parallel()
	env := newEnv(t, smallCountry(t, 1))
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(env.Inputs, link); err != nil {
		t.Fatal(err)
	}
	mustLoad(t, env)
	want := dump(t, env)
	env.Inputs, env.Outputs = link, filepath.Join(t.TempDir(), "outputs")
	if _, err := Merge(context.Background(), env, makeShards(t, env, 2)); err != nil {
		t.Fatal(err)
	}
	if got := dump(t, env); got != want {
		t.Error(apart(got, want))
	}
}
