// Package canvas draws a laid-out document as a PDF file. It is the only
// place that knows the PDF library: pages are plain lists of what is drawn
// where, so that another library can take its place.
package canvas

import (
	"time"

	"trueup/report/formats/pdf/text"
)

// Document is a whole PDF file. Lengths are points, 1/72 inch; y goes down.
type Document struct {
	Title, Subject, Author, Creator string
	Date                            time.Time // creation and modification, written as UTC
	Width, Height                   float64   // of every page
	Fonts                           []Font    // Text.Font is an index into them
	Images                          []Picture // Image.Picture is an index into them
	Pages                           []*Page
	Outline                         []Bookmark // levels start at 0 and rise by one; one without a page is left out
}

// Font is one TrueType font.
type Font struct {
	Face *text.Face
	Data []byte // its file
}

// Picture is an image in 8-bit PNG.
type Picture struct {
	PNG []byte
}

// Page is what is drawn on one page, in order.
type Page struct {
	Ops []Op
}

// Add draws something on top of what the page has.
func (p *Page) Add(ops ...Op) { p.Ops = append(p.Ops, ops...) }

// Op is one of Text, Rect, Path, Image and Link.
type Op interface{ isOp() }

// Color is a colour of the screen.
type Color struct{ R, G, B uint8 }

// Text is a run of one font, drawn from left to right as it stands. Y is its
// baseline. It may hold no character beyond U+FFFF.
type Text struct {
	X, Y, Size float64
	Font       int
	Color      Color
	Text       string
}

// Rect is a filled rectangle, Y its upper edge.
type Rect struct {
	X, Y, W, H float64
	Fill       Color
}

// Path is a line through points.
type Path struct {
	Points []Point
	Width  float64
	Color  Color
	Dash   []float64 // lengths of strokes and gaps; nil for an unbroken line
}

// Point is a place on a page.
type Point struct{ X, Y float64 }

// Image draws a picture.
type Image struct {
	X, Y, W, H float64
	Picture    int
}

// Link makes an area lead to a place in the document, or to a URL. Without a page
// the place makes no link.
type Link struct {
	X, Y, W, H float64
	To         *Anchor
	URL        string
}

// Anchor is a place in the document; it has no page until it is laid out.
type Anchor struct {
	Page *Page
	Top  float64
}

// Bookmark is one entry of the outline.
type Bookmark struct {
	Title string // in reading order, as it is written
	Level int
	To    *Anchor
}

func (Text) isOp()  {}
func (Rect) isOp()  {}
func (Path) isOp()  {}
func (Image) isOp() {}
func (Link) isOp()  {}
