package reading

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// judge reads what comes from the sources as a load would, so that nothing that a load cannot read takes the place of
// what it can.
type judge struct {
	env    project.Env
	reader *Reader // made when it is first needed, and dir with it
	dir    string
}

// judgeDirs are the folders in which versions stand while they are read.
const judgeDirs = ".judge-*"

// replaces says why a version of a file under the inputs must not take the place of the one that stands there: "" where
// it may, and where what stands there cannot be read either.
func (j *judge) replaces(ctx context.Context, target string, next, old []byte) (why string) {
	if j.reader == nil {
		if err := j.ready(ctx); err != nil {
			j.env.Log.Warn("新しい版を読んで確かめられません", "error", err)
			return "読んで確かめられません（" + fault.Text(err) + "）" // what was read before stays until another can be
		}
	}
	if why = j.unreadable(ctx, target, next); why == "" {
		why = noTable(target, next, old, j.env.Settings.Limits)
	}
	if why == "" || j.unreadable(ctx, target, old) != "" {
		return ""
	}
	return why
}

// ready makes the reader.
func (j *judge) ready(ctx context.Context) (err error) {
	tree, err := collect.Walk(ctx, j.env.Inputs, collect.Walking{
		Supported: workbook.Supported, Masters: true, Most: j.env.Settings.Limits.File,
	})
	if err != nil {
		return fmt.Errorf("listing inputs: %w", err)
	}
	asReadLast(j.env, tree)
	left, err := filepath.Glob(filepath.Join(j.env.CollectDir(), judgeDirs))
	if err != nil {
		return fmt.Errorf("looking for half-made files: %w", err)
	}
	for _, dir := range left {
		_ = os.RemoveAll(dir) // of a run that was killed
	}
	if err := atomicfile.MkdirAll(j.env.CollectDir()); err != nil {
		return err
	}
	if j.dir, err = os.MkdirTemp(j.env.CollectDir(), judgeDirs); err != nil {
		return fmt.Errorf("%s に書き込めません。権限と空き容量を確かめてください: %w", j.env.CollectDir(), err)
	}
	j.reader, err = newReader(j.env, tree)
	return err
}

func (j *judge) close() {
	if j.reader != nil {
		j.reader.rest()
	}
	if j.dir != "" {
		_ = os.RemoveAll(j.dir) // the next run removes what stays
	}
}

// unreadable says in Japanese why bytes that belong somewhere under the inputs cannot be read; "" where they can. What
// was read is kept: the load takes it from there.
func (j *judge) unreadable(ctx context.Context, target string, data []byte) string {
	file := collect.Whose(collect.PathName(target))
	sum := sha256.Sum256(data)
	file.SHA256 = hex.EncodeToString(sum[:])
	w := j.reader.before.get(file)
	if w == nil {
		file.Disk = filepath.Join(j.dir, "version"+path.Ext(file.Name))
		err := os.WriteFile(file.Disk, data, 0o600)
		if err == nil {
			err = os.Chtimes(file.Disk, time.Time{}, time.Unix(0, 0)) // nobody is writing it any more
		}
		if err != nil {
			return "確かめるために書き出せません：" + fault.Quote(err)
		}
		out, err := j.reader.read(ctx, task{File: file})
		if err != nil {
			return "読み終わりませんでした"
		}
		if w = out.Book; out.Kept && w.SHA256 == file.SHA256 {
			j.reader.before.put(file, out.Encoded)
		}
	}
	if w.Status != record.StatusUnreadable || len(w.Findings) == 0 {
		return ""
	}
	f := w.Findings[0]
	switch f.Code {
	case finding.FileUnsupported:
		return f.Found + "は読めません"
	case finding.WorkbookEncrypted:
		return "パスワードで保護されています"
	}
	return f.Found
}

// noTable says why a text in the place of a CSV is none: everything is a CSV of one cell. The next version of a table
// has one of its words at least; what breaks off where the one before goes on was cut.
func noTable(name string, next, old []byte, within limits.Set) string {
	if !strings.EqualFold(path.Ext(name), ".csv") {
		return ""
	}
	if len(next) < len(old) && bytes.HasPrefix(old, next) && !bytes.HasSuffix(next, []byte("\n")) {
		return "途中で切れています"
	}
	before, now := words(name, old, within), words(name, next, within)
	for word := range now {
		if before[word] {
			return ""
		}
	}
	if len(before) == 0 {
		return ""
	}
	return "前の版と同じ見出しや項目が一つもありません"
}

// words are the texts of a table's cells that are no numbers.
func words(name string, data []byte, within limits.Set) map[string]bool {
	out := map[string]bool{}
	wb, err := workbook.Open(name, data, within)
	if err != nil {
		return out
	}
	for _, s := range wb.Sheets {
		for i := range s.Rows {
			for j := range s.Cols {
				if text := record.Normal(s.At(i, j).Text); strings.Trim(text, "0123456789.,-+%") != "" {
					out[text] = true
				}
			}
		}
	}
	return out
}
