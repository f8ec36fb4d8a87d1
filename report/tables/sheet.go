package tables

import (
	"slices"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
	"trueup/rules"
)

// Sheet is one flat table of the report: a sheet of the workbook, a CSV file
// or a table of the PDF. A new column is one entry in its list.
type Sheet struct {
	Name    string // of the workbook's sheet
	Table   string // of the Excel table; unique, never like a cell's name
	About   string // what one row is
	Rows    func(r *report.Report) int
	Always  bool // there even without rows
	Frozen  int  // columns that stay in view, up to the one that names the row
	Columns []Column
	Noun    string // what one row is called, for "12 more …"
}

// Column is one column of a Sheet.
type Column struct {
	Heading string
	Width   float64 // least width in characters; content may widen it
	Most    float64 // width beyond which texts are wrapped; 0 for the kind's own
	Kind    cell.Kind
	About   string // definition, printed in the workbook's About sheet
	Value   func(r *report.Report, row int) cell.Value
	Link    func(r *report.Report, row int) Target // nil if the column links nowhere
	Money   bool                                   // only there if the report has prices
	History bool                                   // only there if the report has an earlier one to compare with
	Paper   float64                                // its part of the width of a printed table; 0 keeps it out of print
	Print   func(r *report.Report, row int) Cell   // in print, where that is more than Value and Link
	Brief   bool                                   // also in the short formats
	Least   func(r *report.Report, row int) bool   // whether a sum leaves something out; nil for columns without sums
}

// Cell is the column's cell of a row.
func (c *Column) Cell(r *report.Report, row int) Cell {
	out := Is(c.Value(r, row))
	out.AtLeast = c.Least != nil && c.Least(r, row)
	if c.Link != nil {
		out.To = c.Link(r, row)
	}
	return out
}

// Target is a row of another sheet; the zero Target is no link.
type Target struct {
	Sheet string // a Sheet's Name
	Row   int    // from 0, as for Column.Value
	OK    bool
}

// Shown are the sheet's columns that this report has something to put into.
func (s *Sheet) Shown(r *report.Report) []Column {
	var cols []Column
	for _, c := range s.Columns {
		if c.Money && r.Currency == "" || c.History && r.Changes == nil {
			continue
		}
		cols = append(cols, c)
	}
	return cols
}

// Filled are those of Shown that are not empty in every row, and those that
// people fill in. The workbook and the short formats are for people and leave
// the others out; programs get them all.
func (s *Sheet) Filled(r *report.Report) []Column {
	rows := s.Rows(r)
	return slices.DeleteFunc(s.Shown(r), func(c Column) bool {
		return rows > 0 && !c.Kind.ForPeople() && c.empty(r, rows)
	})
}

func (c *Column) empty(r *report.Report, rows int) bool {
	for row := range rows {
		if !c.Value(r, row).IsEmpty() {
			return false
		}
	}
	return true
}

// Brief are the first rows of a sheet as the short formats have them; the note
// counts the others.
func (s *Sheet) Brief(r *report.Report, most int) Table {
	t := Table{Title: s.Name, Noun: s.Noun}
	columns := slices.DeleteFunc(s.Filled(r), func(c Column) bool { return !c.Brief })
	for _, c := range columns {
		t.Heads = append(t.Heads, Head{Text: c.Heading, Kind: c.Kind})
	}
	total := s.Rows(r)
	t.Rows = make([]Row, min(total, most))
	for row := range t.Rows {
		for _, c := range columns {
			t.Rows[row].Cells = append(t.Rows[row].Cells, c.Cell(r, row))
		}
	}
	if left := total - len(t.Rows); left > 0 {
		t.Note = plain.Number(left) + " more in the other reports."
	}
	return t
}

func hasManagers(r *report.Report) bool { return len(r.Managers) > 0 }

// rank sorts a column of severities by weight.
func rank(severity func(r *report.Report, row int) cell.Value) Column {
	order := map[string]int64{}
	for i, s := range rules.Severities {
		order[s.String()] = int64(i + 1)
	}
	return Column{Heading: "Rank", Width: 5, Kind: cell.KindCount, About: "1 for critical to 5 for info: sorts by severity.",
		Value: func(r *report.Report, row int) cell.Value {
			if n, ok := order[severity(r, row).String()]; ok {
				return cell.Int(n)
			}
			return cell.Empty()
		}}
}

// Sheets are the report's tables, in the order a reader needs them. Summary
// stands before them and About after them; both are laid out by hand.
func Sheets() []Sheet {
	return []Sheet{
		changesSheet(), trendSheet(), findingsSheet(), customersSheet(), usageSheet(), connectionsSheet(),
		rulesSheet(), waiversSheet(), qualitySheet(),
	}
}

// SheetNamed finds one of Sheets by its name; it panics on a name that is not
// there, since names are constants.
func SheetNamed(name string) Sheet {
	for _, s := range Sheets() {
		if s.Name == name {
			return s
		}
	}
	panic("report: no sheet " + name)
}

// The headings of sums over open findings. The license position has sums over
// every license, which are larger: each says which it is.
const (
	HeadExposure = "Exposure (findings)"
	HeadUnused   = "Unused value (findings)"
	HeadTrueUp   = "True-up (position)"
	HeadSurplus  = "Unused value (position)"
	HeadUnpriced = "Amount unknown"
)

// The names of the sheets.
const (
	SheetSummary     = "Summary"
	SheetChanges     = "Changes"
	SheetTrend       = "Trend"
	SheetFindings    = "Findings"
	SheetCustomers   = "Customers"
	SheetConnections = "SIP Connections"
	SheetRules       = "Rules"
	SheetWaivers     = "Waivers"
	SheetQuality     = "Data quality"
	SheetAbout       = "About"
)

// toCustomer links to a customer's row.
func toCustomer(index int) Target {
	return Target{Sheet: SheetCustomers, Row: index, OK: index >= 0}
}
