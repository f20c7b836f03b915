package collect

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"kyogikai/pipelines/fiscal"
)

// accept says why a file that came whole must not take the place of what stands in the inputs: what was a workbook is
// not given up for what is none, and what a web server sends in the place of a workbook is not taken for one.
func (p *puller) accept(ctx context.Context, f remote, got content, old []byte) error {
	if !p.Supported(PathName(path.Base(f.name))) {
		return nil
	}
	if kind := notAWorkbook(f.name, got.data); p.source.HTTP != "" && kind != "" {
		return failure{text: fmt.Sprintf("%s の代わりに、%sが返されました。サーバの画面で確かめてください。ログインが要るなら、利用者名かトークンを設定してください。"+
			"所管課が出したものなら、エクセルで保存し直してもらってください。", path.Base(f.name), kind)}
	}
	if old == nil || p.Replaces == nil {
		return nil
	}
	why := p.Replaces(ctx, f.target.path, got.data, old)
	if why == "" {
		return nil
	}
	return failure{text: fmt.Sprintf("新しい版（%s）は使えません（%s）。前の版（%s）を使い続けています。収集元のファイルを開いて確かめ、保存し直してください。",
		p.nameVersion(f, got), why, p.nameKept(f, old))}
}

// nameVersion tells a version of a file from another: when it was written and how large it is.
func (p *puller) nameVersion(f remote, got content) string {
	modified := got.modified
	if modified.IsZero() {
		modified = f.modified
	}
	size := fmt.Sprintf("%dバイト", len(got.data))
	if modified.IsZero() {
		return size
	}
	at := modified.In(p.Clock().Location())
	return fiscal.WarekiDate(at) + at.Format(" 15:04") + " 更新、" + size
}

// nameKept tells the version that is kept.
func (p *puller) nameKept(f remote, old []byte) string {
	size := fmt.Sprintf("%dバイト", len(old))
	if k := p.state.Files[f.name]; k != nil && !k.At.IsZero() {
		at := k.At.In(p.Clock().Location())
		return fiscal.WarekiDate(at) + at.Format(" 15:04") + " 取り込み、" + size
	}
	return size
}

// notAWorkbook is what the contents of a file, of a workbook's name, are instead: in Japanese, "" where they may be one.
func notAWorkbook(name string, data []byte) string {
	text := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")), " \t\r\n")
	head := strings.ToLower(string(text[:min(len(text), 64)]))
	switch {
	case bytes.HasPrefix(data, []byte("PK")), bytes.HasPrefix(data, []byte{0xD0, 0xCF, 0x11, 0xE0}):
		return ""
	case strings.HasPrefix(head, "<!doctype html"), strings.HasPrefix(head, "<html"), strings.HasPrefix(head, "<head"),
		strings.HasPrefix(head, "<body"):
		return "画面（HTML）"
	case strings.HasPrefix(head, "<"):
		return "XML か HTML の文"
	case (strings.HasPrefix(head, "{") || strings.HasPrefix(head, "[")) && json.Valid(text):
		return "データ（JSON）"
	case endless(name):
		return ""
	}
	return "エクセルでないもの"
}
