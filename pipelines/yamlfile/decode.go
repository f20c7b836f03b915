package yamlfile

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
)

// Means says what a key is for, by its path: plans[].first_year. A key that is not in it is told by its name alone.
type Means map[string]string

// In is what a key is for, in brackets; "" where that is not known.
func (m Means) In(path string) string {
	if says := m[path]; says != "" {
		return "（" + says + "）"
	}
	return ""
}

// Decode puts the document into a Go value as the tags of its fields name the keys. What the value has no place for is
// a mistake, and every mistake is told, not the first alone. The error holds *Mistakes.
func (d *Doc) Decode(into any, means Means) error {
	if d.Empty() {
		return nil
	}
	w := walker{doc: d, means: means, top: reflect.TypeOf(into).Elem(), seen: map[visit]bool{}}
	w.walk(d.root, w.top, "")
	if len(w.mistakes) > 0 {
		slices.SortStableFunc(w.mistakes, func(a, b *Mistake) int { return cmp.Compare(a.Line, b.Line) })
		return join(w.mistakes)
	}
	if err := d.root.Decode(into); err != nil {
		says := "書き方が違います。前に使えていた内容と比べてください"
		if strings.Contains(err.Error(), "anchor") || strings.Contains(err.Error(), "alias") {
			says = "「&」と「*」の使い方が違います（自分自身を指しているか、繰り返しが多すぎます）"
		}
		return d.at(noticed(err, d.root.Line+1), says)
	}
	return nil
}

// visit is a value that was looked at as something: an alias may lead to it again, and round in a circle.
type visit struct {
	node *yaml.Node
	as   reflect.Type
}

// walker compares a document with the type that it is to become.
type walker struct {
	doc      *Doc
	means    Means
	top      reflect.Type
	seen     map[visit]bool
	mistakes []*Mistake
}

func (w *walker) wrong(node *yaml.Node, format string, args ...any) {
	w.mistakes = append(w.mistakes, w.doc.at(node.Line, fmt.Sprintf(format, args...)))
}

var (
	timeType        = reflect.TypeFor[time.Time]()
	anyType         = reflect.TypeFor[any]()
	unmarshalerType = reflect.TypeFor[yaml.Unmarshaler]()
)

// walk looks at a value that is to become a t. path names it: plans[].first_year.
func (w *walker) walk(node *yaml.Node, t reflect.Type, path string) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == reflect.TypeFor[yaml.Node]() { // whoever takes it looks at it
		t = anyType
	}
	node = resolved(node)
	if node == nil || isNull(node) || w.seen[visit{node, t}] {
		return
	}
	w.seen[visit{node, t}] = true
	if t == timeType {
		asDay(node)
	}
	switch own := reflect.PointerTo(t).Implements(unmarshalerType); {
	case own || t == timeType:
		if node.Decode(reflect.New(t).Interface()) != nil {
			w.mismatch(node, t, path)
		}
	case node.Kind == yaml.MappingNode:
		w.mapping(node, t, path)
	case node.Kind == yaml.SequenceNode:
		w.sequence(node, t, path)
	case t.Kind() == reflect.Interface:
	default:
		if node.Decode(reflect.New(t).Interface()) != nil || cutShort(node, t) {
			w.mismatch(node, t, path)
		}
	}
}

// asDay writes a day that stands in 和暦, or as Excel shows it, as the library reads days.
func asDay(node *yaml.Node) {
	if node.Kind != yaml.ScalarNode || node.Decode(new(time.Time)) == nil {
		return
	}
	if day, err := fiscal.ReadDay(node.Value); err == nil {
		node.Value, node.Tag, node.Style = day.Format(time.DateOnly), "!!timestamp", 0
	}
}

// cutShort reports a number whose decimals the library would drop.
func cutShort(node *yaml.Node, t reflect.Type) bool {
	if kindName(t) != "整数" || node.ShortTag() != "!!float" {
		return false
	}
	var f float64
	return node.Decode(&f) != nil || f != math.Trunc(f)
}

func (w *walker) sequence(node *yaml.Node, t reflect.Type, path string) {
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		for _, item := range node.Content {
			w.walk(item, t.Elem(), path+"[]")
		}
	case reflect.Interface:
		for _, item := range node.Content {
			w.walk(item, t, path+"[]")
		}
	default:
		w.mismatch(node, t, path)
	}
}

func (w *walker) mapping(node *yaml.Node, t reflect.Type, path string) {
	var known map[string]reflect.Type
	switch t.Kind() {
	case reflect.Struct:
		known = keysOf(t)
	case reflect.Map, reflect.Interface:
	default:
		w.mismatch(node, t, path)
		return
	}
	first := map[string]int{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if key.Tag == "!!merge" {
			for _, from := range merged(value) {
				w.walk(from, t, path)
			}
			continue
		}
		if line, twice := first[key.Value]; twice && key.Kind == yaml.ScalarNode {
			w.wrong(key, "「%s」が二度あります（はじめは%d行目）。一つにまとめてください", excerpt(key.Value), line+w.doc.first)
			continue
		}
		first[key.Value] = key.Line
		below := strings.TrimPrefix(path+"."+key.Value, ".")
		switch {
		case t.Kind() == reflect.Map:
			w.walk(key, t.Key(), path)
			w.walk(value, t.Elem(), path+"{}")
		case t.Kind() == reflect.Interface:
			w.walk(value, t, below)
		case known[key.Value] == nil || key.Kind != yaml.ScalarNode:
			w.unknown(key, slices.Sorted(mapKeys(known)), path)
		default:
			w.walk(value, known[key.Value], below)
		}
	}
}

// merged are the mappings that << takes in.
func merged(value *yaml.Node) []*yaml.Node {
	value = resolved(value)
	if value.Kind == yaml.SequenceNode {
		return value.Content
	}
	return []*yaml.Node{value}
}

// keysOf are the keys of a struct, with what stands behind each.
func keysOf(t reflect.Type) map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case !f.IsExported() || name == "-":
		case strings.Contains(options, "inline"):
			for key, inner := range keysOf(f.Type) {
				out[key] = inner
			}
		case name != "":
			out[name] = f.Type
		default:
			out[strings.ToLower(f.Name)] = f.Type
		}
	}
	return out
}

func mapKeys(m map[string]reflect.Type) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// unknown tells of a key that nothing reads: with the nearest that something does, or where else it belongs.
func (w *walker) unknown(key *yaml.Node, known []string, path string) {
	name := excerpt(key.Value)
	if key.Kind != yaml.ScalarNode {
		w.wrong(key, "ここには「名前: 値」の名前を書きます")
		return
	}
	if strings.Trim(key.Value, "　") != key.Value {
		w.wrong(key, "「%s」の前か後ろに全角の空白があります。半角の空白に替えてください", strings.Trim(name, "　"))
		return
	}
	says := "「" + name + "」という項目はありません"
	if near := Nearest(key.Value, known); near != "" {
		w.wrong(key, "%s。「%s」%sではありませんか", says, near, w.means.In(strings.TrimPrefix(path+"."+near, ".")))
		return
	}
	if elsewhere := w.elsewhere(key.Value, path); elsewhere != "" {
		w.wrong(key, "%s。「%s」は %s の中の項目です。字下げを確かめてください", says, name, elsewhere)
		return
	}
	w.wrong(key, "%s。ここに書けるのは %s です", says, strings.Join(known, "、"))
}

// Nearest is the known name that a key was meant to be: one that is nearly the same, also once two neighbours have
// changed places; "" where none is near.
func Nearest(key string, known []string) string {
	if near := record.Nearest(key, known); near != "" {
		return near
	}
	r := []rune(key)
	for i := 1; i < len(r); i++ {
		swapped := slices.Clone(r)
		swapped[i-1], swapped[i] = r[i], r[i-1]
		if slices.Contains(known, string(swapped)) {
			return string(swapped)
		}
	}
	return ""
}

// elsewhere is the path of a key's parent where the key is known at another place of the document.
func (w *walker) elsewhere(key, path string) string {
	var found []string
	var look func(t reflect.Type, at string, depth int)
	look = func(t reflect.Type, at string, depth int) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		const deep = 6
		if t.Kind() != reflect.Struct || t == timeType || depth > deep {
			return
		}
		keys := keysOf(t)
		if keys[key] != nil && at != strings.ReplaceAll(path, "[]", "") {
			found = append(found, at)
		}
		for _, k := range slices.Sorted(mapKeys(keys)) {
			look(keys[k], strings.TrimPrefix(at+"."+k, "."), depth+1)
		}
	}
	look(w.top, "", 0)
	if len(found) == 0 {
		return ""
	}
	if found[0] == "" {
		return "いちばん外側"
	}
	return found[0]
}

// mismatch tells of a value that is of another kind than its key takes.
func (w *walker) mismatch(node *yaml.Node, t reflect.Type, path string) {
	name := path[strings.LastIndexAny(path, ".")+1:]
	subject := "ここ"
	if key := strings.Trim(name, "[]{}"); key != "" {
		subject = cmp.Or(w.means.In(path), " ")
		subject = key + subject
	}
	w.wrong(node, "%sには%sを書きます。%s", subject, kindName(t), found(node)+hint(node, t))
}

// kindName is what a value of a type is called.
func kindName(t reflect.Type) string {
	switch {
	case t == timeType:
		return "日付（令和7年10月21日か 2025-10-21 の形）"
	case reflect.PointerTo(t).Implements(unmarshalerType):
		return "決まった形の値"
	}
	switch t.Kind() {
	case reflect.Bool:
		return " true か false "
	case reflect.Int,
		reflect.Int8,
		reflect.Int16,
		reflect.Int32,
		reflect.Int64,
		reflect.Uint,
		reflect.Uint8,
		reflect.Uint16,
		reflect.Uint32,
		reflect.Uint64:
		return "整数"
	case reflect.Float32, reflect.Float64:
		return "数"
	case reflect.Slice, reflect.Array:
		return "並び（[甲, 乙] か、行ごとの「- 甲」）"
	case reflect.Struct, reflect.Map:
		return "「名前: 値」の組"
	}
	return "文字"
}

// found says what stands there instead.
func found(node *yaml.Node) string {
	switch node.Kind {
	case yaml.MappingNode:
		return "「名前: 値」の組があります"
	case yaml.SequenceNode:
		return "並びがあります"
	}
	return "「" + excerpt(node.Value) + "」とあります"
}

var (
	fullDigits = regexp.MustCompile(`^[＋－]?[０-９]+$`)
	withUnit   = regexp.MustCompile(`^[0-9０-９]+\s*[^0-9０-９.．,，\s]+$`)
	allDigits  = regexp.MustCompile(`^[+-]?[0-9]+$`)
	japanYear  = regexp.MustCompile(`^(?:令和|平成|昭和|[RHS])\s*[0-9０-９元]+`)
)

// hint says what to do about a value of another kind, where that is clear.
func hint(node *yaml.Node, t reflect.Type) string {
	number := strings.HasSuffix(kindName(t), "数")
	switch {
	case node.Kind == yaml.ScalarNode && strings.Contains(node.Value, "：") && kindName(t) == "「名前: 値」の組":
		return "（「：」が全角です。半角の「: 」で書いてください）"
	case node.Kind != yaml.ScalarNode && kindName(t) == "文字":
		return "（「: 」や [ ] や { } を含む文字なら、' で囲んでください）"
	case node.Kind != yaml.ScalarNode:
		return ""
	case number && fullDigits.MatchString(node.Value):
		return "（半角の数字で書いてください）"
	case number && japanYear.MatchString(node.Value):
		return "（西暦で、2025 のように書いてください）"
	case number && allDigits.MatchString(node.Value):
		return "（数が大きすぎます）"
	case number && withUnit.MatchString(node.Value):
		return "（単位を付けず、数字だけを書いてください）"
	}
	return ""
}
