package brief

import (
	"errors"
	"fmt"

	"kyogikai/pipelines/yamlfile"
)

// decodeYAML reads YAML that stands in a file behind a number of lines. what names it, as in 会議の設定; every mistake is an
// *Error with its line.
func decodeYAML(file string, first int, what string, data []byte, into any) error {
	doc, err := yamlfile.Parse(file, first, data)
	if err == nil && doc.Empty() {
		return &Error{Where: file, What: what + "に何も書かれていません", Do: "書き足してください。"}
	}
	if err == nil {
		err = doc.Decode(into, nil)
	}
	return yamlErrors(what, err)
}

// yamlErrors are the mistakes of a file as errors of its place.
func yamlErrors(what string, err error) error {
	var out []error
	for _, m := range yamlfile.Mistakes(err) {
		where := m.File
		if m.Line > 0 {
			where = fmt.Sprintf("%s:%d", m.File, m.Line)
		}
		out = append(out, &Error{Where: where, What: what + "を読めません。" + m.Says, Do: "直してください。", Cause: m})
	}
	return errors.Join(out...)
}
