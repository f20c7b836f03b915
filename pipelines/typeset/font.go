// Package typeset draws document trees as PDF in the style of 総務協議会資料. It measures, breaks and places text itself;
// the PDF library only draws what it is told where.
package typeset

import (
	"fmt"
	"io/fs"
	"sync"
)

// The faces of a paper. What one of the first three lacks is looked for in the others, in order.
const (
	mincho = iota
	gothic
	bold
	rareMincho
	symbols
	faceCount
)

var faceFiles = [faceCount]string{
	"BIZUDMincho-Regular.ttf", "BIZUDGothic-Regular.ttf", "BIZUDGothic-Bold.ttf", "NotoSerifJP-Regular.ttf",
	"NotoSansSymbols2-Regular.ttf",
}

// Fonts are the faces, each parsed once, when it is first needed. One Fonts may serve many documents at the same time.
type Fonts struct {
	fsys  fs.FS
	dir   string
	faces [faceCount]struct {
		once sync.Once
		font *sfnt
		err  error
	}
}

// LoadFonts reads the main faces from a folder (templates/fonts); the others are read when a rare character needs them.
func LoadFonts(fsys fs.FS, dir string) (*Fonts, error) {
	f := &Fonts{fsys: fsys, dir: dir}
	for i := mincho; i <= bold; i++ {
		if _, err := f.face(i); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (f *Fonts) face(i int) (*sfnt, error) {
	one := &f.faces[i]
	one.once.Do(func() {
		data, err := fs.ReadFile(f.fsys, f.dir+"/"+faceFiles[i])
		if err != nil {
			one.err = fmt.Errorf("書体 %s を読めません: %w", faceFiles[i], err)
			return
		}
		if one.font, err = parseFont(data); err != nil {
			one.err = fmt.Errorf("書体 %s が壊れています: %w", faceFiles[i], err)
		}
	})
	return one.font, one.err
}

// letters are the characters of one face that a document uses, each at a code of its own: its Unicode number where
// the PDF library can take that, else one of the private use area.
type letters struct {
	font  *sfnt
	codes map[form]uint16
	cut   map[uint16]uint16 // glyph by code
	text  map[uint16]string // what the code stands for
	next  uint16
}

const privateUse = 0xE000

func newLetters(font *sfnt) *letters {
	return &letters{
		font: font, codes: map[form]uint16{}, cut: map[uint16]uint16{}, text: map[uint16]string{}, next: privateUse,
	}
}

// code of a character that the face has.
func (l *letters) code(c form, glyph uint16) uint16 {
	if code, ok := l.codes[c]; ok {
		return code
	}
	code := uint16(c.r)
	if c.r > 0xFFFF || c.selector != 0 || c.r >= privateUse && c.r < 0xF900 {
		code = l.next
		l.next++
	}
	l.codes[c], l.cut[code] = code, glyph
	l.text[code] = string(c.r)
	if c.selector != 0 {
		l.text[code] += string(c.selector)
	}
	return code
}

// find looks for a character, first in the given face, then in those of rare characters; a form (異体字) that none has
// exactly is drawn in its usual form.
func (d *drawing) find(c form, face int) (glyph uint16, in int, ok bool) {
	for _, i := range []int{face, rareMincho, symbols} {
		font, err := d.fonts.face(i)
		if err != nil {
			d.fail(err)
			continue
		}
		g, exact, has := font.glyph(c)
		if has && exact {
			return g, i, true
		}
		if has && !ok {
			glyph, in, ok = g, i, true
		}
	}
	return glyph, in, ok
}

// Has reports whether some face has a character.
func (f *Fonts) Has(r rune) bool {
	d := drawing{fonts: f}
	_, _, ok := d.find(form{r: r}, mincho)
	return ok
}
