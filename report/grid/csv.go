package grid

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// separators are tried in this order.
const separators = ",;\t"

func openCSV(data []byte, want Want) (*Table, error) {
	text, err := decode(data)
	if err != nil {
		return nil, err
	}
	body, given, err := separatorLine(text)
	if err != nil {
		return nil, err
	}
	open := func(separator rune) *csvSource {
		r := csv.NewReader(strings.NewReader(body))
		r.Comma, r.FieldsPerRecord, r.ReuseRecord = separator, -1, true
		if want.Comments {
			r.Comment = '#'
		}
		return &csvSource{csv: r, text: body, skipped: strings.Count(text[:len(text)-len(body)], "\n")}
	}
	best, bestSeparator := attempt{score: -1}, ','
	tries := separators
	if given != 0 {
		tries = string(given)
	}
	for _, separator := range tries {
		a, err := want.look(open(separator))
		if err == nil && (a.found && !best.found || a.found == best.found && a.score > best.score) {
			best, bestSeparator = a, separator
		}
	}
	t, err := want.tableOf(open(bestSeparator), best)
	if err != nil {
		return nil, err
	}
	if best.score < 0 { // not even the first row can be read: say why
		if _, err := t.src.read(); err != nil && err != io.EOF {
			return nil, err
		}
	}
	t.Text = text
	return t, nil
}

// separatorLine takes away the first line sep=; by which some spreadsheets
// name the separator.
func separatorLine(text string) (body string, separator rune, err error) {
	line, body, _ := strings.Cut(text, "\n")
	line = strings.Trim(strings.TrimSuffix(line, "\r"), `"`)
	const mark = "sep="
	if len(line) <= len(mark) || !strings.EqualFold(line[:len(mark)], mark) {
		return text, 0, nil
	}
	separator, size := utf8.DecodeRuneInString(line[len(mark):])
	if rest := line[len(mark)+size:]; strings.Trim(rest, `",; `+"\t") != "" || strings.ContainsRune("\"\r#\uFFFD", separator) {
		return "", 0, &Error{Place{Line: 1, Column: len(mark) + 1}, fmt.Sprintf("%q separates no columns", line[len(mark):]), "write sep=; or leave the line out"}
	}
	return body, separator, nil
}

// csvSource reads CSV.
type csvSource struct {
	csv     *csv.Reader
	text    string
	skipped int      // lines before text
	lines   []string // of text, once a place is asked for
	cells   int      // of the row read last
}

func (s *csvSource) read() ([]string, error) {
	cells, err := s.csv.Read()
	s.cells = len(cells)
	if wrong := (*csv.ParseError)(nil); errors.As(err, &wrong) {
		text, place := "a quoted cell does not end where it should", s.at(wrong.Line, wrong.Column)
		switch {
		case wrong.Err == csv.ErrBareQuote:
			text = "a quotation mark inside a cell without quotes"
		case wrong.StartLine < wrong.Line: // it took in what follows
			place = s.at(wrong.StartLine, 1)
		}
		return nil, &Error{place, text, `write a cell with " or a separator in it as "..." with every " doubled`}
	}
	return cells, err
}

func (s *csvSource) place(column int) Place {
	if column < s.cells {
		return s.at(s.csv.FieldPos(column))
	}
	line, _ := s.csv.FieldPos(0)
	return Place{Line: line + s.skipped, Column: 1}
}

// at is a place by line and byte.
func (s *csvSource) at(line, column int) Place {
	if s.lines == nil {
		s.lines = strings.Split(s.text, "\n")
	}
	if text := s.lines[min(line, len(s.lines))-1]; column <= len(text) {
		column = 1 + utf8.RuneCountInString(text[:column-1])
	}
	return Place{Line: line + s.skipped, Column: column}
}

func (s *csvSource) mark(int) Mark { return 0 }
