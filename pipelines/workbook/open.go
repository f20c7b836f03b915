package workbook

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/richardlehane/mscfb"

	"kyogikai/pipelines/limits"
)

// Why a file cannot be opened; test with errors.Is.
var (
	ErrUnreadable = errors.New("unreadable")
	ErrEncrypted  = errors.New("encrypted")
	ErrTooLarge   = errors.New("too large")
)

// Supported reports whether a file name ends like a workbook that Open reads.
func Supported(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".xlsx", ".xlsm", ".xls", ".ods", ".csv":
		return true
	}
	return false
}

// Open reads a workbook from its bytes, as far as it is within limits. The kind is told by the first bytes, for text
// by the name's ending. Errors wrap ErrUnreadable, ErrEncrypted or ErrTooLarge and say in Japanese what was found; a
// file of a kind that is not read is an UnsupportedError, one beyond a limit a TooLargeError.
func Open(name string, data []byte, within limits.Set) (wb *Workbook, err error) {
	defer func() { // the readers of strangers' bytes below are libraries: a panic of theirs is a damaged file
		if p := recover(); p != nil {
			wb, err = nil, fmt.Errorf("%w: ファイルが壊れています", ErrUnreadable)
		}
	}()
	b := &budget{Set: within}
	if wb, err = open(name, data, b); err != nil {
		return nil, err
	}
	if len(wb.Sheets) == 0 {
		return nil, fmt.Errorf("%w: シートが一つもありません", ErrUnreadable)
	}
	for _, s := range wb.Sheets {
		if n := utf8.RuneCountInString(s.Name); n > longestSheetName {
			return nil, fmt.Errorf("%w: シートの名前が%d字あります（%d字まで）", ErrUnreadable, n, longestSheetName)
		}
	}
	if err := b.settle(wb.Sheets); err != nil {
		return nil, err
	}
	return wb, nil
}

// longestSheetName is far beyond what Excel and others let anybody write (31): findings and cells name their sheet.
const longestSheetName = 255

// Complete reports whether a file's bytes look complete: a zip has its directory at the end, an OLE file whole sectors.
// It tells a file that is still being saved from one that is damaged.
func Complete(data []byte) bool {
	const endRecord, longestComment, sector = 22, 1 << 16, 512
	switch {
	case len(data) == 0:
		return false
	case isZip(data):
		tail := data[max(0, len(data)-endRecord-longestComment):]
		return bytes.Contains(tail, []byte("PK\x05\x06"))
	case isCompound(data):
		return len(data)%sector == 0
	}
	return true
}

// isZip reports whether a file begins as a zip does, an empty one too.
func isZip(data []byte) bool {
	return bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("PK\x05\x06"))
}

// isCompound reports whether a file begins as an OLE compound file does.
func isCompound(data []byte) bool { return bytes.HasPrefix(data, []byte{0xD0, 0xCF, 0x11, 0xE0}) }

func open(name string, data []byte, b *budget) (*Workbook, error) {
	switch {
	case !Supported(name):
		return nil, unsupported(name, data)
	case len(data) == 0:
		return nil, fmt.Errorf("%w: ファイルが空です", ErrUnreadable)
	case int64(len(data)) > b.File:
		return nil, b.beyond(limits.File, int64(len(data)), "")
	case isZip(data):
		return openZip(name, data, b)
	case isCompound(data):
		return openCompound(data, b)
	}
	if kind := byContent(data); kind != nil {
		return nil, kind
	}
	if strings.EqualFold(path.Ext(name), ".csv") {
		return openCSV(data, b)
	}
	if kind := textKind(data); kind != nil {
		return nil, kind
	}
	if kind := byEnding(name); kind != nil { // an .ods that is none
		return nil, kind
	}
	return nil, fmt.Errorf("%w: エクセルのファイルではありません", ErrUnreadable)
}

// openZip opens what is packed: an .xlsx, an .ods.
func openZip(name string, data []byte, b *budget) (*Workbook, error) {
	p, err := openParts(data, b)
	switch kind := byEnding(name); {
	case errors.Is(err, ErrTooLarge):
		return nil, err
	case err != nil && kind != nil:
		return nil, kind
	case err != nil:
		return nil, err
	case isODS(p), kind == &kindBrokenODS && p.has("content.xml"):
		return openODS(p, b)
	}
	if kind := zipKind(p); kind != &kindMisnamed {
		if kind == &kindPacked && p.has("[Content_Types].xml") {
			return nil, errDamaged // the list of its parts is there, the parts are not
		}
		return nil, kind
	}
	return openXLSX(p, b)
}

// openCompound tells an encrypted .xlsx from an old .xls, and both from other files of their kind.
func openCompound(data []byte, b *budget) (*Workbook, error) {
	doc, err := mscfb.New(bytes.NewReader(data))
	if err != nil {
		return nil, errDamaged
	}
	for entry, err := doc.Next(); err == nil; entry, err = doc.Next() {
		switch entry.Name {
		case "EncryptedPackage":
			return nil, fmt.Errorf("%w: パスワードで保護されています", ErrEncrypted)
		case "Workbook":
			return openBIFF(entry, len(data), b)
		}
	}
	if kind := compoundKind(data); kind != &kindUnknown {
		return nil, kind
	}
	return nil, fmt.Errorf("%w: エクセルのファイルではありません", ErrUnreadable)
}

// compoundKind is the kind of an OLE compound file.
func compoundKind(data []byte) *UnsupportedError {
	doc, err := mscfb.New(bytes.NewReader(data))
	if err != nil {
		return &kindUnknown
	}
	for entry, err := doc.Next(); err == nil; entry, err = doc.Next() {
		switch {
		case entry.Name == "Workbook":
			return &kindMisnamed
		case entry.Name == "Book":
			return &kindExcel5
		case entry.Name == "WordDocument":
			return &kindWord
		case entry.Name == "PowerPoint Document":
			return &kindSlides
		case strings.HasPrefix(entry.Name, "__substg1.0"):
			return &kindMail
		}
	}
	return &kindUnknown
}
