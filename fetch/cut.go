package fetch

import (
	"bytes"
	"io"
	"runtime"

	"github.com/go-json-experiment/json/jsontext"
)

// partSize is how many bytes of a list are decoded at a time, on one core.
const partSize = 256 << 10

// cutter cuts the text of a list at commas between its entries, so that its
// parts can be decoded side by side. It looks at brackets and quotes alone: up
// to the first mistake in the text it cuts right, and the decoder of that part
// says what the mistake is.
type cutter struct {
	r       io.Reader
	err     error       // of r, io.EOF too
	spare   chan []byte // that parts do not need any more
	text    []byte      // not cut off yet; from the second part on it begins with filler
	seen    int         // how much of text was looked at
	comma   int         // where in text the last entry begins, or the comma before it
	depth   int         // open brackets
	quoted  bool        // within a text
	escaped bool        // behind its backslash
	base    int64       // offset of text in the content
	entries int         // begun
	before  int         // entries that are not in text
}

func newCutter(r io.Reader, begun []byte, at int64) *cutter {
	text := append(make([]byte, 0, max(partSize+partSize/4, 2*len(begun))), begun...)
	return &cutter{r: r, text: text, base: at, spare: make(chan []byte, 2*runtime.GOMAXPROCS(0))}
}

// reuse takes back the memory of a part that is decoded.
func (c *cutter) reuse(p *part) {
	select {
	case c.spare <- p.text[:0]:
	default:
	}
	p.text = nil
}

// filler stands in a part for the entries before it, so that the comma that
// comes next is read as what it is.
const filler = "[0"

// part is a part of a list, as a list of its own.
type part struct {
	text    []byte
	err     error // of reading what is missing; nil if the part is whole
	base    int64 // offset of text in the content
	before  int   // how many entries the list has before these
	entries int
}

// json is a decoder of the part, within its list.
func (p *part) json() *jsontext.Decoder {
	var r io.Reader = bytes.NewBuffer(p.text)
	if p.err != nil {
		r = io.MultiReader(bytes.NewReader(p.text), failing{p.err})
	}
	d := jsontext.NewDecoder(r, anyText)
	d.ReadToken()
	if p.before > 0 {
		d.ReadToken()
	}
	return d
}

// failing is a reader that gives nothing but its error.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// next cuts off a part; last if the list or its reader ends with it. The text
// that is left is then what follows the list.
func (c *cutter) next() (p part, last bool) {
	for {
		end, closed := c.look()
		switch {
		case end > 0:
			return c.cut(end, closed), closed
		case len(c.text)-c.comma > maxEntry:
			c.err = errEntryTooLarge
		}
		if c.err != nil {
			p = c.cut(len(c.text), true)
			p.err = c.err
			return p, true
		}
		c.read()
	}
}

func (c *cutter) read() {
	if len(c.text) == cap(c.text) {
		c.text = append(make([]byte, 0, 2*cap(c.text)), c.text...)
	}
	n, err := c.r.Read(c.text[len(c.text):cap(c.text)])
	c.text, c.err = c.text[:len(c.text)+n], err
}

// look goes on to where text may be cut, 0 if that is not there yet: at a comma
// between entries, if text is long enough, or behind the closed list.
func (c *cutter) look() (end int, closed bool) {
	text, at := c.text, c.seen
	defer func() { c.seen = at }()
	for ; at < len(text); at++ {
		if c.quoted {
			if at = c.unquoted(at); at == len(text) {
				return 0, false
			}
			continue
		}
		switch text[at] {
		case '"':
			c.quoted = true
		case '{', '[':
			c.depth++
		case '}', ']':
			if c.depth--; c.depth <= 0 {
				at++
				return at, true
			}
		case ',':
			if c.depth > 1 {
				continue
			}
			c.comma = at
			if at > partSize {
				return at, false
			}
			c.entries++
		}
	}
	return 0, false
}

// unquoted is where the text between quotes ends, that goes on at some byte.
func (c *cutter) unquoted(at int) int {
	for end := -1; at < len(c.text); at++ {
		if c.escaped {
			c.escaped = false
			continue
		}
		if end < at { // of a text that is full of escapes the rest is not searched for each of them
			end = at + bytes.IndexByte(c.text[at:], '"')
		}
		if end < at {
			end = len(c.text)
		}
		escape := bytes.IndexByte(c.text[at:end], '\\')
		if escape < 0 {
			c.quoted = end == len(c.text)
			return end
		}
		at, c.escaped = at+escape, true
	}
	return at
}

// cut takes a part off the text. What is left of a list that goes on is a list
// too.
func (c *cutter) cut(end int, closed bool) part {
	p := part{text: c.text[:end], base: c.base, before: c.before, entries: c.entries + 1 - c.before}
	rest := c.text[end:]
	if closed {
		c.text, c.base = rest, c.base+int64(end)
		return p
	}
	select {
	case c.text = <-c.spare:
	default:
		c.text = make([]byte, 0, partSize+partSize/4)
	}
	c.text = append(append(c.text[:0], filler...), rest...)
	p.text = append(p.text, ']') // in place of the comma, which rest has
	c.entries++
	c.before, c.comma, c.seen = c.entries, len(filler), len(filler)+1
	c.base += int64(end - len(filler))
	return p
}
