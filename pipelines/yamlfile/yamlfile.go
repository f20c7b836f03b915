// Package yamlfile reads the YAML that people write by hand: kyogikai.yaml, forms, meetings, the front matter of
// briefs. Whatever is wrong is told in Japanese with its line: what was found, what is meant, and the known name that
// is nearest. Nothing of what the library says, in English and with lines of its own, reaches a person.
package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"kyogikai/pipelines/printable"
)

// Mistake is one thing that is wrong with a file. Says is a sentence without its full stop.
type Mistake struct {
	File string
	Line int // 0 where it is about the file as a whole
	Says string
}

func (m *Mistake) Error() string {
	if m.Line == 0 {
		return m.File + ": " + m.Says
	}
	return fmt.Sprintf("%s の%d行目: %s", m.File, m.Line, m.Says)
}

// Mistakes are the mistakes in an error that Parse or Decode has returned, in the order of their lines.
func Mistakes(err error) []*Mistake {
	var one *Mistake
	if all, several := err.(interface{ Unwrap() []error }); several {
		var out []*Mistake
		for _, e := range all.Unwrap() {
			out = append(out, Mistakes(e)...)
		}
		return out
	}
	if errors.As(err, &one) {
		return []*Mistake{one}
	}
	return nil
}

// shownMistakes is how many mistakes of a file are told at once.
const shownMistakes = 10

func join(all []*Mistake) error {
	var out []error
	for i, m := range all {
		if i == shownMistakes {
			out = append(out, &Mistake{m.File, 0, fmt.Sprintf("直すところが、ほかに%dあります", len(all)-i)})
			break
		}
		out = append(out, m)
	}
	return errors.Join(out...)
}

// Doc is one YAML document, and where it stands.
type Doc struct {
	file  string
	first int // the line of the file before its first
	root  *yaml.Node
}

// Parse reads the one document that a file holds. first is how many lines of the file stand before data. The error
// holds *Mistakes.
func Parse(file string, first int, data []byte) (*Doc, error) {
	d := &Doc{file: file, first: first}
	text, m := decode(data)
	if m != nil {
		return nil, d.at(m.Line, m.Says)
	}
	if m := hiddenLine(text); m != nil {
		return nil, d.at(m.Line, m.Says)
	}
	root, more, err := nodes(text)
	if err != nil {
		m := diagnose(text, err)
		return nil, d.at(m.Line, m.Says)
	}
	if more {
		return nil, d.at(secondDocument(text), "「---」の後に、もう一つの文書があります。一つのファイルには一つだけ書けます（後ろの文書は読まれません）。"+
			"「---」の行を消して一つにまとめるか、別のファイルに分けてください")
	}
	d.root = root
	return d, nil
}

// Empty reports a file in which nothing is written, or comments alone.
func (d *Doc) Empty() bool { return d.root == nil || isNull(d.root) }

// Node is the document's one value.
func (d *Doc) Node() *yaml.Node { return d.root }

// at is a mistake at a line of the document; 0 is the whole file.
func (d *Doc) at(line int, says string) *Mistake {
	if line > 0 {
		line += d.first
	}
	return &Mistake{d.file, line, says}
}

// Mistake is an error about a place of the document: keys and numbers of items that lead to it. Where there is no such
// place, it is about what is nearest above it.
func (d *Doc) Mistake(says string, place ...any) error {
	if d == nil {
		return errors.New(says)
	}
	return d.at(d.lineOf(place), says)
}

// About is Mistake for words that come from elsewhere: of the keys at the place, the first whose name they hold outside
// 「」 is where they point to.
func (d *Doc) About(says string, place ...any) error {
	if d == nil {
		return errors.New(says)
	}
	node, own := d.node(place), quotes.ReplaceAllString(says, "")
	if node != nil && node.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(node.Content); i += 2 {
			if key := node.Content[i].Value; key != "" && wordIn(own, key) {
				return d.at(node.Content[i].Line, says)
			}
		}
	}
	return d.at(d.lineOf(place), says)
}

var quotes = regexp.MustCompile(`「[^「」]*」`)

// wordIn reports a key that stands in a text by itself: user is not in user_env.
func wordIn(text, key string) bool {
	at, err := regexp.MatchString(`(?:^|[^A-Za-z0-9_])`+regexp.QuoteMeta(key)+`(?:$|[^A-Za-z0-9_])`, text)
	return err == nil && at
}

// Line is the line of a place in the file, 0 where the document is not known.
func (d *Doc) Line(place ...any) int {
	if d == nil || d.root == nil {
		return 0
	}
	return d.lineOf(place) + d.first
}

// lineOf is the line of a place, or of what is nearest above it.
func (d *Doc) lineOf(place []any) int {
	if d.root == nil {
		return 0
	}
	node, line := d.root, d.root.Line
	for _, step := range place {
		key, value := child(node, step)
		if value == nil {
			return line
		}
		node = value
		if line = value.Line; key != nil {
			line = key.Line
		}
	}
	return line
}

// node is what stands at a place, nil for nothing.
func (d *Doc) node(place []any) *yaml.Node {
	node := d.root
	for _, step := range place {
		if node == nil {
			return nil
		}
		_, node = child(node, step)
	}
	return resolved(node)
}

// child is the key and the value of a mapping's entry, or the value of a list's item.
func child(node *yaml.Node, step any) (key, value *yaml.Node) {
	node = resolved(node)
	switch step := step.(type) {
	case string:
		for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == step {
				return node.Content[i], node.Content[i+1]
			}
		}
	case int:
		if node.Kind == yaml.SequenceNode && step >= 0 && step < len(node.Content) {
			return nil, node.Content[step]
		}
	}
	return nil, nil
}

// resolved is what an alias stands for.
func resolved(node *yaml.Node) *yaml.Node {
	for node != nil && node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	return node
}

func isNull(node *yaml.Node) bool {
	return node.Kind == 0 || node.Kind == yaml.ScalarNode && node.Tag == "!!null"
}

// nodes parses a text. more says that there is more than one document in it.
func nodes(text string) (root *yaml.Node, more bool, err error) {
	defer func() {
		if p := recover(); p != nil { // the library does not foresee every text
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	d := yaml.NewDecoder(strings.NewReader(text))
	var doc, next yaml.Node
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, false, nil
	} else if err != nil {
		return nil, false, err
	}
	switch err := d.Decode(&next); {
	case errors.Is(err, io.EOF):
	case err != nil:
		more = secondDocument(text) > 0
		if !more {
			return nil, false, err
		}
	default:
		more = len(next.Content) > 0 && !isNull(next.Content[0])
	}
	if len(doc.Content) == 0 {
		return nil, more, nil
	}
	return doc.Content[0], more, nil
}

var documentMark = regexp.MustCompile(`^---(?:\s|$)`)

// secondDocument is the line of the mark behind which another document begins, 0 for none. One that stands before
// everything else begins the first.
func secondDocument(text string) int {
	written := false
	for i, line := range strings.Split(text, "\n") {
		if documentMark.MatchString(line) {
			if written {
				return i + 1
			}
			written = strings.TrimSpace(line[3:]) != ""
			continue
		}
		trimmed := strings.TrimSpace(line)
		written = written || trimmed != "" && trimmed[0] != '#' && trimmed[0] != '%'
	}
	return 0
}

// excerpt is a text of the file as a message quotes it.
func excerpt(s string) string {
	const most = 40
	r := []rune(printable.Line(strings.TrimSpace(s)))
	if len(r) > most {
		return string(r[:most]) + "…"
	}
	return string(r)
}

// lines are the lines of a text without their ends.
func lines(text string) []string {
	return strings.Split(strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\r\n", "\n"), "\n")
}

// trimMark takes off the mark with which some editors begin UTF-8.
func trimMark(data []byte) []byte { return bytes.TrimPrefix(data, []byte("\ufeff")) }
