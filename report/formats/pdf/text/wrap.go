package text

import (
	"strings"

	"github.com/rivo/uniseg"
)

// Wrap breaks a string into lines no wider than width, where UAX #14 allows
// it; a word that is wider by itself is broken between its characters. There
// is always at least one line, and nothing but spaces at breaks is lost.
func (f *Faces) Wrap(s string, weight int, size, width float64) []Line {
	s = join(Display(s))
	if f.measure(s, weight, size) <= width {
		return []Line{f.shape(s, weight, size)}
	}
	w := wrapper{faces: f, weight: weight, size: size, limit: width}
	w.run(s)
	return w.lines
}

type wrapper struct {
	faces       *Faces
	weight      int
	size, limit float64
	lines       []Line
	line        string // what the line holds so far
	width       float64
}

func (w *wrapper) measure(s string) float64 { return w.faces.measure(s, w.weight, w.size) }

func (w *wrapper) run(s string) {
	state := -1
	for s != "" {
		var piece string
		piece, s, _, state = uniseg.FirstLineSegmentInString(s, state)
		w.add(piece)
	}
	w.flush()
}

// add appends one unbreakable piece, on a new line if the current one is full.
func (w *wrapper) add(piece string) {
	bare := w.measure(strings.TrimRight(piece, " "))
	if w.width+bare > w.limit && w.line != "" {
		w.flush()
	}
	if bare > w.limit {
		w.split(piece)
		return
	}
	w.line += piece
	w.width += w.measure(piece)
}

// split breaks a piece that no line can hold between its characters.
func (w *wrapper) split(piece string) {
	state := -1
	for piece != "" {
		var cluster string
		cluster, piece, _, state = uniseg.FirstGraphemeClusterInString(piece, state)
		wide := w.measure(cluster)
		if w.width+wide > w.limit && w.line != "" {
			w.flush()
		}
		w.line += cluster
		w.width += wide
	}
}

func (w *wrapper) flush() {
	line := strings.TrimRight(w.line, " ")
	if line != "" || len(w.lines) == 0 {
		w.lines = append(w.lines, w.faces.shape(line, w.weight, w.size))
	}
	w.line, w.width = "", 0
}

// Clip cuts a string that goes on elsewhere to one line of a width, with "…"
// as its last character if something is cut.
func (f *Faces) Clip(s string, weight int, size, width float64) Line {
	s = join(Display(s))
	if f.measure(s, weight, size) <= width {
		return f.shape(s, weight, size)
	}
	width -= f.measure("…", weight, size)
	rest, end, state := s, 0, -1
	for rest != "" {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if width -= f.measure(cluster, weight, size); width < 0 {
			break
		}
		end += len(cluster)
	}
	return f.shape(strings.TrimRight(s[:end], " ")+"…", weight, size)
}
