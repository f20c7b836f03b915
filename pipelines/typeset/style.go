package typeset

const mm = 72 / 25.4

// The style sheet, in points: A4 portrait, 41 characters of 11 pt on 40 lines of 17.5 pt.
const (
	bodySize     = 11.0
	leading      = 17.5
	charsPerLine = 41
	topEdge      = 25 * mm

	titleSize, titleLeading = 14.0, 22.0

	boxTop, boxMinWidth   = 15 * mm, 50 * mm
	boxSize, boxLeading   = 10.5, 15.5
	boxPadding            = 2.2 * mm
	boxRule, frameRule    = 0.5, 0.5
	framePadding          = 2.5 * mm
	tableSize, tableLead  = 10.0, 13.5
	tableMinSize          = 9.0
	rowMin                = 7 * mm
	padX, padY            = 1.5 * mm, 1.0 * mm
	outerRule, innerRule  = 0.75, 0.5
	headGrey, zebraGrey   = 230, 246
	noteSize, noteLeading = 9.0, 13.0
	underTable            = 2.0 // above a legend or a note
	afterTable            = 0.6 * leading
	footerSize            = 10.0
)

// sheet is a page's size and where its text stands.
type sheet struct {
	width, height        float64
	left, content, depth float64 // the text's left edge, width and height below topEdge
}

// sheets by the names that documents use: A4 portrait unless told, landscape for wide tables, A3 to be folded.
var sheets = map[string]sheet{
	"":          page(210*mm, 297*mm, charsPerLine, 40),
	"landscape": page(297*mm, 210*mm, 63, 26),
	"A3":        page(420*mm, 297*mm, 95, 40),
}

func page(width, height float64, chars, lines int) sheet {
	content := float64(chars) * bodySize
	return sheet{
		width: width, height: height, left: (width - content) / 2, content: content, depth: float64(lines) * leading,
	}
}

func (s sheet) bottom() float64 { return topEdge + s.depth }

func (s sheet) footer() float64 { return s.height - 14*mm }
