package reading

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// Single is one file as a load would read it.
type Single struct {
	Grid  *workbook.Workbook // as its author sees it; nil where it cannot be opened
	Read  *record.Workbook   // of a withdrawn file with what stands in it, which a load leaves out
	Forms []form.Form        // by which it was read

	CityByPath, YearByPath bool // the path told the municipality, the year
}

// One reads one file and compares it with the others of its municipality, as a load does. Whose it is and of which year
// is told by its path (…/inputs/<自治体>/<年度>/<部>/<課>/); what that does not tell, given does. A file that lies elsewhere
// is compared with no other, and of the municipality's decisions those about a file of its name hold.
func One(ctx context.Context, env project.Env, disk string, given collect.File) (Single, error) {
	inputs, file, err := placed(env.Inputs, disk)
	if err != nil {
		return Single{}, err
	}
	single := Single{CityByPath: file.Municipality != "", YearByPath: file.FiscalYear != 0}
	for _, told := range []struct{ flag, path, given string }{
		{"--municipality", file.Municipality, given.Municipality}, {"--year", yearOf(file), yearOf(given)},
	} {
		if told.path != "" && told.given != "" && told.path != told.given {
			return Single{}, &PlaceError{told.flag, told.path, told.given}
		}
	}
	if !single.CityByPath {
		file.Municipality, file.Path = given.Municipality, file.Name
	}
	if !single.YearByPath {
		file.FiscalYear = given.FiscalYear
	}
	file.Disk = disk
	tree, err := municipality(ctx, inputs, file.Municipality, env.Settings.Limits.File)
	if err != nil {
		return Single{}, err
	}
	r, err := newReader(env, tree)
	if err != nil {
		return Single{}, err
	}
	defer r.rest()
	if strings.Count(file.Path, "/") > 2 { // inputs/<自治体>/<年度>/…
		single.Read, single.Grid, err = r.amongOthers(ctx, file)
	} else {
		single.Read, single.Grid, err = r.alone(ctx, file)
	}
	single.Forms = r.forms.of(file.Municipality)
	return single, err
}

// PlaceError says that a file's path says otherwise than whoever asks.
type PlaceError struct{ Flag, Path, Given string }

func (e *PlaceError) Error() string {
	return fmt.Sprintf("%s は「%s」ですが、ファイルの置き場所は「%s」です。置き場所に合わせるか、%s を書かないでください", e.Flag, e.Given, e.Path, e.Flag)
}

// placed tells whose a file is by its path, and which inputs folder it belongs to: the project's, or another folder of
// that name in which it lies by municipality and year. A file of neither has a name alone.
func placed(inputs, disk string) (root string, file collect.File, err error) {
	folder, err := filepath.Abs(filepath.Dir(disk))
	if err == nil {
		folder, err = filepath.EvalSymlinks(folder) // the file itself may be a link, and lies where that does
	}
	if err != nil {
		return "", file, fmt.Errorf("finding %s: %w", disk, err)
	}
	at := filepath.ToSlash(filepath.Join(folder, filepath.Base(disk)))
	if root, err = filepath.Abs(inputs); err == nil {
		if real, err := filepath.EvalSymlinks(root); err == nil { // else it is not there yet
			root = real
		}
	}
	if rel, inside := strings.CutPrefix(at, strings.TrimSuffix(filepath.ToSlash(root), "/")+"/"); inside {
		file = collect.Whose(collect.PathName(rel))
		file.Disk = filepath.FromSlash(at)
		return root, file, nil
	}
	if i := strings.LastIndex(at, "/inputs/"); i >= 0 {
		if other := collect.Whose(collect.PathName(at[i+len("/inputs/"):])); other.FiscalYear != 0 {
			other.Disk = filepath.FromSlash(at)
			return filepath.FromSlash(at[:i] + "/inputs"), other, nil
		}
	}
	name := collect.PathName(filepath.Base(disk))
	return root, collect.File{Name: name, Path: name}, nil
}

func yearOf(f collect.File) string {
	if f.FiscalYear == 0 {
		return ""
	}
	return fiscal.Wareki(f.FiscalYear)
}

// municipality lists one municipality of an inputs folder; nothing where it is not there.
func municipality(ctx context.Context, inputs, name string, most int64) (collect.Tree, error) {
	if name == "" {
		return collect.Tree{}, nil
	}
	tree, err := collect.Walk(ctx, inputs, collect.Walking{
		Supported: workbook.Supported, Of: func(m string) bool { return m == name }, Most: most,
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return collect.Tree{}, fmt.Errorf("listing inputs: %w", err)
	}
	return tree, nil
}

// amongOthers reads a file and compares it with the other files of its municipality.
func (r *Reader) amongOthers(ctx context.Context, file collect.File) (*record.Workbook, *workbook.Workbook, error) {
	own := slices.IndexFunc(r.tree.Files, func(f collect.File) bool { return f.Path == file.Path || f.Disk == file.Disk })
	n := len(r.tree.Files)
	if own < 0 { // of a kind that a load passes over
		own, n = n, n+1
	} else {
		file = r.tree.Files[own] // it may have a name that tells it apart
	}
	var books []*record.Workbook
	var grid *workbook.Workbook
	read := func(ctx context.Context, i int) (*record.Workbook, error) {
		if i != own {
			return r.file(ctx, i)
		}
		out, err := r.read(ctx, task{ID: fmt.Sprintf("w%05d", i+1), File: file, Grid: true})
		grid = out.Grid
		return out.Book, err
	}
	for w, err := range inOrder(ctx, n, read) {
		if err != nil {
			return nil, nil, err
		}
		books = append(books, w)
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, fmt.Errorf("reading workbooks: %w", err)
	}
	return r.compared(file.Municipality, books, own), grid, nil
}

// alone reads a file that lies where no load would look for it: of the masters, only decisions can be about it.
func (r *Reader) alone(ctx context.Context, file collect.File) (*record.Workbook, *workbook.Workbook, error) {
	r.masters = form.Masters{Decisions: r.masters.Decisions}
	out, err := r.read(ctx, task{ID: "w00001", File: file, Grid: true})
	if err != nil {
		return nil, nil, err
	}
	return r.compared(file.Municipality, []*record.Workbook{out.Book}, 0), out.Grid, nil
}

// compared is one of a municipality's workbooks once they have been compared. What a withdrawn one holds, stays.
func (r *Reader) compared(city string, books []*record.Workbook, own int) *record.Workbook {
	w := books[own]
	records, cells := w.Records, w.Cells
	r.screened(city, books)
	if w.Status == record.StatusWithdrawn {
		w.Records, w.Cells = records, cells
		for i := range w.Records {
			w.Records[i].Excluded = true
		}
	}
	return w
}
