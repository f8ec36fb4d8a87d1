package report

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/rules/strict"
)

// Bounds of a contacts file: far above any real one.
const (
	MaxContactsBytes = 8 << 20
	maxContactRows   = 100_000
	maxContactField  = 320 // the longest e-mail address there can be
)

// LoadContacts reads a contacts file: CSV in UTF-8 with the columns customer,
// manager, email and, optionally, cc. Lines that start with # are comments.
// All its mistakes come at once, as strict.Errors.
func LoadContacts(file string, data []byte) (*Contacts, error) {
	c := NewContacts(fetch.HashOf(data), nil)
	p := contactsParser{file: file, into: c, seen: map[string]Contact{}}
	p.parse(bytes.TrimPrefix(data, []byte("\uFEFF")))
	if err := p.errs.Sorted().WithSource(file, data).Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// contactsParser reads one file and collects its mistakes.
type contactsParser struct {
	file    string
	into    *Contacts
	errs    strict.Errors
	csv     *csv.Reader
	columns map[string]int     // where customer, manager, email and cc stand
	seen    map[string]Contact // by manager's name in lower case
}

var contactColumns = []string{"customer", "manager", "email", "cc"}

func (p *contactsParser) fail(line, column int, hint, format string, args ...any) {
	p.errs = append(p.errs, strict.Error{Pos: strict.Position{File: p.file, Line: line, Column: column},
		Text: fmt.Sprintf(format, args...), HintText: hint})
}

func (p *contactsParser) parse(data []byte) {
	if len(data) > MaxContactsBytes {
		p.fail(0, 0, "", "larger than %d MiB", MaxContactsBytes>>20)
		return
	}
	if at := invalidUTF8(data); at >= 0 {
		p.fail(1+bytes.Count(data[:at], []byte("\n")), 1, "save it as CSV UTF-8", "not valid UTF-8")
		return
	}
	p.csv = csv.NewReader(bytes.NewReader(data))
	p.csv.Comment, p.csv.FieldsPerRecord = '#', -1
	if !p.header() {
		return
	}
	for p.row() {
		if len(p.into.rows) > maxContactRows {
			p.fail(0, 0, "", "more than %d contacts", maxContactRows)
			return
		}
	}
}

func invalidUTF8(data []byte) int {
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}

// read gives the next record, nil at the end of the file or of what can be
// understood of it.
func (p *contactsParser) read() []string {
	record, err := p.csv.Read()
	var parse *csv.ParseError
	switch {
	case errors.As(err, &parse):
		p.fail(parse.Line, parse.Column, `write a cell with " or , in it as "..." with every " doubled`, "%v", parse.Err)
		return nil
	case err != nil:
		if err != io.EOF {
			p.fail(0, 0, "", "%v", err)
		}
		return nil
	}
	return record
}

// header finds the columns; false if the rest of the file makes no sense.
func (p *contactsParser) header() bool {
	record := p.read()
	if record == nil {
		if len(p.errs) == 0 {
			p.fail(1, 1, "the first line is customer,manager,email,cc", "no header")
		}
		return false
	}
	p.columns = map[string]int{}
	for i, heading := range record {
		heading = strings.ToLower(strings.TrimSpace(heading))
		line, column := p.csv.FieldPos(i)
		switch _, twice := p.columns[heading]; {
		case strings.Contains(heading, ";"):
			p.fail(line, column, "save it with commas between the columns", "columns are separated by semicolons")
		case !slices.Contains(contactColumns, heading):
			p.fail(line, column, strict.DidYouMean(heading, contactColumns), "unknown column %q", plain.TextMax(heading, 60))
		case twice:
			p.fail(line, column, "", "column %q twice", heading)
		}
		p.columns[heading] = i
	}
	for _, need := range contactColumns[:3] {
		if _, ok := p.columns[need]; !ok && len(p.errs) == 0 {
			p.fail(1, 1, "the first line is customer,manager,email,cc", "no column %q", need)
		}
	}
	return len(p.errs) == 0
}

// row reads one contact; false at the end.
func (p *contactsParser) row() bool {
	record := p.read()
	if record == nil {
		return false
	}
	line, _ := p.csv.FieldPos(0)
	if len(record) > len(p.columns) {
		_, column := p.csv.FieldPos(len(p.columns))
		p.fail(line, column, "", "%d cells in a row of %d columns", len(record), len(p.columns))
		return true
	}
	contact := Contact{Customer: p.cell(record, "customer", true), Manager: norm.NFC.String(p.cell(record, "manager", true))}
	if email := p.cell(record, "email", false); email != "" {
		contact.Email = p.address(record, "email", email)
	}
	for _, cc := range strings.FieldsFunc(p.cell(record, "cc", false), func(r rune) bool { return r == ';' || r == ',' }) {
		contact.Cc = append(contact.Cc, p.address(record, "cc", strings.TrimSpace(cc)))
	}
	p.sameManager(record, contact)
	p.into.add(contact)
	return true
}

func (p *contactsParser) position(record []string, column string) (line, col int) {
	if at, ok := p.columns[column]; ok && at < len(record) {
		return p.csv.FieldPos(at)
	}
	line, _ = p.csv.FieldPos(0)
	return line, 1
}

func (p *contactsParser) cell(record []string, column string, required bool) string {
	at, ok := p.columns[column]
	if !ok || at >= len(record) {
		if required {
			line, col := p.position(record, column)
			p.fail(line, col, "", "no %s", column)
		}
		return ""
	}
	text := strings.TrimSpace(record[at]) // a customer's name as it was sent, in whatever normal form
	line, col := p.csv.FieldPos(at)
	switch {
	case text == "" && required:
		p.fail(line, col, "", "no %s", column)
	case len(text) > maxContactField:
		p.fail(line, col, "", "%s is longer than %d bytes", column, maxContactField)
	case plain.Text(text) != norm.NFC.String(text):
		p.fail(line, col, "", "%s has a character that cannot be printed, or a line break", column)
	}
	return text
}

// address reads a bare address; a mistake is counted and gives "".
func (p *contactsParser) address(record []string, column, text string) string {
	a, err := mail.ParseAddress(text)
	if err == nil && a.Name == "" && a.Address == text {
		return text
	}
	line, col := p.position(record, column)
	p.fail(line, col, "write it as name@example.com; several in cc with ; between them", "%s %q is not an e-mail address", column, plain.TextMax(text, 80))
	return ""
}

// sameManager refuses two spellings or two addresses of one manager: each
// would get a pack, or only one of them the mail.
func (p *contactsParser) sameManager(record []string, c Contact) {
	key := strings.ToLower(c.Manager)
	before, ok := p.seen[key]
	if !ok && key == Unassigned {
		before, ok = Contact{Manager: Unassigned, Email: c.Email, Cc: c.Cc}, true
	}
	if !ok {
		p.seen[key] = c
		return
	}
	line, column := p.position(record, "manager")
	switch {
	case before.Manager != c.Manager:
		p.fail(line, column, "write the name the same way on every line", "manager %q is %q elsewhere", c.Manager, before.Manager)
	case before.Email != c.Email || !slices.Equal(before.Cc, c.Cc):
		p.fail(line, column, "give the same email and cc on every line of a manager", "manager %q has another email or cc above", c.Manager)
	}
	p.seen[key] = before
}
