package begin

import (
	_ "embed"
	"path"
	"regexp"
	"strconv"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/fiscal"
)

// Template is the file of a small template to begin with, about the indicators of a plan. Its plan and year stand in
// it and hold where a meeting gives none. name is the file's, with or without its ending.
func Template(name, plan string, year int) File {
	title := strings.TrimSuffix(path.Base(name), ".md")
	text := strings.NewReplacer(
		"TITLE", quoted(title), "PLAN", quoted(plan), "YEAR", strconv.Itoa(year), "FISCAL", fiscal.Wareki(year),
	).Replace(firstTemplate)
	return File{Path: path.Join(brief.TemplatesDir, title+".md"), Data: []byte(text)}
}

// TemplateName reports whether a name can be that of a template: a file in one folder.
func TemplateName(name string) bool {
	title := strings.TrimSuffix(name, ".md")
	return title != "" && brief.SafeName(title) == title && !hidden.MatchString(title)
}

var hidden = regexp.MustCompile(`^[.\s]|\s$`)

// firstTemplate is a template with marks for what differs.
//
//go:embed first.md
var firstTemplate string
