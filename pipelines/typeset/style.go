package typeset

const mm = 72 / 25.4

// The style sheet, in points: A4 portrait, 41 characters of 11 pt on 40 lines of 17.5 pt.
const (
	pageWidth, pageHeight = 210 * mm, 297 * mm
	bodySize              = 11.0
	leading               = 17.5
	charsPerLine          = 41
	contentWidth          = charsPerLine * bodySize
	leftEdge              = (pageWidth - contentWidth) / 2
	topEdge               = 25 * mm
	contentHeight         = 40 * leading
	bottomEdge            = topEdge + contentHeight
	footerLine            = pageHeight - 14*mm

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
	headGrey              = 230
	noteSize, noteLeading = 9.0, 13.0
	afterTable            = 0.6 * leading
	footerSize            = 10.0
)
