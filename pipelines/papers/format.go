package papers

import (
	"fmt"
	"slices"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/typeset"
	"kyogikai/pipelines/webpage"
	"kyogikai/pipelines/workbook"
)

// format is a form in which papers are written. Whatever differs between them stands here.
type format struct {
	name     string // as --format names it, and the ending of its files
	help     string // what it is for
	official bool   // what is handed out: made by the night, final, with a set's further files
	note     string // the file beside the papers that says what they were made from
	write    func(s *set, title string, papers []brief.ItemPaper) (content, error)
}

// content is a file that was made. data is nil where there is nothing to write: an item of words alone has no workbook.
type content struct {
	data []byte
	laid []typeset.Laid // where the papers' parts stand, of a format that has pages
}

// formats are all of them. The first is the official one.
var formats = []format{
	{"pdf", "印刷して配る", true, ".papers.json", writePDF},
	{"html", "ワードに貼る", false, ".papers-html.json", writeHTML},
	{"xlsx", "表ごとに一シート", false, ".papers-xlsx.json", writeXLSX},
}

// formatOf finds a format by its name, the official one where it is empty. An unknown name is an error: nothing may be
// written in the place of the official papers.
func formatOf(name string) (format, error) {
	if name == "" {
		return formats[0], nil
	}
	i := slices.IndexFunc(formats, func(f format) bool { return f.name == name })
	if i < 0 {
		return format{}, &UnknownFormatError{name}
	}
	return formats[i], nil
}

// UnknownFormatError says which formats there are.
type UnknownFormatError struct{ Name string }

func (e *UnknownFormatError) Error() string {
	return fmt.Sprintf("形「%s」では作れません。--format は %s のいずれかです", e.Name, strings.Join(Formats(), "、"))
}

// Formats are the names of the formats in which papers are made, the official one first.
func Formats() []string {
	var out []string
	for _, f := range formats {
		out = append(out, f.name)
	}
	return out
}

// FormatHelp tells what the formats are for: pdf（印刷して配る）、….
func FormatHelp() string {
	var out []string
	for _, f := range formats {
		out = append(out, f.name+"（"+f.help+"）")
	}
	return strings.Join(out, "、")
}

// IsOfficial reports whether a name is that of the format in which papers are handed out.
func IsOfficial(name string) bool {
	f, err := formatOf(name)
	return err == nil && f.official
}

func writePDF(s *set, title string, papers []brief.ItemPaper) (content, error) {
	var docs []document.Document
	for _, p := range papers {
		docs = append(docs, p.Document)
	}
	made, err := typeset.Typeset(s.fonts, title, s.day, typeset.Options{}, docs...)
	for _, r := range made.Missing {
		if !slices.Contains(s.missing, r) {
			s.missing = append(s.missing, r)
		}
	}
	return content{made.PDF, made.Laid}, err
}

// writeHTML leaves out what is a PDF as it is.
func writeHTML(_ *set, title string, papers []brief.ItemPaper) (content, error) {
	var docs []document.Document
	for _, p := range papers {
		if p.Document.Existing == nil {
			docs = append(docs, p.Document)
		}
	}
	if len(docs) == 0 {
		return content{}, nil
	}
	data, err := webpage.Write(title, docs...)
	return content{data: data}, err
}

func writeXLSX(_ *set, _ string, papers []brief.ItemPaper) (content, error) {
	tables, err := brief.Sheets(papers)
	if err != nil || len(tables) == 0 {
		return content{}, err
	}
	data, err := workbook.WriteTables(tables)
	return content{data: data}, err
}
