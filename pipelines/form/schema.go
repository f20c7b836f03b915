package form

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"kyogikai/pipelines/yamlfile"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"go.yaml.in/yaml/v3"
)

// Schema is the JSON Schema of a form's YAML, for editors and for the check at load.
//
//go:embed form.schema.json
var Schema []byte

// SchemaError is a mistake in a form's YAML or in a 語彙.csv, with the line where it stands.
type SchemaError struct {
	File string
	Line int
	What string // in Japanese, with what to do
}

func (e *SchemaError) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.What) }

// schemaErrors are the mistakes of a YAML file as errors of a form.
func schemaErrors(err error) error {
	var out []error
	for _, m := range yamlfile.Mistakes(err) {
		out = append(out, &SchemaError{m.File, max(m.Line, 1), m.Says})
	}
	return errors.Join(out...)
}

// checkSchema compares a form's YAML with the schema.
func checkSchema(file string, root *yaml.Node) error {
	schema, err := compiledSchema()
	if err != nil {
		return err
	}
	var plain any
	if err := root.Decode(&plain); err != nil {
		return &SchemaError{file, root.Line, "書き方が違います（docs/様式の書き方.md を見てください）"}
	}
	text, err := json.Marshal(plain)
	if err != nil {
		return &SchemaError{file, root.Line, "見出し（キー）は文字で書いてください"}
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	var found *jsonschema.ValidationError
	if err := schema.Validate(value); errors.As(err, &found) {
		deepest := deepest(found)
		says := explain(deepest)
		_, meaning := schemaAt(deepest.SchemaURL)
		if near := nearKey(deepest); near != "" {
			says += "（「" + near + "」ではありませんか）"
		} else if _, wrongKind := deepest.ErrorKind.(*kind.Type); wrongKind && meaning != "" {
			says += "。これは、" + meaning
		}
		return &SchemaError{file, lineOf(root, deepest.InstanceLocation, unknownKey(deepest)), says}
	}
	return nil
}

// schemaAt is the part of the schema that an error is about: the keys that it knows, and what it says of itself.
func schemaAt(address string) (known []string, meaning string) {
	var node any
	if json.Unmarshal(Schema, &node) != nil {
		return nil, ""
	}
	_, pointer, _ := strings.Cut(address, "#")
	for _, step := range strings.Split(strings.Trim(pointer, "/"), "/") {
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		switch n := node.(type) {
		case map[string]any:
			if step != "" {
				node = n[step]
			}
		case []any:
			if i, err := strconv.Atoi(step); err == nil && i < len(n) {
				node = n[i]
			}
		}
	}
	part, _ := node.(map[string]any)
	meaning, _ = part["description"].(string)
	properties, _ := part["properties"].(map[string]any)
	return slices.Sorted(maps.Keys(properties)), meaning
}

// compiledSchema is the schema, compiled once for all forms: that takes longer than to read one.
var compiledSchema = sync.OnceValues(compileSchema)

func compileSchema() (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema))
	if err != nil {
		return nil, fmt.Errorf("reading the schema of forms: %w", err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("form.schema.json", doc); err != nil {
		return nil, fmt.Errorf("reading the schema of forms: %w", err)
	}
	s, err := c.Compile("form.schema.json")
	if err != nil {
		return nil, fmt.Errorf("reading the schema of forms: %w", err)
	}
	return s, nil
}

// deepest is the first cause that has none of its own. A misspelt key comes before what is missing: it may be that.
func deepest(e *jsonschema.ValidationError) *jsonschema.ValidationError {
	var first *jsonschema.ValidationError
	for _, cause := range e.Causes {
		one := deepest(cause)
		if nearKey(one) != "" {
			return one
		}
		if first == nil {
			first = one
		}
	}
	return cmp.Or(first, e)
}

func unknownKey(e *jsonschema.ValidationError) string {
	if k, ok := e.ErrorKind.(*kind.AdditionalProperties); ok && len(k.Properties) > 0 {
		return k.Properties[0]
	}
	return ""
}

// nearKey is the key that an unknown one was meant to be, "" where none is near.
func nearKey(e *jsonschema.ValidationError) string {
	key := unknownKey(e)
	if key == "" {
		return ""
	}
	known, _ := schemaAt(e.SchemaURL)
	return yamlfile.Nearest(key, known)
}

// explain says what is wrong in the words of someone who writes forms.
func explain(e *jsonschema.ValidationError) string {
	at := strings.Join(e.InstanceLocation, ".")
	if at == "" {
		at = "様式"
	}
	at += " "
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		return at + "に「" + strings.Join(k.Properties, "」「") + "」という指定はありません。綴りを確かめてください"
	case *kind.Required:
		return at + "に " + strings.Join(k.Missing, "・") + " がありません。書き加えてください"
	case *kind.Enum:
		var want []string
		for _, w := range k.Want {
			want = append(want, fmt.Sprint(w))
		}
		return fmt.Sprintf("%sの「%v」は使えません（%s のいずれか）", at, k.Got, strings.Join(want, ", "))
	case *kind.Type:
		return fmt.Sprintf(
			"%sの書き方が違います（%s を書くところに %s があります）", at, strings.Join(typeNames(k.Want...), "か"), typeNames(k.Got)[0],
		)
	case *kind.Minimum:
		return fmt.Sprintf("%sの「%s」は使えません（%s以上）", at, k.Got.RatString(), k.Want.RatString())
	case *kind.Maximum:
		return fmt.Sprintf("%sの「%s」は使えません（%s以下）", at, k.Got.RatString(), k.Want.RatString())
	case *kind.MinLength, *kind.MinItems:
		return at + "が空です。一つ以上書いてください"
	case *kind.Pattern:
		return fmt.Sprintf("%sの「%v」は使えません（英小文字で始め、英小文字・数字・_ で書いてください）", at, k.Got)
	}
	return at + "の書き方が違います（docs/様式の書き方.md を見てください）"
}

func typeNames(types ...string) []string {
	names := map[string]string{
		"string": "文字", "array": "並び（[…]）", "object": "組（名前: 値）", "boolean": "true か false", "integer": "整数", "number": "数",
		"null": "空",
	}
	var out []string
	for _, t := range types {
		out = append(out, names[t])
	}
	return out
}

// lineOf is the line of a place in a YAML document; key is a key of the mapping there, or "".
func lineOf(node *yaml.Node, place []string, key string) int {
	if node.Kind == yaml.DocumentNode && len(node.Content) > 0 {
		node = node.Content[0]
	}
	for _, step := range place {
		next := child(node, step)
		if next == nil {
			return node.Line
		}
		node = next
	}
	if node.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == key {
				return node.Content[i].Line
			}
		}
	}
	return node.Line
}

func child(node *yaml.Node, step string) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	switch node.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == step {
				return node.Content[i+1]
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && i < len(node.Content) {
			return node.Content[i]
		}
	}
	return nil
}
