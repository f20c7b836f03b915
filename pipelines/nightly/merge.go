package nightly

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/workbook"
)

// share is a share's folder and what its manifest says.
type share struct {
	dir string
	Manifest
}

// Merge builds and publishes a warehouse from the shares of a folder. Nothing is published unless every share is there once,
// whole, and made by the rules that hold here.
func Merge(ctx context.Context, env Env, dir string) (*Run, error) {
	read := func(n *night, ctx context.Context, s *Step) error { return n.merge(ctx, s, dir) }
	stages := slices.Concat([]stage{{"read", nil, read}}, loadSteps[1:], []stage{publishStep})
	return execute(ctx, env, kindMerge, "load --merge", stages)
}

// merge is the step read of a run that others have read for.
func (n *night) merge(ctx context.Context, s *Step, dir string) error {
	shares, err := readShares(dir)
	if err != nil {
		return err
	}
	if err := n.accept(dir, shares); err != nil {
		return err
	}
	if n.tree = treeOf(shares); len(n.tree.Files) == 0 {
		return &InputsError{dir, "に調査票が一つもありません"}
	}
	if n.problems, err = sourceProblems(n.Env); err != nil {
		return err
	}
	if done, err := n.known(ctx, s); done || err != nil {
		return err
	}
	if n.run.Rules, err = fingerprint(n.Env, collect.Tree{}, nil); err != nil {
		return err
	}
	if err := n.create(ctx); err != nil {
		return err
	}
	return n.addShares(ctx, shares)
}

// addShares appends the shares in their order, and makes sure that every row came and that nothing changed meanwhile.
func (n *night) addShares(ctx context.Context, shares []share) error {
	want := map[string]int64{}
	for k, one := range shares {
		workbooks := want["meta.workbooks"] // those of a share are numbered together
		for _, city := range one.Own {
			records := want["raw.records"] // those of a municipality are
			for _, table := range warehouse.ReadTables {
				rows := one.Rows[city][table]
				want[table] += rows
				if rows == 0 {
					continue
				}
				if err := n.build.AddRead(ctx, table, one.files(table, city), workbooks, records); err != nil {
					return fmt.Errorf("%s を読めません: %w", one.dir, err)
				}
			}
		}
		n.count("read", "", k+1, len(shares))
	}
	got, err := n.build.Rows(ctx)
	if err != nil {
		return err
	}
	for table, rows := range want {
		if got[table] != rows {
			return fmt.Errorf("%s は%d行のはずが%d行です。分担をやり直してください。公表済みのファイルは変わりません", table, rows, got[table])
		}
	}
	for _, one := range shares {
		if err := one.whole(); err != nil {
			return err
		}
	}
	return nil
}

// files are those of a table and a municipality.
func (s share) files(table, city string) []string {
	var out []string
	for _, file := range slices.Sorted(maps.Keys(s.Files)) {
		if strings.HasPrefix(file, warehouse.Folder(table, city)+"/") {
			out = append(out, filepath.Join(s.dir, filepath.FromSlash(file)))
		}
	}
	return out
}

// readShares reads the manifests of a folder.
func readShares(dir string) ([]share, error) {
	found, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s を読めません。権限を確かめてください: %w", dir, err)
	}
	var out []share
	for _, e := range found {
		if strings.HasPrefix(e.Name(), ".") {
			continue // one that is being written
		}
		one := share{dir: filepath.Join(dir, e.Name())}
		file := filepath.Join(one.dir, manifestFile)
		data, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s を読めません。権限を確かめてください: %w", file, err)
		}
		if err := json.Unmarshal(data, &one.Manifest); err != nil {
			return nil, fmt.Errorf("%s: 分担の記録が壊れています。この分担（%s）をやり直してください: %w", file, filepath.Base(one.dir), err)
		}
		out = append(out, one)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: 分担の結果がありません。先に kyogikai load --shard 1/N … N/N を行ってください", dir)
	}
	slices.SortStableFunc(out, func(a, b share) int { return a.I - b.I })
	return out, nil
}

// MergeError says why shares are not put together.
type MergeError struct{ Dir, What string }

func (e *MergeError) Error() string {
	return e.Dir + ": " + e.What + "。公表済みのファイルは変わりません"
}

// accept refuses shares that are not one whole.
func (n *night) accept(dir string, shares []share) error {
	rules, err := fingerprint(n.Env, collect.Tree{}, nil)
	if err != nil {
		return err
	}
	first := shares[0]
	refuse := func(format string, args ...any) error { return &MergeError{dir, fmt.Sprintf(format, args...)} }
	at := map[int]share{}
	for _, one := range shares {
		name := filepath.Base(one.dir)
		if other, twice := at[one.I]; twice {
			return refuse("分担 %d/%d が二つあります（%s と %s）。古い方を消してください", one.I, one.N, filepath.Base(other.dir), name)
		}
		at[one.I] = one
		switch {
		case one.N != first.N || one.I < 1 || one.I > one.N:
			return refuse("分け方の違う分担が混じっています（%s は%d分の%d、%s は%d分の%d）。このフォルダには一回分だけを置いてください",
				filepath.Base(first.dir), first.N, first.I, name, one.N, one.I)
		case one.Rules != rules || one.Version != n.Version:
			return refuse("%s は、様式・SQL・設定・プログラムのいずれかが、ここと違います。同じものでやり直してください", name)
		case !slices.Equal(one.All, first.All):
			return refuse("%s と %s で、自治体の一覧が違います（%d と %d）。同じ inputs で、すべての分担をやり直してください",
				filepath.Base(first.dir), name, len(first.All), len(one.All))
		case !slices.Equal(one.Own, Shard{one.I, one.N}.of(one.All)):
			return refuse("%s の自治体が、分担の決まりと違います。この分担をやり直してください", name)
		}
	}
	var missing []string
	for i := 1; i <= first.N; i++ {
		if _, ok := at[i]; !ok {
			missing = append(missing, fmt.Sprintf("%d/%d", i, first.N))
		}
	}
	if len(missing) > 0 {
		what := strings.Join(missing[:min(len(missing), 10)], "、")
		if len(missing) > 10 {
			what += fmt.Sprintf(" ほか（全部で%d）", len(missing))
		}
		return refuse("分担 %s がありません。kyogikai load --shard で行ってから、もう一度実行してください", what)
	}
	for _, one := range shares {
		if err := one.whole(); err != nil {
			return err
		}
	}
	return n.current(dir, shares)
}

// whole refuses a share of which a file is missing, changed or too many.
func (s share) whole() error {
	there, err := sums(s.dir)
	if err != nil {
		return err
	}
	for _, file := range slices.Sorted(maps.Keys(s.Files)) {
		switch sum, ok := there[file]; {
		case !ok:
			return &MergeError{s.dir, "ファイル " + file + " がありません。この分担をやり直してください"}
		case sum != s.Files[file]:
			return &MergeError{s.dir, "ファイル " + file + " が、作ったときから変わっています。この分担をやり直してください"}
		}
		delete(there, file)
	}
	for _, file := range slices.Sorted(maps.Keys(there)) {
		return &MergeError{s.dir, "作った覚えのないファイル " + file + " があります。この分担をやり直してください"}
	}
	return nil
}

// current refuses shares that rest on other workbooks than the inputs hold now. Where there is no inputs folder here, nothing
// can be compared, and the run says so.
func (n *night) current(dir string, shares []share) error {
	if _, err := os.Stat(n.Inputs); errors.Is(err, fs.ErrNotExist) {
		n.run.Notes = append(n.run.Notes, "ここには入力フォルダがないので、分担の後に調査票が変わっていないかは確かめていません")
		return nil
	}
	all, err := collect.Municipalities(n.Inputs)
	if err != nil {
		return err
	}
	if !slices.Equal(all, shares[0].All) {
		return &MergeError{dir, fmt.Sprintf("分担の後に、inputs の自治体のフォルダが変わりました（%dから%d）。すべての分担をやり直してください", len(shares[0].All), len(all))}
	}
	tree, err := collect.Walk(n.Inputs, workbook.Supported, nil)
	if err != nil {
		return fmt.Errorf("listing inputs: %w", err)
	}
	now := map[string]map[string]string{}
	for _, f := range tree.Files {
		if now[f.Municipality] == nil {
			now[f.Municipality] = map[string]string{}
		}
		now[f.Municipality][f.Path] = f.SHA256
	}
	for city, masters := range tree.Masters {
		for name, f := range masters {
			if now[city] == nil {
				now[city] = map[string]string{}
			}
			now[city][name] = f.SHA256
		}
	}
	for _, one := range shares {
		read := map[string]string{}
		maps.Copy(read, one.Inputs)
		there := map[string]string{}
		for _, city := range one.Own {
			for file, sum := range one.Masters[city] {
				read[city+" "+file] = sum
			}
			for file, sum := range now[city] {
				if !strings.Contains(file, "/") {
					file = city + " " + file
				}
				there[file] = sum
			}
		}
		if !maps.Equal(read, there) {
			return &MergeError{dir, fmt.Sprintf("分担 %d/%d の後に、inputs の調査票が変わりました（例：%s）。この分担をやり直してください", one.I, one.N, firstDifference(read, there))}
		}
	}
	return nil
}

func firstDifference(a, b map[string]string) string {
	both := map[string]string{}
	maps.Copy(both, a)
	maps.Copy(both, b)
	for _, name := range slices.Sorted(maps.Keys(both)) {
		if a[name] != b[name] {
			return name
		}
	}
	return ""
}

// treeOf is the tree that the shares were read from, without where its files are.
func treeOf(shares []share) collect.Tree {
	t := collect.Tree{Masters: map[string]map[string]collect.File{}}
	for _, one := range shares {
		for p, sum := range one.Inputs {
			_, rest, _ := strings.Cut(p, "/")
			city, _, _ := strings.Cut(rest, "/")
			t.Files = append(t.Files, collect.File{Path: p, SHA256: sum, Municipality: city})
		}
		for city, masters := range one.Masters {
			t.Masters[city] = map[string]collect.File{}
			for name, sum := range masters {
				t.Masters[city][name] = collect.File{Path: "inputs/" + city + "/" + name, Name: name, SHA256: sum, Municipality: city}
			}
		}
	}
	t.Sort()
	return t
}
