package shards

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
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/reading"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/workbook"
)

// Share is a share's folder and what its manifest says.
type Share struct {
	Dir string
	Manifest
}

// Parquet are those of a table and a municipality.
func (s Share) Parquet(table, city string) []string {
	var out []string
	for _, file := range slices.Sorted(maps.Keys(s.Files)) {
		if strings.HasPrefix(file, warehouse.Folder(table, city)+"/") {
			out = append(out, filepath.Join(s.Dir, filepath.FromSlash(file)))
		}
	}
	return out
}

// Read reads the manifests of a folder.
func Read(dir string) ([]Share, error) {
	found, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s を読めません。権限を確かめてください: %w", dir, err)
	}
	var out []Share
	for _, e := range found {
		if strings.HasPrefix(e.Name(), ".") {
			continue // one that is being written
		}
		one := Share{Dir: filepath.Join(dir, e.Name())}
		file := filepath.Join(one.Dir, manifestFile)
		data, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s を読めません。権限を確かめてください: %w", file, err)
		}
		if err := json.Unmarshal(data, &one.Manifest); err != nil {
			return nil, fmt.Errorf("%s: 分担の記録が壊れています。この分担（%s）をやり直してください: %w", file, filepath.Base(one.Dir), err)
		}
		out = append(out, one)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: 分担の結果がありません。先に kyogikai load --shard 1/N … N/N を行ってください", dir)
	}
	slices.SortStableFunc(out, func(a, b Share) int { return a.I - b.I })
	return out, nil
}

// MergeError says why shares are not put together.
type MergeError struct{ Dir, What string }

func (e *MergeError) Error() string {
	return e.Dir + ": " + e.What + "。いまのデータは変わりません"
}

// Accept refuses shares that are not all of one reading. Where there are no inputs here, nothing tells whether the
// workbooks have changed since, and compared is false.
func Accept(ctx context.Context, env project.Env, dir string, shares []Share) (compared bool, err error) {
	rules, err := reading.Rules(env)
	if err != nil {
		return false, err
	}
	first := shares[0]
	refuse := func(format string, args ...any) error { return &MergeError{dir, fmt.Sprintf(format, args...)} }
	at := map[int]Share{}
	for _, one := range shares {
		name := filepath.Base(one.Dir)
		if other, twice := at[one.I]; twice {
			return false, refuse("分担 %d/%d が二つあります（%s と %s）。古い方を消してください", one.I, one.N, filepath.Base(other.Dir), name)
		}
		at[one.I] = one
		switch {
		case one.N != first.N || one.I < 1 || one.I > one.N:
			return false, refuse("分け方の違う分担が混じっています（%s は%d分の%d、%s は%d分の%d）。このフォルダには一回分だけを置いてください",
				filepath.Base(first.Dir), first.N, first.I, name, one.N, one.I)
		case one.Rules != rules || one.Version != env.Version:
			return false, refuse("%s は、様式・SQL・設定・プログラムのいずれかが、ここと違います。同じものでやり直してください", name)
		case !slices.Equal(one.All, first.All):
			return false, refuse("%s と %s で、自治体の一覧が違います（%d と %d）。同じ inputs で、すべての分担をやり直してください",
				filepath.Base(first.Dir), name, len(first.All), len(one.All))
		case !slices.Equal(one.Own, Shard{one.I, one.N}.of(one.All)):
			return false, refuse("%s の自治体が、分担の決まりと違います。この分担をやり直してください", name)
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
		return false, refuse("分担 %s がありません。kyogikai load --shard で行ってから、もう一度実行してください", what)
	}
	for _, one := range shares {
		if err := one.Verify(); err != nil {
			return false, err
		}
	}
	return unchanged(ctx, env, dir, shares)
}

// Verify refuses a share of which a file is missing, changed or too many.
func (s Share) Verify() error {
	there, err := sums(s.Dir)
	if err != nil {
		return err
	}
	for _, file := range slices.Sorted(maps.Keys(s.Files)) {
		switch sum, ok := there[file]; {
		case !ok:
			return &MergeError{s.Dir, "ファイル " + file + " がありません。この分担をやり直してください"}
		case sum != s.Files[file]:
			return &MergeError{s.Dir, "ファイル " + file + " が、作ったときから変わっています。この分担をやり直してください"}
		}
		delete(there, file)
	}
	for _, file := range slices.Sorted(maps.Keys(there)) {
		return &MergeError{s.Dir, "作った覚えのないファイル " + file + " があります。この分担をやり直してください"}
	}
	return nil
}

// unchanged refuses shares that rest on other workbooks than the inputs hold now. Where there is no inputs folder here,
// nothing can be compared.
func unchanged(ctx context.Context, env project.Env, dir string, shares []Share) (compared bool, err error) {
	all, err := collect.Municipalities(ctx, env.Inputs, collect.Walking{Supported: workbook.Supported})
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if !slices.Equal(all, shares[0].All) {
		return false, &MergeError{
			dir, fmt.Sprintf("分担の後に、inputs の自治体のフォルダが変わりました（%dから%d）。すべての分担をやり直してください", len(shares[0].All), len(all)),
		}
	}
	tree, err := reading.List(ctx, env, nil)
	if err != nil {
		return false, err
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
			return false, &MergeError{
				dir,
				fmt.Sprintf("分担 %d/%d の後に、inputs の調査票が変わりました（例：%s）。この分担をやり直してください", one.I, one.N, firstDifference(read, there)),
			}
		}
	}
	return true, nil
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

// Tree is the tree that the shares were read from, without where its files are.
func Tree(shares []Share) collect.Tree {
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
				t.Masters[city][name] = collect.File{
					Path: "inputs/" + city + "/" + name, Name: name, SHA256: sum, Municipality: city,
				}
			}
		}
	}
	t.Sort()
	return t
}
