package learn

import (
	_ "embed"
	"fmt"
	"slices"
	"sync"

	"kyogikai/pipelines/form"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/yamlfile"
)

//go:embed lexicon.yaml
var lexiconYAML []byte

// question is something that surveys ask, whatever the survey.
type question struct {
	Name       string            `yaml:"name"`
	Kind       string            `yaml:"kind"` // the type of the form's field
	Like       string            `yaml:"like"` // what an answer looks like, "" for anything
	Rank       int               `yaml:"rank"` // among what may name a record, 1 first; 0 for what names none
	Group      bool              `yaml:"group"`
	Yearly     bool              `yaml:"yearly"`
	Asked      bool              `yaml:"asked"`
	Place      string            `yaml:"place"` // before: only above the records
	Words      []string          `yaml:"words"`
	Choices    []choice          `yaml:"choices"`
	Attributes map[string]string `yaml:"attributes"`
}

type choice struct {
	Value string   `yaml:"value"`
	Words []string `yaml:"words"`
}

type ending struct {
	Ending string `yaml:"ending"`
	Kind   string `yaml:"kind"`
}

// lexicon is what is known of heads before any form is.
type lexicon struct {
	Questions  []question `yaml:"questions"`
	Corners    []string   `yaml:"corners"`
	Endings    []ending   `yaml:"endings"`
	YearBelow  []string   `yaml:"year_below"`
	ValueBelow []string   `yaml:"value_below"`
	Relative   []string   `yaml:"relative"`
	Periods    []string   `yaml:"periods"`
	Totals     []string   `yaml:"totals"`
	Notes      []string   `yaml:"notes"`
	Titles     []string   `yaml:"titles"`

	SecondTitles []string `yaml:"second_titles"`

	err     error
	byWord  map[string][]*question
	corners map[string]bool
	periods map[string]bool
}

// words is the lexicon, read once.
var words = sync.OnceValue(func() *lexicon {
	l := &lexicon{byWord: map[string][]*question{}, corners: map[string]bool{}, periods: map[string]bool{}}
	doc, err := yamlfile.Parse("lexicon.yaml", 0, lexiconYAML)
	if err == nil {
		err = doc.Decode(l, nil)
	}
	if err != nil {
		l.err = fmt.Errorf("reading lexicon.yaml, a part of the program: %w", err)
	}
	for i := range l.Questions {
		q := &l.Questions[i]
		for _, w := range q.Words {
			for _, key := range []string{record.Normal(w), headOf(w)} {
				if !slices.Contains(l.byWord[key], q) {
					l.byWord[key] = append(l.byWord[key], q)
				}
			}
		}
	}
	for _, w := range l.Corners {
		l.corners[record.Normal(w)] = true
	}
	for _, w := range l.Periods {
		l.periods[record.Normal(w)] = true
	}
	return l
})

// headOf is the word of a head without what stands beside it.
func headOf(text string) string {
	word, _ := form.HeadWord(text)
	return word
}

// ending is what the end of a head says of its answers; "" where nothing does.
func (l *lexicon) ending(word string) string {
	longest, kind := 0, ""
	for _, e := range l.Endings {
		end := record.Normal(e.Ending)
		if len(word) > len(end) && word[len(word)-len(end):] == end && len(end) > longest {
			longest, kind = len(end), e.Kind
		}
	}
	return kind
}
