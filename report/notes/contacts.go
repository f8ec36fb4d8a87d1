package notes

import (
	"cmp"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/grid"
	"trueup/rules/strict"
)

// Bounds of a contacts file: far above any real one.
const (
	MaxContactsBytes   = 8 << 20
	maxContactRows     = 100_000
	maxContactField    = 320       // bytes: the longest e-mail address there can be
	maxContactUnpacked = 128 << 20 // bytes of a workbook
	maxContactMistakes = 100       // that are told one by one
)

// contactsTable is the table of contacts: cc may be left out.
var contactsTable = grid.Want{Headings: []string{"customer", "manager", "email"}, Optional: []string{"cc"},
	Comments: true, MaxRows: maxContactRows, MaxBytes: maxContactUnpacked}

// LoadContacts reads a contacts file as a spreadsheet saves it: CSV in any of
// its forms, or a workbook. Rows that start with # are comments. All its
// mistakes come at once, as strict.Errors.
func LoadContacts(file string, data []byte) (*report.Contacts, error) {
	p := contactsParser{file: file, seen: map[string]report.Contact{}}
	p.parse(data)
	if len(p.mistakes) > 0 {
		return nil, p.errors()
	}
	c := report.NewContacts(fetch.HashOf(data), p.rows)
	c.Places = p.places
	return c, nil
}

// contactsParser reads one file and collects its mistakes.
type contactsParser struct {
	file     string
	source   string // decoded, of CSV
	rows     []report.Contact
	places   []string
	seen     map[string]report.Contact // by manager's name, folded
	mistakes []grid.Error
}

func (p *contactsParser) fail(at grid.Place, hint, format string, args ...any) {
	p.mistakes = append(p.mistakes, grid.Error{Place: at, Text: fmt.Sprintf(format, args...), HintText: hint})
}

// errors are the mistakes as they are told, in the order of their places.
func (p *contactsParser) errors() strict.Errors {
	slices.SortStableFunc(p.mistakes, func(a, b grid.Error) int {
		return cmp.Or(cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.Place.Column, b.Place.Column))
	})
	var errs strict.Errors
	for _, m := range p.mistakes[:min(len(p.mistakes), maxContactMistakes)] {
		pos := strict.Position{File: p.file, Line: m.Place.Line, Column: m.Place.Column}
		if m.Place.Sheet != "" {
			pos = strict.Position{File: m.Place.In(p.file)}
		}
		errs = append(errs, strict.Error{Pos: pos, Text: m.Text, HintText: m.HintText})
	}
	errs = errs.WithSource(p.file, []byte(p.source))
	if more := len(p.mistakes) - len(errs); more > 0 {
		errs = append(errs, strict.Error{Pos: strict.Position{File: p.file}, Text: plain.Counted(more, "more mistake")})
	}
	return errs
}

func (p *contactsParser) parse(data []byte) {
	t, err := grid.Open(data, contactsTable)
	if err != nil {
		p.unreadable(err)
		return
	}
	defer t.Close()
	p.source = t.Text
	if p.headings(t); len(p.mistakes) > 0 {
		return
	}
	for row, err := range t.Rows() {
		if err != nil {
			p.unreadable(err)
			return
		}
		p.row(row)
	}
}

func (p *contactsParser) unreadable(err error) {
	e := grid.Error{Text: err.Error()}
	if known := (*grid.Error)(nil); errors.As(err, &known) {
		e = *known
	}
	p.mistakes = append(p.mistakes, e)
}

// headings looks for headings that are not known, or not there.
func (p *contactsParser) headings(t *grid.Table) {
	const firstRow = "the first row is customer,manager,email,cc"
	known := slices.Concat(contactsTable.Headings, contactsTable.Optional)
	seen := map[string]bool{}
	for _, cell := range t.Head {
		name := plain.Fold(cell.Text)
		switch {
		case name == "": // a column between others, as some keep for the eye
		case !slices.Contains(known, name):
			p.fail(cell.Place, cmp.Or(plain.DidYouMean(name, known), firstRow), "unknown column %q", plain.TextMax(cell.Text, 60))
		case seen[name]:
			p.fail(cell.Place, "keep one of them", "column %q twice", name)
		}
		seen[name] = true
	}
	switch {
	case len(p.mistakes) > 0:
	case len(t.Head) == 0:
		p.fail(grid.Place{Line: 1, Column: 1}, firstRow, "no header")
	default:
		for _, need := range contactsTable.Headings {
			if !seen[need] {
				p.fail(t.Head[0].Place, firstRow, "no column %q", need)
			}
		}
	}
}

// row reads one contact.
func (p *contactsParser) row(row grid.Row) {
	if stray, ok := row.Stray(); ok {
		p.fail(stray.Place, "clear the cell, or put a cell with a separator in it in quotes", "%q stands under no heading", plain.TextMax(stray.Text, 60))
	}
	var c report.Contact
	customer, manager := row.Cell("customer"), row.Cell("manager")
	c.Customer = p.text("customer", customer, true)
	c.Manager = norm.NFC.String(p.text("manager", manager, true))
	email := row.Cell("email")
	c.Email = p.address("email", email, p.text("email", email, false))
	cc := row.Cell("cc")
	for _, one := range strings.FieldsFunc(p.text("cc", cc, false), func(r rune) bool { return r == ';' || r == ',' }) {
		if one = strings.TrimSpace(one); one != "" {
			c.Cc = append(c.Cc, p.address("cc", cc, one))
		}
	}
	p.sameManager(c, manager.Place)
	p.rows, p.places = append(p.rows, c), append(p.places, customer.Place.In(p.file))
}

// text is what a cell says: of a customer the name in whatever normal form.
func (p *contactsParser) text(column string, cell grid.Cell, required bool) string {
	const asText = "format the cell as text, then write it again"
	missing := map[string]string{"customer": "write its GUID, its short name, or a pattern as acme-*", "manager": "write who manages the customer"}
	switch text := cell.Text; {
	case cell.Mark == grid.Formula:
		p.fail(cell.Place, "copy the cell and paste it as a value", "%s is a formula", column)
	case text == "" && required:
		p.fail(cell.Place, missing[column], "no %s", column)
	case cell.Mark != 0:
		p.fail(cell.Place, asText, "%s is %v, not a text", column, cell.Mark)
	case len(text) > maxContactField:
		p.fail(cell.Place, "write it shorter", "%s is longer than %d bytes", column, maxContactField)
	case strings.ContainsRune(text, '\uFFFD'):
		p.fail(cell.Place, "write it again, and save the file as CSV UTF-8 or as .xlsx", "%s has a character that got lost", column)
	case plain.Text(text) != norm.NFC.String(text):
		p.fail(cell.Place, "write it again, on one line", "%s has a character that cannot be printed, or a line break", column)
	default:
		return text
	}
	return ""
}

// address reads a bare address, if there is one.
func (p *contactsParser) address(column string, cell grid.Cell, text string) string {
	a, err := mail.ParseAddress(text)
	if text == "" || err == nil && a.Name == "" && a.Address == text {
		return text
	}
	p.fail(cell.Place, "write it as name@example.com; several in cc with ; between them", "%s %q is not an e-mail address", column, plain.TextMax(text, 80))
	return ""
}

// sameManager refuses two spellings or two addresses of one manager: each
// would get a pack, or only one of them the mail.
func (p *contactsParser) sameManager(c report.Contact, at grid.Place) {
	name := plain.Fold(c.Manager)
	before, ok := p.seen[name]
	if !ok && name == report.Unassigned {
		before, ok = report.Contact{Manager: report.Unassigned, Email: c.Email, Cc: c.Cc}, true
	}
	switch {
	case name == "":
		return
	case !ok:
		before = c
	case before.Manager != c.Manager:
		p.fail(at, "write the name the same way on every line", "manager %q is %q elsewhere", c.Manager, before.Manager)
	case before.Email != c.Email || !slices.Equal(before.Cc, c.Cc):
		p.fail(at, "give the same email and cc on every line of a manager", "manager %q has another email or cc above", c.Manager)
	}
	p.seen[name] = before
}
