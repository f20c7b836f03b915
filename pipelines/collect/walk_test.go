package collect

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"kyogikai/pipelines/trial"
)

func link(t *testing.T, to, at string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(to, at); err != nil {
		t.Fatal(err)
	}
}

func walked(t *testing.T, dir string) Tree {
	t.Helper()
	tree, err := Walk(context.Background(), dir, Walking{Supported: twoKinds, Pace: Pace{time.Second, 1}})
	if err != nil {
		t.Fatal(err)
	}
	cities, err := Municipalities(context.Background(), dir, Walking{Supported: twoKinds})
	if err != nil || !slices.Equal(cities, tree.Municipalities()) {
		t.Errorf("municipalities %q, the walk has %q, %v", cities, tree.Municipalities(), err)
	}
	return tree
}

// files are the paths of a tree's files that could be read, each with the folder that it is of.
func paths(tree Tree) []string {
	var out []string
	for _, f := range tree.Files {
		if f.Trouble == nil {
			out = append(out, fmt.Sprintf("%s %s %d %s %s", f.Path, f.Municipality, f.FiscalYear, f.Bureau, f.Department))
		}
	}
	return out
}

// A linked folder is a folder, at every depth, out of the inputs too, and by a link to a link.
func TestLinkedFoldersAreFollowed(t *testing.T) {
	t.Parallel()
	const rest = "令和6年度/財政部/財政課/提出/a.csv"
	parts := strings.Split("市/"+rest, "/")
	for depth := range len(parts) {
		dir, outside := filepath.Join(t.TempDir(), "inputs"), t.TempDir()
		here, there := filepath.Join(parts[:depth+1]...), filepath.Join(parts[depth+1:]...)
		write(t, outside, filepath.Join("実物", there), "一")
		if there == "" { // the file itself is a link
			write(t, outside, "実物", "一")
		}
		link(t, filepath.Join(outside, "実物"), filepath.Join(outside, "link"))
		link(t, filepath.Join(outside, "link"), filepath.Join(dir, here))
		tree := walked(t, dir)
		want := []string{"inputs/市/" + rest + " 市 2024 財政部 財政課"}
		if got := paths(tree); !slices.Equal(got, want) || tree.Files[0].SHA256 != sum([]byte("一")) {
			t.Errorf("a link at %s: %q, %+v", here, got, tree.Files)
		}
		troubles(t, tree, map[string]string{})
	}
}

// Links that lead back are told and walked once; those that double the way at every step come to an end.
func TestLinksThatLeadBack(t *testing.T) {
	t.Parallel()
	above := t.TempDir()
	dir := filepath.Join(above, "inputs")
	const at = "市/令和6年度/財政部/財政課/"
	write(t, dir, at+"a.csv", "一")
	for name, to := range map[string]string{
		"課": filepath.Join(dir, at), "市": filepath.Join(dir, "市"), "入口": dir, "上": above, "根": "/",
		"輪": filepath.Join(dir, at, "輪"),
	} {
		link(t, to, filepath.Join(dir, at, name))
	}
	for _, pair := range []string{"甲乙", "乙甲"} {
		one, other := []rune(pair)[0], []rune(pair)[1]
		write(t, above, string(one)+"/"+string(one)+".csv", "一")
		link(t, filepath.Join(above, string(other)), filepath.Join(above, string(one), string(other)))
	}
	link(t, filepath.Join(above, "甲"), filepath.Join(dir, at, "甲"))
	tree := walked(t, dir)
	want := []string{at + "a.csv", at + "甲/乙/乙.csv", at + "甲/甲.csv"}
	for i, p := range paths(tree) {
		if got := strings.TrimPrefix(strings.Fields(p)[0], "inputs/"); i >= len(want) || got != want[i] {
			t.Errorf("listed %s", got)
		}
	}
	back := "自分を含むフォルダに戻るリンクです"
	troubles(t, tree, map[string]string{
		at + "課": back, at + "市": back, at + "入口": back, at + "上": back, at + "根": back, at + "輪": "リンクが輪になっています",
		at + "甲/乙/甲": back,
	})
	for i := range 30 { // two ways from each to the next
		next := filepath.Join(above, "段", fmt.Sprint(i+1))
		if err := os.MkdirAll(next, 0o755); err != nil {
			t.Fatal(err)
		}
		link(t, next, filepath.Join(above, "段", fmt.Sprint(i), "左"))
		link(t, next, filepath.Join(above, "段", fmt.Sprint(i), "右"))
	}
	link(t, filepath.Join(above, "段/0"), filepath.Join(dir, "町"))
	many := 0
	for _, f := range walked(t, dir).Files {
		if f.Trouble != nil && f.Trouble.Why == "同じフォルダへのリンクが多すぎます" {
			many++
		}
	}
	if many == 0 {
		t.Error("2³⁰ ways are not told")
	}
}

// What is neither file nor folder, or leads nowhere, is told of its own path, and nothing beside it.
func TestWhatCannotBeOpened(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "inputs")
	const at = "市/令和6年度/財政部/財政課/"
	write(t, dir, at+"a.csv", "一")
	write(t, dir, "市/組織.csv/x", "フォルダ")
	none := filepath.Join(t.TempDir(), "なし")
	want := map[string]string{}
	for _, name := range []string{
		"町", "市/令和5年度", "市/令和6年度/福祉部", "市/令和6年度/財政部/税務課", at + "提出", at + "b.csv", at + "c.pdf", "市/資料/d.xlsx",
	} {
		link(t, none, filepath.Join(dir, name))
		want[name] = "リンクの先の " + none + " がありません"
	}
	for _, name := range []string{at + "~$e.xlsx", at + "Thumbs.db", at + ".隠し", "市/資料/控え.pdf"} {
		link(t, none, filepath.Join(dir, name))
	}
	delete(want, "市/資料/控え.pdf")
	for _, name := range []string{at + "f.xlsx", "市/判断.csv", at + "Thumbs.db.tmp", "管.csv"} {
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	socket, err := net.Listen("unix", filepath.Join(dir, at, "g.csv"))
	if err != nil { // the path may be too long for a socket
		t.Chdir(filepath.Join(dir, at))
		socket, err = net.Listen("unix", "g.csv")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close() //nolint:errcheck // nobody has called
	want[at+"f.xlsx"], want[at+"g.csv"] = "ファイルではなく、名前付きパイプです", "ファイルではなく、ソケットです"
	link(t, "/dev/null", filepath.Join(dir, at, "h.csv"))
	want[at+"h.csv"] = "ファイルではなく、装置（デバイス）です"
	tree := walked(t, dir)
	want["市/資料/控え.pdf"] = "リンクの先の " + none + " がありません" // it may be a folder
	troubles(t, tree, want)
	for name, why := range map[string]string{Organisation: "フォルダ", Decisions: "名前付きパイプ"} {
		if m := tree.Masters["市"][name]; m.Trouble == nil || !strings.Contains(m.Trouble.Why, why) || m.Disk != "" {
			t.Errorf("%s: %+v", name, m)
		}
	}
	for _, f := range tree.Files { // whose it is, as far as its place tells
		if f.Path == "inputs/市/令和6年度/財政部/税務課" && (f.Department != "税務課" || f.Bureau != "財政部" || f.FiscalYear != 2024) ||
			f.Path == "inputs/市/令和6年度/福祉部" && (f.Department != "" || f.Bureau != "福祉部" || !f.Trouble.Folder) ||
			f.Path == "inputs/"+at+"b.csv" && (f.Department != "財政課" || f.Trouble.Folder) || f.Municipality == "" {
			t.Errorf("%+v", f)
		}
	}
	if len(paths(tree)) != 1 {
		t.Errorf("listed %q", paths(tree))
	}
}

// A file or folder that the user of the program may not read is told, and nothing beside it.
func TestWhatMayNotBeRead(t *testing.T) {
	if !trial.AsNobody(t) {
		return
	}
	dir := filepath.Join(t.TempDir(), "inputs")
	for _, name := range []string{
		"市/令和6年度/財政部/財政課/a.csv", "市/令和6年度/財政部/財政課/b.csv", "市/令和6年度/財政部/財政課/c.pdf", "市/令和6年度/財政部/税務課/d.csv",
		"市/組織.csv", "町/令和6年度/総務部/総務課/e.csv",
	} {
		write(t, dir, name, "一")
	}
	closed := []string{
		"市/令和6年度/財政部/財政課/a.csv", "市/令和6年度/財政部/財政課/c.pdf", "市/令和6年度/財政部/税務課", "町", "市/組織.csv",
	}
	want := map[string]string{}
	for _, name := range closed {
		if err := os.Chmod(filepath.Join(dir, name), 0); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(filepath.Join(dir, name), 0o755) })
		want[name] = "読む権限がありません"
	}
	delete(want, "市/組織.csv")
	tree := walked(t, dir)
	troubles(t, tree, want)
	if m := tree.Masters["市"][Organisation]; m.Trouble == nil || m.Trouble.Why != "読む権限がありません" {
		t.Errorf("組織.csv: %+v", m)
	}
	if got := paths(tree); len(got) != 1 || !strings.HasPrefix(got[0], "inputs/市/令和6年度/財政部/財政課/b.csv") {
		t.Errorf("listed %q", got)
	}
}

// A read that hangs is left when it is told to stop, and when nothing comes for a while; what comes slowly but fast
// enough is waited for.
func TestReadsAreLeft(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o644); err != nil {
		t.Fatal(err)
	}
	hangs := func(context.Context, func(int)) (int, error) {
		f, err := os.OpenFile(pipe, os.O_RDONLY, 0) // until somebody writes into it
		if err != nil {
			return 0, err
		}
		return 1, f.Close()
	}
	began := time.Now()
	var stalled *StalledError
	if _, err := follow(
		context.Background(),
		Pace{20 * time.Millisecond, 10},
		hangs,
	); !errors.As(err, &stalled) ||
		stalled.Slow {
		t.Errorf("a read that hangs: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := follow(ctx, UsualPace(), hangs); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a read that hangs when it is told to stop: %v", err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
	dripping := func(each int) func(context.Context, func(int)) (int, error) {
		return func(ctx context.Context, came func(int)) (int, error) {
			for range 40 {
				select {
				case <-ctx.Done():
					return 0, ctx.Err()
				case <-time.After(10 * time.Millisecond):
					came(each)
				}
			}
			return 7, nil
		}
	}
	if _, err := follow(
		context.Background(),
		Pace{200 * time.Millisecond, 100},
		dripping(1),
	); !errors.As(err, &stalled) ||
		!stalled.Slow {
		t.Errorf("a drip: %v", err)
	}
	if v, err := follow(context.Background(), Pace{200 * time.Millisecond, 100}, dripping(100)); err != nil || v != 7 {
		t.Errorf("slow and fast enough: %d, %v", v, err)
	}
	if _, err := follow(context.Background(), UsualPace(), func(context.Context, func(int)) (int, error) {
		var none []int
		return none[3], nil
	}); err == nil {
		t.Error("a panic is no value")
	}
	if _, _, err := ReadFile(
		context.Background(),
		UsualPace(),
		pipe, 1<<20,
	); err == nil ||
		!strings.Contains(err.Error(), "名前付きパイプ") {
		t.Errorf("a pipe read as a file: %v", err)
	}
}

// A share whose server hangs is left after a while, once and not file by file, and the rest is listed.
func TestStalledShare(t *testing.T) {
	trial.Only(t)
	dir := filepath.Join(t.TempDir(), "inputs")
	write(t, dir, "市/令和6年度/財政部/財政課/a.csv", "一")
	share := t.TempDir()
	trial.StalledShare(t, share)
	want := map[string]string{"市/令和5年度": "待っても応答がありません"}
	link(t, share, filepath.Join(dir, "市/令和5年度"))
	for i := range 20 {
		name := fmt.Sprintf("市/令和6年度/財政部/課%02d", i)
		link(t, filepath.Join(share, "課"), filepath.Join(dir, name))
		want[name] = "待っても応答がありません"
	}
	began := time.Now()
	tree, err := Walk(context.Background(), dir, Walking{Supported: twoKinds, Pace: Pace{time.Second, 1}})
	if err != nil || len(paths(tree)) != 1 || time.Since(began) > 10*time.Second {
		t.Errorf("%v, %q, took %v", err, paths(tree), time.Since(began))
	}
	troubles(t, tree, want)
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	began = time.Now()
	if _, err := Walk(
		ctx,
		dir,
		Walking{Supported: twoKinds},
	); !errors.Is(err, context.DeadlineExceeded) ||
		time.Since(began) > 2*time.Second {
		t.Errorf("told to stop: %v after %v", err, time.Since(began))
	}
}
