// Package typeset draws document trees as PDF in the style of 総務協議会資料. It measures, breaks and places text itself;
// the PDF library only draws what it is told where.
package typeset

import (
	"fmt"
	"io/fs"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// The faces of a paper.
const (
	mincho = iota
	gothic
	bold
	faceCount
)

var faceFiles = [faceCount]string{"BIZUDMincho-Regular.ttf", "BIZUDGothic-Regular.ttf", "BIZUDGothic-Bold.ttf"}

// Fonts are the faces, parsed once. One Fonts may serve many documents, one at a time.
type Fonts struct{ faces [faceCount]face }

type face struct {
	data   []byte
	font   *sfnt.Font
	buffer sfnt.Buffer
	widths map[rune]float64 // in em; absent glyphs are not in it
}

// LoadFonts reads the faces from a folder (templates/fonts).
func LoadFonts(fsys fs.FS, dir string) (*Fonts, error) {
	f := &Fonts{}
	for i, name := range faceFiles {
		data, err := fs.ReadFile(fsys, dir+"/"+name)
		if err != nil {
			return nil, fmt.Errorf("書体 %s を読めません: %w", name, err)
		}
		parsed, err := sfnt.Parse(data)
		if err != nil {
			return nil, fmt.Errorf("書体 %s が壊れています: %w", name, err)
		}
		f.faces[i] = face{data: data, font: parsed, widths: map[rune]float64{}}
	}
	return f, nil
}

// width of a character in em, and whether the face has it.
func (f *face) width(r rune) (float64, bool) {
	if w, ok := f.widths[r]; ok {
		return w, w >= 0
	}
	w := -1.0
	if g, err := f.font.GlyphIndex(&f.buffer, r); err == nil && g != 0 && r <= 0xFFFF {
		if a, err := f.font.GlyphAdvance(&f.buffer, g, fixed.I(1000), font.HintingNone); err == nil {
			w = float64(a) / 64 / 1000
		}
	}
	f.widths[r] = w
	return w, w >= 0
}
