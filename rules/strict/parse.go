package strict

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"trueup/fetch/plain"
)

// parse is the root of the file's one document, an empty mapping if there is
// none; nil if the file is broken.
func (d *decoder) parse() *yaml.Node {
	if len(d.data) > MaxBytes {
		d.failAt(0, 0, "", "the file is larger than %s", plain.Bytes(MaxBytes))
		return nil
	}
	if at := invalidUTF8(d.data); at >= 0 {
		line, column := lineColumn(d.data, at)
		d.failAt(line, column, "save the file as UTF-8", "not UTF-8 text")
		return nil
	}
	docs, err := yaml.NewLoader(bytes.NewReader(d.data))
	if err != nil {
		d.failAt(0, 0, "", "%v", err)
		return nil
	}
	root, err := next(docs)
	if err == io.EOF {
		root = &yaml.Node{Kind: yaml.MappingNode, Line: 1, Column: 1}
	} else if err != nil {
		d.syntax(err)
		return nil
	}
	if second, err := next(docs); err == nil {
		d.fail(second, "write one file for each", "a second document in the file")
	} else if err != io.EOF {
		d.syntax(err)
	}
	return root
}

// next reads one document. If the parser panics, that is an error in the file.
func next(docs *yaml.Loader) (root *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	var doc yaml.Node
	if err := docs.Load(&doc); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 {
		return nil, errors.New("no content")
	}
	return doc.Content[0], nil
}

func (d *decoder) failAt(line, column int, hint, format string, args ...any) {
	d.fail(&yaml.Node{Line: line, Column: column}, hint, format, args...)
}

// syntax reports an error of the YAML parser.
func (d *decoder) syntax(err error) {
	load := (*yaml.LoadError)(nil)
	if !errors.As(err, &load) {
		d.failAt(0, 0, "", "not valid YAML: %v", err)
		return
	}
	at, hint := syntaxPlace(load)
	d.failAt(at.Line, at.Column, hint, "not valid YAML: %s", load.Message)
}

// syntaxPlace is where to look for a mistake and what to do there. The parser
// gives two places: where it gave up, and where it began what it was reading.
// A quote that nobody closed makes it give up at the end of the file.
func syntaxPlace(e *yaml.LoadError) (at yaml.Mark, hint string) {
	begin, says := e.ContextMark, func(text string) bool { return strings.Contains(e.Message, text) }
	switch {
	case strings.Contains(e.ContextMsg, "quoted scalar") && says("found unexpected"):
		return begin, "close this quote"
	case says("could not find expected ':'"):
		return begin, "write key: value, or indent the line like the text that it continues"
	case says("mapping values are not allowed"):
		return e.Mark, "put a text that holds a colon in quotes; indent a key like the keys beside it"
	case says("cannot start any token"):
		return e.Mark, "put the text in quotes; indent with spaces, not tabs"
	case says("did not find expected '-'"), says("did not find expected key"):
		return e.Mark, "indent the line like the lines beside it; close a quote before what follows it"
	case says("did not find expected ','"):
		return e.Mark, fmt.Sprintf("write a comma here, or close the bracket of line %d, column %d", begin.Line, begin.Column)
	}
	return e.Mark, ""
}

// invalidUTF8 is the offset of the first byte that is not UTF-8; -1 if all is.
func invalidUTF8(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	at := 0
	for {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
}

// lineColumn is the place of a byte offset, counted in characters from 1.
func lineColumn(data []byte, at int) (line, column int) {
	before := data[:at]
	start := bytes.LastIndexByte(before, '\n') + 1
	return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[start:])
}
