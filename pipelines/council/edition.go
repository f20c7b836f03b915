package council

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/fiscal"
)

// Edition is a final paper as it was handed out: which run it rests on, when it was fixed, and the SHA-256 of its
// files. The first is 第1版; every replacement of pages makes the next.
type Edition struct {
	Municipality string            `json:"municipality"`
	Meeting      string            `json:"meeting"`
	Number       int               `json:"edition"`
	Run          string            `json:"run"`
	Program      string            `json:"program"` // version
	Fixed        time.Time         `json:"fixed_at"`
	Distributed  string            `json:"distributed"` // 配布日, as 2025-10-20
	Files        map[string]string `json:"files"`       // name with slashes → SHA-256
	Fonts        map[string]string `json:"fonts"`       // typefaces, not stored: name → SHA-256
	Waived       []Obstacle        `json:"waived,omitempty"`
	Replaced     []string          `json:"replaced,omitempty"` // pages that this edition replaces: 資料2 3頁
	Reason       string            `json:"reason,omitempty"`   // of the correction, as the 正誤表 tells it
	Remarks      []string          `json:"remarks,omitempty"`  // what nobody has checked, and what was told

	Dir string `json:"-"`
}

// LedgerFile is an edition's own copy of its ledger.
const LedgerFile = "公表値台帳.csv"

// Manifest is the file of an edition that says what it is.
const Manifest = "確定.json"

// TemplatesDir is where an edition keeps the templates that it was made with.
const TemplatesDir = "ひな形"

// editionName is the folder of an edition.
func editionName(n int) string { return fmt.Sprintf("第%d版", n) }

// Name is what people call an edition.
func (e Edition) Name() string { return editionName(e.Number) }

// DistributedOn is the 配布日 as it is printed.
func (e Edition) DistributedOn() string {
	day, err := time.Parse(time.DateOnly, e.Distributed)
	if err != nil {
		return e.Distributed
	}
	return fiscal.WarekiDate(day)
}

// AllEditions are the editions of all meetings' final papers: dir holds a folder for each meeting.
func AllEditions(dir string) ([]Edition, error) {
	final, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("listing final papers: %w", err)
	}
	var out []Edition
	for _, m := range final {
		if !m.IsDir() {
			continue
		}
		some, err := Editions(filepath.Join(dir, m.Name()))
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

// Editions lists the editions of a meeting's final papers, the first first; none where they are not final. One without
// its manifest is an error: it was damaged by hand, for it is written whole.
func Editions(dir string) ([]Edition, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing %s: %w", dir, err)
	}
	var out []Edition
	for _, entry := range entries {
		if !entry.IsDir() || !editionForm.MatchString(entry.Name()) { // a copy that somebody has made is none
			continue
		}
		e := Edition{Dir: filepath.Join(dir, entry.Name())}
		data, err := os.ReadFile(filepath.Join(e.Dir, Manifest))
		if err == nil {
			err = json.Unmarshal(data, &e)
		}
		if err == nil && editionName(e.Number) != entry.Name() {
			err = errors.New("版の番号がフォルダの名前と違います")
		}
		if err != nil {
			return nil, fmt.Errorf("%s の %s を読めません。確定した資料が手で変えられたか壊れています。控えから戻してください: %w", e.Dir, Manifest, err)
		}
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b Edition) int { return a.Number - b.Number })
	for i, e := range out {
		if e.Number != i+1 {
			return nil, fmt.Errorf("%s に%sがありません。控え（バックアップ）から戻してください", dir, editionName(i+1))
		}
	}
	return out, nil
}

var editionForm = regexp.MustCompile(`^第[1-9]\d*版$`)

// Store writes an edition: all of its files, or none. Nothing that is there is replaced.
func Store(dir string, e Edition, files map[string][]byte) (Edition, error) {
	e.Dir = filepath.Join(dir, e.Name())
	if _, err := os.Stat(e.Dir); err == nil {
		return e, fmt.Errorf("%s はもうあります。確定した資料は書き換えません", e.Dir)
	}
	fail := func(err error) (Edition, error) {
		return e, fmt.Errorf("%s に確定した資料を書けません。権限と空き容量を確かめてください。何も確定していません: %w", dir, err)
	}
	if err := atomicfile.MkdirAll(dir); err != nil {
		return fail(err)
	}
	half, err := os.MkdirTemp(dir, ".next-*")
	if err != nil {
		return fail(err)
	}
	defer os.RemoveAll(half) //nolint:errcheck // gone by then unless something failed
	e.Files = map[string]string{}
	for name, data := range files {
		e.Files[name] = sum(data)
	}
	manifest, err := json.MarshalIndent(e, "", " ")
	if err != nil {
		return fail(err)
	}
	all := maps.Clone(files)
	all[Manifest] = manifest
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if err := writeOnce(filepath.Join(half, filepath.FromSlash(name)), all[name]); err != nil {
			return fail(err)
		}
	}
	if err := os.Chmod(half, 0o755); err != nil {
		return fail(err)
	}
	var unsure *atomicfile.Unsure
	if err := atomicfile.PlaceFolder(half, e.Dir); errors.As(err, &unsure) {
		return e, err
	} else if err != nil {
		return fail(err)
	}
	return e, nil
}

// writeOnce writes a file that nobody is to change.
func writeOnce(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o444)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// RemoveHalf removes what a killed process has left half-made. The caller holds the meeting's lock.
func RemoveHalf(dir string) {
	left, _ := filepath.Glob(filepath.Join(dir, ".next-*"))
	for _, name := range left {
		_ = os.RemoveAll(name)
	}
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

// Read is the bytes of a stored file.
func (e Edition) Read(name string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(e.Dir, filepath.FromSlash(name)))
	if err != nil {
		return nil, fmt.Errorf("reading a final paper: %w", err)
	}
	return data, nil
}

// Damage lists what about an edition's files is not as it was stored.
func (e Edition) Damage() ([]string, error) {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(e.Files)) {
		data, err := os.ReadFile(filepath.Join(e.Dir, filepath.FromSlash(name)))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			out = append(out, name+"：ファイルがありません")
		case err != nil:
			return nil, fmt.Errorf("reading %s: %w", name, err)
		case sum(data) != e.Files[name]:
			out = append(out, name+"：確定したときの内容と違います（SHA-256が合いません）")
		}
	}
	err := filepath.WalkDir(e.Dir, func(at string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(e.Dir, at)
		if name := filepath.ToSlash(rel); err == nil && name != Manifest && e.Files[name] == "" {
			out = append(out, name+"：確定したときにはなかったファイルです")
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("listing %s: %w", e.Dir, err)
	}
	return out, nil
}

// Templates are the project's files with the templates that the edition was made with.
func (e Edition) Templates(project fs.FS) fs.FS { return kept{project, os.DirFS(e.Dir)} }

// kept is a project whose briefs and meetings are those of an edition.
type kept struct{ project, edition fs.FS }

func (k kept) Open(name string) (fs.File, error) {
	for _, folder := range keptFolders {
		if name == folder || strings.HasPrefix(name, folder+"/") {
			return k.edition.Open(path.Join(TemplatesDir, strings.TrimPrefix(name, "templates/")))
		}
	}
	return k.project.Open(name)
}

var keptFolders = []string{"templates/briefs", "templates/meetings", BlocksDir}

// KeepTemplates are the templates that an edition needs to be made again, by their names in it: all briefs, and of the
// meetings its own, by the name of its file, with the PDFs that it names.
func KeepTemplates(project fs.FS, meeting string, pdfs []string) (map[string][]byte, error) {
	out := map[string][]byte{}
	add := func(name string) error {
		data, err := fs.ReadFile(project, name)
		if err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		out[path.Join(TemplatesDir, strings.TrimPrefix(name, "templates/"))] = data
		return nil
	}
	for _, folder := range []string{keptFolders[0], BlocksDir} {
		err := fs.WalkDir(project, folder, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			return add(name)
		})
		if err != nil {
			return nil, fmt.Errorf("keeping templates: %w", err)
		}
	}
	for _, name := range append([]string{meeting + ".yaml"}, pdfs...) {
		if err := add(path.Join(keptFolders[1], name)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Fonts are the sums of the project's typefaces.
func Fonts(project fs.FS) (map[string]string, error) {
	out := map[string]string{}
	files, err := fs.Glob(project, "templates/fonts/*.ttf")
	if err != nil {
		return nil, fmt.Errorf("listing typefaces: %w", err)
	}
	for _, name := range files {
		data, err := fs.ReadFile(project, name)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		out[path.Base(name)] = sum(data)
	}
	return out, nil
}
