// Package shards is how the reading of many municipalities is shared out: a share writes what its municipalities hold
// as Parquet, and shares are put together only when they are all there, once, unchanged.
package shards

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/reading"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/workbook"
)

// Shard is which share of the municipalities is read: the I-th of N shares, from 1. A share is a run of the
// municipalities in their order, so that shares in their order are all municipalities in theirs.
type Shard struct{ I, N int }

var shardForm = regexp.MustCompile(`^([1-9]\d{0,5})/([1-9]\d{0,5})$`)

// Parse reads 3/16.
func Parse(s string) (Shard, error) {
	if m := shardForm.FindStringSubmatch(s); m != nil {
		i, _ := strconv.Atoi(m[1]) // digits, by the form
		n, _ := strconv.Atoi(m[2])
		if i <= n {
			return Shard{i, n}, nil
		}
	}
	return Shard{}, fmt.Errorf("--shard %s: 「何番目/いくつに分けるか」で書いてください（例: 3/16）", s)
}

// Name is the name of the share's folder.
func (s Shard) Name() string { return fmt.Sprintf("%04d-of-%04d", s.I, s.N) }

// of is the share of a list.
func (s Shard) of(all []string) []string {
	return all[len(all)*(s.I-1)/s.N : len(all)*s.I/s.N]
}

// manifestFile stands in a share's folder beside its Parquet files.
const manifestFile = "shard.json"

// Manifest says what a share's folder holds, and what it rests on.
type Manifest struct {
	I       int       `json:"shard"`
	N       int       `json:"of"`
	Made    time.Time `json:"made_at"`
	Version string    `json:"version"`
	Rules   string    `json:"rules"` // fingerprint of forms, sql and settings: shares by other rules are not put together

	All      []string                     `json:"all_municipalities"` // that there are, in their order
	Own      []string                     `json:"municipalities"`     // of this share
	Inputs   map[string]string            `json:"inputs"`             // workbook → sha256
	Masters  map[string]map[string]string `json:"masters"`            // municipality → master → sha256
	Rows     map[string]map[string]int64  `json:"rows"`               // municipality → table → rows
	Files    map[string]string            `json:"files"`              // Parquet file, relative to the folder → sha256
	Findings map[string]int               `json:"findings"`           // by severity
}

// Load reads a share of the municipalities and writes what they hold to a folder of its own under to, with Parquet
// files and a manifest. The folder is there whole or not at all; one of the same share that is there is replaced.
func Load(ctx context.Context, env project.Env, s Shard, to string) (m Manifest, err error) {
	all, err := collect.Municipalities(ctx, env.Inputs, collect.Walking{Supported: workbook.Supported})
	if err != nil || len(all) == 0 {
		return m, errors.Join(&reading.InputsError{Dir: env.Inputs, What: "に自治体のフォルダがありません"}, err)
	}
	if s.N > len(all) {
		return m, fmt.Errorf("--shard %d/%d: 自治体は%dしかありません。分ける数は%d以下にしてください", s.I, s.N, len(all), len(all))
	}
	own := s.of(all)
	tree, err := reading.List(ctx, env, func(municipality string) bool { return slices.Contains(own, municipality) })
	if err != nil {
		return m, err
	}
	rules, err := reading.Rules(env)
	if err != nil {
		return m, err
	}
	if err := atomicfile.MkdirAll(to); err != nil {
		return m, fmt.Errorf("%s を作れません。権限と空き容量を確かめるか、--to で場所を指定してください: %w", to, err)
	}
	removeHalfShares(env, to, s)
	next, err := os.MkdirTemp(to, ".next-"+s.Name()+"-")
	if err != nil {
		return m, fmt.Errorf("%s に書き込めません。権限と空き容量を確かめるか、--to で場所を指定してください: %w", to, err)
	}
	defer os.RemoveAll(next) //nolint:errcheck // what stays is in nobody's way
	m = Manifest{I: s.I, N: s.N, Made: env.Clock().UTC(), Version: env.Version, Rules: rules, All: all, Own: own}
	if err := m.fill(ctx, env, tree, next); err != nil {
		return m, err
	}
	if err := os.Chmod(next, 0o755); err != nil { // another user may put the shares together
		return m, fmt.Errorf("%s を読めるようにできません: %w", next, err)
	}
	target := filepath.Join(to, s.Name())
	if err := os.RemoveAll(target); err != nil {
		return m, fmt.Errorf("%s を置き換えられません: %w", target, err)
	}
	var unsure *atomicfile.Unsure
	if err := atomicfile.PlaceFolder(next, target); errors.As(err, &unsure) {
		return m, err
	} else if err != nil {
		return m, fmt.Errorf("%s を作れません: %w", target, err)
	}
	return m, nil
}

// removeHalfShares removes what runs of the same share that were killed have left. A younger one may be under way.
func removeHalfShares(env project.Env, to string, s Shard) {
	entries, err := os.ReadDir(to)
	if err != nil {
		return
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && strings.HasPrefix(e.Name(), ".next-"+s.Name()+"-") &&
			env.Clock().Sub(info.ModTime()) > runs.LeftoverAge {
			_ = os.RemoveAll(filepath.Join(to, e.Name())) // what stays is in nobody's way
		}
	}
}

// fill reads the tree into a folder and notes what it has written.
func (m *Manifest) fill(ctx context.Context, env project.Env, tree collect.Tree, dir string) error {
	reader, err := reading.New(env, tree)
	if err != nil {
		return err
	}
	reader.Progress = func(done int) { env.Report(project.Progress{Step: "read", Count: done, Size: len(tree.Files)}) }
	m.Rows, m.Findings = map[string]map[string]int64{}, map[string]int{}
	err = reader.Each(ctx, func(city string, batch warehouse.Batch) error { return m.write(ctx, env, dir, city, batch) })
	if err != nil {
		return err
	}
	m.Inputs, m.Masters = reading.Hashes(tree), map[string]map[string]string{}
	for city, masters := range tree.Masters {
		m.Masters[city] = map[string]string{}
		for name, f := range masters {
			m.Masters[city][name] = f.SHA256
		}
	}
	if m.Files, err = sums(dir); err != nil {
		return err
	}
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the manifest: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, manifestFile), append(data, '\n'), 0o644); err != nil {
		return fmt.Errorf("writing the manifest: %w", err)
	}
	return nil
}

// write writes what one municipality holds, by way of a file of its own: what it needs in memory does not grow with
// their number.
func (m *Manifest) write(ctx context.Context, env project.Env, dir, city string, batch warehouse.Batch) error {
	build, err := warehouse.Create(ctx, filepath.Join(dir, ".read.duckdb"), env.Settings.Memory)
	if err != nil {
		return err
	}
	defer build.Abandon()
	if err := build.InTransaction(ctx, func() error { return build.Add(batch) }); err != nil {
		return err
	}
	if m.Rows[city], err = build.WriteRead(ctx, dir, city); err != nil {
		return err
	}
	counted, err := build.CountFindings(ctx)
	for _, c := range counted {
		m.Findings[c.Severity] += c.Count
	}
	return err
}

// sums are the SHA-256 of all Parquet files under a folder, by their paths in it.
func sums(dir string) (map[string]string, error) {
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".parquet" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		sum := sha256.Sum256(data)
		out[filepath.ToSlash(rel)] = hex.EncodeToString(sum[:])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%s を読めません: %w", dir, err)
	}
	return out, nil
}
