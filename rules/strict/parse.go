package strict

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"trueup/fetch/plain"
)

// parse is the root of the file's one document; nil if it is empty or broken.
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
	docs := yaml.NewDecoder(bytes.NewReader(d.data))
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

// next reads one document. A panic of the parser is an error of the file.
func next(docs *yaml.Decoder) (root *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("yaml: %v", r)
		}
	}()
	var doc yaml.Node
	if err := docs.Decode(&doc); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 {
		return nil, errors.New("yaml: no content")
	}
	return doc.Content[0], nil
}

func (d *decoder) failAt(line, column int, hint, format string, args ...any) {
	d.fail(&yaml.Node{Line: line, Column: column}, hint, format, args...)
}

var syntaxError = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)

// syntax reports what the YAML parser says, which names only a line.
func (d *decoder) syntax(err error) {
	text, line := err.Error(), 1
	if m := syntaxError.FindStringSubmatch(text); m != nil {
		text = m[2]
		if n, err := strconv.Atoi(m[1]); err == nil {
			line = n
		}
	}
	column := 1
	if lines := bytes.Split(d.data, []byte("\n")); line <= len(lines) {
		column += len(lines[line-1]) - len(bytes.TrimLeft(lines[line-1], " \t"))
	}
	d.failAt(line, column, syntaxHint(text), "not valid YAML: %s", text)
}

func syntaxHint(text string) string {
	switch {
	case strings.Contains(text, "mapping values are not allowed"):
		return "put a text that holds a colon in quotes"
	case strings.Contains(text, "cannot start any token"):
		return "put the text in quotes; indent with spaces, not tabs"
	}
	return ""
}

func invalidUTF8(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	at := 0
	for at < len(data) {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}

// lineColumn is the place of a byte offset, counted in characters from 1.
func lineColumn(data []byte, at int) (line, column int) {
	before := data[:at]
	start := bytes.LastIndexByte(before, '\n') + 1
	return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[start:])
}
