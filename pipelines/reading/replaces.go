package reading

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strings"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// judge reads what comes from the sources as a load would, so that nothing that a load cannot read takes the place of
// what it can.
type judge struct {
	env    project.Env
	reader *Reader // made when it is first needed
}

// replaces says why a version of a file under the inputs must not take the place of the one that stands there: "" where
// it may, and where what stands there cannot be read either.
func (j *judge) replaces(ctx context.Context, target string, next, old []byte) (why string) {
	if j.reader == nil {
		if err := j.ready(ctx); err != nil {
			return "" // the load will say what is wrong with the forms
		}
	}
	if why = unreadable(j.read(target, next)); why == "" {
		why = noTable(target, next, old)
	}
	if why == "" || unreadable(j.read(target, old)) != "" {
		return ""
	}
	return why
}

func (j *judge) ready(ctx context.Context) (err error) {
	tree, err := collect.Walk(ctx, j.env.Inputs, collect.Walking{Supported: workbook.Supported, Masters: true})
	if err != nil {
		return err
	}
	asReadLast(j.env, tree)
	j.reader, err = newReader(j.env, tree)
	return err
}

// read reads bytes that belong somewhere under the inputs. What was read is kept: the load takes it from there.
func (j *judge) read(target string, data []byte) *record.Workbook {
	file := collect.Whose(collect.PathName(target))
	sum := sha256.Sum256(data)
	file.SHA256 = hex.EncodeToString(sum[:])
	if w := j.reader.before.get(file); w != nil {
		return w
	}
	w, done := j.reader.attempt("", file, data)
	if done {
		j.reader.before.put(file, w)
	}
	return w
}

// unreadable says in Japanese why a workbook could not be read; "" where it could.
func unreadable(w *record.Workbook) string {
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
func noTable(name string, next, old []byte) string {
	if !strings.EqualFold(path.Ext(name), ".csv") {
		return ""
	}
	if len(next) < len(old) && bytes.HasPrefix(old, next) && !bytes.HasSuffix(next, []byte("\n")) {
		return "途中で切れています"
	}
	before, now := words(name, old), words(name, next)
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
func words(name string, data []byte) map[string]bool {
	out := map[string]bool{}
	wb, err := workbook.Open(name, data)
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
