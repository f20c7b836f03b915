package reading

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// Walk lists the inputs. An inputs folder without any workbook is an error: publishing nothing would erase every
// figure.
func Walk(ctx context.Context, env project.Env) (collect.Tree, error) {
	tree, err := List(ctx, env, nil)
	switch {
	case ctx.Err() != nil:
		return collect.Tree{}, err
	case errors.Is(err, fs.ErrNotExist):
		return collect.Tree{}, &InputsError{env.Inputs, "がありません"}
	case err != nil:
		return collect.Tree{}, &InputsError{env.Inputs, "を開けません（" + fault.Text(err) + "）"}
	}
	readable := func(f collect.File) bool { return f.Trouble == nil && workbook.Supported(f.Name) }
	if !slices.ContainsFunc(tree.Files, readable) {
		what := "に調査票が一つもありません"
		if len(tree.Files) > 0 && tree.Files[0].Trouble != nil {
			what = "に、読める調査票が一つもありません（" + tree.Files[0].Path + ": " + tree.Files[0].Trouble.Why + "）"
		}
		return collect.Tree{}, &InputsError{env.Inputs, what}
	}
	return tree, nil
}

// InputsError says that there is nothing to read.
type InputsError struct{ Dir, What string }

func (e *InputsError) Error() string {
	return fmt.Sprintf("%s: 入力フォルダ%s。inputs/<自治体>/<年度>/<部>/<課>/ に調査票を置くか、--inputs で場所を指定してください。"+
		"いまのデータは変わりません", e.Dir, e.What)
}

// List lists the inputs of some municipalities, all where of is nil. A master that cannot be read is as it was read
// last, and a department whose folder lies in one that cannot be opened has a trouble of its own.
func List(ctx context.Context, env project.Env, of func(municipality string) bool) (collect.Tree, error) {
	tree, err := collect.Walk(ctx, env.Inputs, collect.Walking{
		Supported: workbook.Supported, Of: of, Most: env.Settings.Limits.File,
	})
	if err != nil {
		return tree, fmt.Errorf("listing inputs: %w", err)
	}
	asReadLast(env, tree)
	if masters, err := form.ReadMasters(tree); err == nil { // else whoever reads them says what is wrong
		spread(&tree, masters.Duties)
	}
	return tree, nil
}

// Masters are the tables beside the departments' folders, none where the inputs are not there yet.
func Masters(ctx context.Context, env project.Env) (form.Masters, error) {
	tree, err := collect.Walk(ctx, env.Inputs, collect.Walking{
		Supported: workbook.Supported, Masters: true, Most: env.Settings.Limits.File,
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return form.Masters{}, fmt.Errorf("listing inputs: %w", err)
	}
	asReadLast(env, tree)
	return form.ReadMasters(tree)
}

// keptMaster is where a master is kept as it was read last.
func keptMaster(env project.Env, city, name string) string {
	return filepath.Join(env.CollectDir(), "masters", city, name)
}

// keepMasters keeps the masters that could be read, for a night on which one cannot: without 組織.csv or 判断.csv other
// figures would come out.
func keepMasters(env project.Env, tree collect.Tree) error {
	for _, city := range tree.Municipalities() {
		for _, name := range collect.MasterNames() {
			f, there := tree.Masters[city][name]
			kept := keptMaster(env, city, name)
			if !there {
				_ = os.Remove(kept) // a person has removed it
				continue
			}
			if old, err := os.ReadFile(kept); f.Trouble != nil || err == nil && string(old) == string(f.Data) {
				continue
			}
			if err := atomicfile.Write(kept, f.Data); err != nil {
				return err
			}
		}
	}
	return nil
}

// asReadLast puts into a tree the masters that cannot be read, as they were read last. Their trouble stays, to be told.
func asReadLast(env project.Env, tree collect.Tree) {
	for city, masters := range tree.Masters {
		for _, name := range collect.MasterNames() {
			f := masters[name]
			if f.Trouble == nil {
				continue
			}
			kept := keptMaster(env, city, name)
			if data, err := os.ReadFile(kept); err == nil {
				sum := sha256.Sum256(data)
				f.Disk, f.Data, f.SHA256 = kept, data, hex.EncodeToString(sum[:])
				masters[name] = f
			}
		}
	}
}

// lacking are the masters of a municipality without which its figures would be others: neither can they be read nor
// were they before.
func lacking(masters map[string]collect.File) []collect.File {
	var out []collect.File
	for _, name := range []string{collect.Organisation, collect.Decisions, collect.Vocabulary} {
		if f := masters[name]; f.Trouble != nil && f.Data == nil {
			out = append(out, f)
		}
	}
	return out
}

// masterFindings tell which masters of a municipality cannot be read, and what that means.
func masterFindings(city string, masters map[string]collect.File) []record.Finding {
	var out []record.Finding
	for _, name := range collect.MasterNames() {
		f, there := masters[name]
		if name == collect.Organisation && !there {
			out = append(out, noOrganisation(city))
		}
		if f.Trouble == nil {
			continue
		}
		found := finding.New(finding.SourceFailed, "", "", f.Trouble.Why, "")
		means := "前に読めたときの内容を使っています。"
		if f.Data == nil {
			found = finding.New(finding.WorkbookUnreadable, "", "", f.Trouble.Why, "")
			means = "前に読めた内容もないので、ないものとして集計しました。"
		}
		if slices.ContainsFunc(lacking(masters), func(l collect.File) bool { return l.Name == name }) {
			means = "前に読めた内容もないので、" + city + "の調査票は、すべて集計から除きました。"
		}
		found.Message = name + " を読めません（" + f.Trouble.Why + "）。" + means + f.Trouble.Do
		found.Municipality, found.Path = city, f.Path
		out = append(out, found)
	}
	return out
}

// noOrganisation says that nothing tells the departments of a municipality.
func noOrganisation(city string) record.Finding {
	f := finding.New(finding.SourceFailed, "", "", "ファイルがありません", "")
	f.Municipality, f.Path = city, path.Join("inputs", city, collect.Organisation)
	f.Message = collect.Organisation + " がないので、課の名前の間違いも、課の並び順も、旧名称も確かめていません。" +
		"部、課、表示順、旧名称の列で作り、" + city + "のフォルダに置いてください。"
	return f
}

// spread lists, for a folder of a year or a bureau that cannot be opened, the departments in it that owe something:
// each is told, and none is taken for one that has handed in nothing.
func spread(tree *collect.Tree, duties []record.Duty) {
	for _, f := range tree.Files {
		if f.Trouble == nil || !f.Trouble.Folder || f.Department != "" || f.FiscalYear == 0 {
			continue
		}
		told := map[string]bool{}
		for _, d := range duties {
			if d.Municipality != f.Municipality || d.FiscalYear != f.FiscalYear || f.Bureau != "" && f.Bureau != d.Bureau ||
				d.Bureau == "" || d.Department == "" || told[d.Bureau+"/"+d.Department] {
				continue
			}
			told[d.Bureau+"/"+d.Department] = true
			at := f.Path + "/" + d.Department
			if f.Bureau == "" {
				at = f.Path + "/" + d.Bureau + "/" + d.Department
			}
			t := *f.Trouble
			t.Why = filepath.Base(f.Path) + "：" + t.Why
			tree.Files = append(tree.Files, collect.File{
				Path: at, Name: d.Department, Trouble: &t, Municipality: f.Municipality, FiscalYear: f.FiscalYear,
				Bureau: d.Bureau, Department: d.Department,
			})
		}
	}
	tree.Sort()
}

// troubled is a file, or a folder, that could not be read.
func troubled(id string, file collect.File, t collect.Trouble) *record.Workbook {
	f := finding.New(finding.WorkbookUnreadable, "", "", t.Why, "")
	f.Message = t.Message()
	return &record.Workbook{
		ID: id, Path: file.Path, Municipality: file.Municipality, FiscalYear: file.FiscalYear, Bureau: file.Bureau,
		Department: file.Department, Status: record.StatusUnreadable, Findings: []record.Finding{f},
	}
}
