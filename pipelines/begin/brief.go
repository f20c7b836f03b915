package begin

import (
	_ "embed"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/project"
)

// Template is the file of a small template to begin with, about the indicators of a plan, or about the initiatives of
// one that has no indicators. Its plan and year stand in it and hold where a meeting gives none. name is the file's,
// with or without its ending.
func Template(name string, plan project.PlanSetting, year int) File {
	text := firstTemplate
	if OfInitiatives(plan) {
		text = firstOfInitiatives
	}
	title := strings.TrimSuffix(path.Base(name), ".md")
	text = strings.NewReplacer(
		"TITLE", quoted(title), "PLAN", quoted(plan.Name), "YEAR", strconv.Itoa(year), "FISCAL", fiscal.Wareki(year),
	).Replace(text)
	return File{Path: path.Join(brief.TemplatesDir, title+".md"), Data: []byte(text)}
}

// OfInitiatives reports a plan that the form of initiatives belongs to, and that of indicators does not.
func OfInitiatives(plan project.PlanSetting) bool {
	return slices.Contains(plan.Forms, "B") && !slices.Contains(plan.Forms, "A")
}

// TemplateName reports whether a name can be that of a template: a file in one folder.
func TemplateName(name string) bool {
	title := strings.TrimSuffix(name, ".md")
	return title != "" && brief.SafeName(title) == title && !hidden.MatchString(title)
}

var hidden = regexp.MustCompile(`^[.\s]|\s$`)

// Templates with marks for what differs.
//
//go:embed first.md
var firstTemplate string

//go:embed first_initiatives.md
var firstOfInitiatives string
