package papers

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/typeset"
)

// figuresEnding is that of the list of figures beside a paper.
const figuresEnding = ".figures.csv"

// draftMark ends the names of drafts.
const draftMark = "（案）"

// set is the files of a meeting, made before any of them is written.
type set struct {
	fonts   *typeset.Fonts
	day     time.Time
	format  format
	draft   bool
	files   map[string][]byte
	order   []string
	missing typeset.Missing
}

// add makes one file of papers, and beside it the list of their figures. It says where the papers' parts stand.
func (s *set) add(name, title string, papers ...brief.ItemPaper) (laid []typeset.Laid, err error) {
	made, err := s.format.write(s, title, papers)
	if err != nil {
		return nil, fmt.Errorf("%s.%s を作れません: %w", name, s.format.name, err)
	}
	if made.data == nil {
		return nil, nil
	}
	var figures []brief.Figure
	for _, p := range papers {
		figures = append(figures, p.Figures...)
	}
	var list bytes.Buffer
	if err := brief.WriteFigures(&list, figures); err != nil {
		return nil, err
	}
	mark := ""
	if s.draft {
		mark = draftMark
	}
	name = printable.Stem(name, mark+figuresEnding) + mark
	s.files[name+"."+s.format.name], s.files[name+figuresEnding] = made.data, list.Bytes()
	s.order = append(s.order, name+"."+s.format.name, name+figuresEnding)
	return made.laid, nil
}

// write writes the files and returns the papers among them.
func (s *set) write(dir string) ([]string, error) {
	var out []string
	for _, name := range s.order {
		path := filepath.Join(dir, name)
		if err := atomicfile.Write(path, s.files[name]); err != nil {
			return out, err
		}
		if !strings.HasSuffix(name, figuresEnding) {
			out = append(out, path)
		}
	}
	return out, nil
}
