package workbook

import (
	"bytes"
	"path"
	"strings"

	"kyogikai/pipelines/limits"
)

// UnsupportedError says that a file is of a kind that Open does not read. It wraps ErrUnreadable.
type UnsupportedError struct {
	Kind   string // in Japanese: HTMLの表, PDF
	Advice string // in Japanese, what its author does to have it read, without the full stop
}

func (e *UnsupportedError) Error() string {
	return ErrUnreadable.Error() + ": " + e.Kind + "は読めません。" + e.Advice
}

// Unwrap makes it one of the files that cannot be opened.
func (e *UnsupportedError) Unwrap() error { return ErrUnreadable }

// What an author does to have a file read.
const (
	saveAs   = "エクセルで開き、「名前を付けて保存」で .xlsx にして提出してください"
	original = "元のエクセルのファイル（.xlsx）を提出してください"
	fillIn   = "エクセルの様式に記入し、.xlsx で提出してください"
	unpack   = "中のエクセルのファイルを取り出し、このフォルダに置いてください"
)

// Kinds of files that are not read.
var (
	kindHTML       = UnsupportedError{"HTMLの表", saveAs}
	kindXMLSheet   = UnsupportedError{"XMLスプレッドシート2003", saveAs}
	kindXML        = UnsupportedError{"XMLのファイル", original}
	kindWebArchive = UnsupportedError{"Webアーカイブ（.mht）", saveAs}
	kindTabs       = UnsupportedError{"タブ区切りの文字", saveAs}
	kindCommas     = UnsupportedError{"カンマ区切りの文字（CSV）", "名前の終わりを .csv に直すか、" + saveAs}
	kindText       = UnsupportedError{"文字だけのファイル（テキスト）", fillIn}
	kindExcel5     = UnsupportedError{"古い形式（Excel 5.0/95 以前）のエクセルのファイル", saveAs}
	kindBinaryBook = UnsupportedError{"エクセルのバイナリブック（.xlsb）", saveAs}
	kindTemplate   = UnsupportedError{"エクセルのテンプレート", saveAs}
	kindMisnamed   = UnsupportedError{"名前の終わりが違うエクセルのファイル", "名前の終わりを .xlsx（古い形式なら .xls）に直してください"}
	kindBrokenODS  = UnsupportedError{"壊れたOpenDocumentの表（.ods）", saveAs}
	kindFlatODS    = UnsupportedError{"OpenDocumentの表（.ods以外）", saveAs}
	kindOpenText   = UnsupportedError{"OpenDocumentの文書", fillIn}
	kindWord       = UnsupportedError{"ワードの文書", fillIn}
	kindSlides     = UnsupportedError{"パワーポイントの資料", fillIn}
	kindPDF        = UnsupportedError{"PDF", original}
	kindPicture    = UnsupportedError{"画像", original}
	kindPacked     = UnsupportedError{"圧縮ファイル（ZIPなど）", unpack}
	kindMail       = UnsupportedError{"メール", unpack}
	kindIchitaro   = UnsupportedError{"一太郎の文書", fillIn}
	kindDocuWorks  = UnsupportedError{"DocuWorksの文書", original}
	kindOnline     = UnsupportedError{"Googleスプレッドシートへのリンク", "スプレッドシートを .xlsx でダウンロードして提出してください"}
	kindNumbers    = UnsupportedError{"Numbersの表", "Numbersで開き、「書き出す」で .xlsx にして提出してください"}
	kindUnknown    = UnsupportedError{"種類の分からないファイル", original}
)

// endings are the kinds of files by the endings of their names.
var endings = func() map[string]*UnsupportedError {
	out := map[string]*UnsupportedError{}
	for kind, names := range map[*UnsupportedError]string{
		&kindBinaryBook: ".xlsb", &kindTemplate: ".xltx .xltm .xlt .xlam", &kindBrokenODS: ".ods",
		&kindFlatODS: ".fods .sxc", &kindOpenText: ".odt .odp", &kindWord: ".docx .docm .doc .dotx .rtf",
		&kindSlides: ".pptx .pptm .ppt .ppsx", &kindPDF: ".pdf .xps", &kindPacked: ".zip .lzh .7z .rar .gz .tar .cab",
		&kindPicture: ".png .jpg .jpeg .gif .bmp .tif .tiff .heic .webp .svg", &kindText: ".txt .md .log .prn",
		&kindTabs: ".tsv", &kindHTML: ".html .htm", &kindWebArchive: ".mht .mhtml", &kindXML: ".xml", &kindMail: ".msg .eml",
		&kindIchitaro: ".jtd .jtt .jtdc .jttc", &kindDocuWorks: ".xdw .xbd", &kindOnline: ".gsheet", &kindNumbers: ".numbers",
	} {
		for _, name := range strings.Fields(names) {
			out[name] = kind
		}
	}
	return out
}()

// byEnding is the kind of a file by its name, nil where that says nothing.
func byEnding(name string) *UnsupportedError { return endings[strings.ToLower(path.Ext(name))] }

// magic are the first bytes of files that are no workbooks.
var magic = []struct {
	bytes string
	kind  *UnsupportedError
}{
	{"%PDF-", &kindPDF}, {`{\rtf`, &kindWord},
	{"\x89PNG\r\n", &kindPicture}, {"\xFF\xD8\xFF", &kindPicture}, {"GIF87a", &kindPicture}, {"GIF89a", &kindPicture},
	{"II*\x00", &kindPicture}, {"MM\x00*", &kindPicture},
	{"7z\xBC\xAF\x27\x1C", &kindPacked}, {"Rar!\x1A\x07", &kindPacked}, {"\x1F\x8B\x08", &kindPacked},
	// BIFF 2, 3, 4, and 5 without a container
	{"\x09\x00\x04\x00", &kindExcel5}, {"\x09\x02\x06\x00", &kindExcel5}, {"\x09\x04\x06\x00", &kindExcel5},
	{"\x09\x08\x08\x00", &kindExcel5},
}

// byContent is the kind of a file by its first bytes, nil where they do not say that it is no workbook.
func byContent(data []byte) *UnsupportedError {
	for _, m := range magic {
		if bytes.HasPrefix(data, []byte(m.bytes)) {
			return m.kind
		}
	}
	return markup(data)
}

// markup tells tables that Excel opens as if they were its own: HTML, XML, Web archives.
func markup(data []byte) *UnsupportedError {
	const sample = 4096
	head := data[:min(len(data), sample)]
	if utf16Marked(head) {
		head, _ = decode(head[:len(head)&^1]) // nothing, where it is no text
	}
	head = bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))))
	starts := func(with ...string) bool {
		for _, w := range with {
			if bytes.HasPrefix(head, []byte(w)) {
				return true
			}
		}
		return false
	}
	switch xml := starts("<?xml", "<workbook", "<ss:workbook"); {
	case starts("<!doctype html", "<html", "<table", "<head", "<meta", "<body", "<style", "<div"),
		xml && bytes.Contains(head, []byte("<html")):
		return &kindHTML
	case xml && bytes.Contains(head, []byte("urn:schemas-microsoft-com:office:spreadsheet")):
		return &kindXMLSheet
	case xml:
		return &kindXML
	case starts("mime-version:"):
		return &kindWebArchive
	}
	return nil
}

// textKind is the kind of a file of characters alone, nil where it has others.
func textKind(data []byte) *UnsupportedError {
	text, ok := characters(data)
	switch {
	case !ok:
		return nil
	case tabbed(text):
		return &kindTabs
	case bytes.IndexByte(text, ',') >= 0:
		return &kindCommas
	}
	return &kindText
}

// characters is a file of characters alone as UTF-8.
func characters(data []byte) (text []byte, ok bool) {
	if bytes.IndexByte(data, 0) >= 0 && !utf16Marked(data) {
		return nil, false
	}
	text, err := decode(data)
	return text, err == nil && bytes.IndexByte(text, 0) < 0
}

func utf16Marked(data []byte) bool {
	return bytes.HasPrefix(data, []byte("\xFF\xFE")) || bytes.HasPrefix(data, []byte("\xFE\xFF"))
}

// unsupported tells the kind of a file whose name says that it is no workbook: by its content, then by its name.
func unsupported(name string, data []byte) *UnsupportedError {
	if kind := byContent(data); kind != nil {
		return kind
	}
	if kind := byEnding(name); kind != nil {
		return kind
	}
	switch {
	case isZip(data):
		if p, err := openParts(data, &budget{Set: limits.Default()}); err == nil {
			return zipKind(p)
		}
		return &kindPacked
	case isCompound(data):
		return compoundKind(data)
	}
	if len(data) > 0 && textKind(data) != nil {
		return &kindText
	}
	return &kindUnknown
}

// zipKind is the kind of a zip, misnamed where it is a workbook.
func zipKind(p *parts) *UnsupportedError {
	switch book := workbookPart(p); {
	case strings.HasSuffix(book, ".bin"):
		return &kindBinaryBook
	case strings.HasPrefix(book, "word/"):
		return &kindWord
	case strings.HasPrefix(book, "ppt/"):
		return &kindSlides
	case book != "", isODS(p):
		return &kindMisnamed
	case strings.HasPrefix(p.mimetype(), openDocument):
		return &kindOpenText
	}
	return &kindPacked
}
