package typeset

// Page is a page that has been laid out: its size in points, and what is drawn on it, in order.
type Page struct {
	Width, Height    float64
	Document, Number int // the document, from 0, and the page within it, from 1
	Ops              []Op
}

// Op is one step of drawing a page: plain data, with lengths in points, y running down from the page's upper edge, and
// greys from 0 (black) to 255 (white), for papers have no colours.
//
// What is drawn (Text, Line, Rect, Circle) bears its whole style. SetWidth, SetStroke, SetFill and SetDash say before
// it what its style says too: a PDF has a state, and its bytes depend on where that is set. A writer whose format has
// no such state passes over them.
type Op interface{ op() }

// Text is text on one line.
type Text struct {
	Runs  []Run
	Space float64 // added after each glyph
	Grey  int
}

// Run is text in one face and size. Its baseline begins at X, Y; Width is how far it reaches, space after it included.
type Run struct {
	Face        int // its font is Layout.Font(Face)
	Size        float64
	X, Y, Width float64
	Codes       []uint16 // of its glyphs in that font
	Text        string   // the characters that the codes stand for
}

// Pen is the style of a line or of a shape's edge and inside.
type Pen struct {
	Width        float64
	Dash         []float64 // lengths of dashes and gaps by turns, none for an unbroken line
	Stroke, Fill int       // greys
}

// Line is a straight line.
type Line struct {
	X1, Y1, X2, Y2 float64
	Pen            Pen
}

// Rect is a rectangle whose upper left corner is X, Y.
type Rect struct {
	X, Y, W, H float64
	Paint      Paint
	Pen        Pen
}

// Circle has its centre at X, Y.
type Circle struct {
	X, Y, R float64
	Paint   Paint
	Pen     Pen
}

// Paint says what of a shape is drawn.
type Paint int

// A shape is drawn as its edge, its inside, or both.
const (
	Edge Paint = iota
	Inside
	Both
)

// SetWidth sets the width of lines.
type SetWidth float64

// SetStroke sets the grey of lines and edges.
type SetStroke int

// SetFill sets the grey of insides.
type SetFill int

// SetDash sets the dashes of lines.
type SetDash []float64

// Begin begins the content of an element. Without one it begins furniture, which is no content: rules, page numbers,
// heads that are repeated. Neither holds another; End ends it.
type Begin struct{ Element *Element }

// End ends what Begin began.
type End struct{}

// Turn turns what follows, up to TurnEnd, about a point, against the clock.
type Turn struct{ Degrees, X, Y float64 }

// TurnEnd ends a Turn.
type TurnEnd struct{}

// ExistingPage stands where a page of a PDF of somebody else lies: over what is drawn before and under what is drawn
// after.
type ExistingPage struct {
	File int // an index of Layout.Files
	Page int // from 1
}

// Bookmark is an entry of the outline that leads to this page. Level 0 is a document.
type Bookmark struct {
	Level int
	Text  string
	Y     float64 // of what it leads to
	File  int     // the file of Layout.Files, from 1, to whose first page it leads instead; one entry a file. 0 for none
}

func (Text) op()         {}
func (Line) op()         {}
func (Rect) op()         {}
func (Circle) op()       {}
func (SetWidth) op()     {}
func (SetStroke) op()    {}
func (SetFill) op()      {}
func (SetDash) op()      {}
func (Begin) op()        {}
func (End) op()          {}
func (Turn) op()         {}
func (TurnEnd) op()      {}
func (ExistingPage) op() {}
func (Bookmark) op()     {}
