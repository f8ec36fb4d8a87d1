package tables

import (
	"slices"

	"github.com/shopspring/decimal"

	"trueup/report"
	"trueup/report/cell"
)

// Table is one small table, computed: the workbook's summary, the PDF and the
// short formats only lay it out. The large ones are Sheets, whose values are
// computed row by row.
type Table struct {
	Title string
	Intro string // a sentence above it; "" for none
	Heads []Head
	Rows  []Row
	Note  string   // below it; "" for none
	Noun  string   // what one row is, for "12 more …" where not all are there
	Parts []string // titles of its printed parts after the first
	// Further is for how many things the rows would stand that are left out:
	// the first ones are all that is computed, or that a page has room for.
	Further int
	Whole   *Whole // all that the rows are the most valuable of; nil for other tables
}

// Head is the head of one column.
type Head struct {
	Text string
	Kind cell.Kind
	// Paper is the column's part of the width of a printed table; 0 keeps it
	// out of print.
	Paper     float64
	PaperOnly bool
	// Part is the number of the printed table that the column stands in, where
	// one table is printed as several. The first column stands in all.
	Part int
}

// Row is one row; Sum is the last one, of all others.
type Row struct {
	Cells []Cell
	Sum   bool
	// Stands is for how many things the row stands; 0 for one.
	Stands int
	Worth  []decimal.Decimal // its part of the table's Whole
}

// Cell is one value and what stands around it.
type Cell struct {
	cell.Value
	AtLeast bool     // a sum that leaves out what is not known
	Bold    bool     // stands out
	Lines   []string // below it in print
	Small   []string // smaller ones below these
	Mark    string   // the last of them, which nobody must miss; "" for none
	To      Target   // what it leads to
}

// Is makes a cell of a value.
func Is(v cell.Value) Cell { return Cell{Value: v} }

// blank tells that there is nothing in it.
func (c Cell) blank() bool { return c.IsEmpty() && len(c.Lines)+len(c.Small)+len(c.Mark) == 0 }

func text(s string) Cell { return Is(cell.Text(s)) }

func count[N int | int64](n N) Cell { return Is(cell.Int(int64(n))) }

// Written is the value as people read it, with ≥ before a sum that leaves
// something out.
func (c Cell) Written(k cell.Kind) string {
	if c.AtLeast {
		return "≥ " + c.Format(k)
	}
	return c.Format(k)
}

// Printed is the table as one printed part has it: without the columns that
// are kept out of print. The note stands below the last part.
func (t Table) Printed(part int) Table {
	if part > 0 {
		t.Title, t.Intro = t.Parts[part-1], ""
	}
	if part < len(t.Parts) {
		t.Note = ""
	}
	return t.columns(func(i int, h Head) bool { return h.Paper > 0 && (i == 0 || h.Part == part) })
}

// InBook is the table as the workbook's summary has it: amounts have their
// currency in the heading.
func (t Table) InBook(r *report.Report) Table {
	t = t.columns(func(_ int, h Head) bool { return !h.PaperOnly })
	for i := range t.Heads {
		amounts := slices.ContainsFunc(t.Rows, func(row Row) bool { _, ok := row.Cells[i].Money(); return ok })
		if amounts || t.Heads[i].Kind == cell.KindMoney {
			t.Heads[i].Text += ", " + r.Currency
		}
	}
	return t
}

// filled leaves out the columns that are empty in every row.
func (t Table) filled() Table {
	return t.columns(func(i int, _ Head) bool {
		return slices.ContainsFunc(t.Rows, func(r Row) bool { return !r.Cells[i].blank() })
	})
}

func (t Table) columns(in func(i int, h Head) bool) Table {
	out := t
	out.Heads, out.Rows = nil, make([]Row, len(t.Rows))
	for at, row := range t.Rows {
		out.Rows[at] = Row{Sum: row.Sum, Stands: row.Stands, Worth: row.Worth}
	}
	for i, h := range t.Heads {
		if !in(i, h) {
			continue
		}
		out.Heads = append(out.Heads, h)
		for at := range t.Rows {
			out.Rows[at].Cells = append(out.Rows[at].Cells, t.Rows[at].Cells[i])
		}
	}
	return out
}

// First is the table with its first rows and its sum.
func (t Table) First(n int) Table {
	end := len(t.Rows)
	if end > 0 && t.Rows[end-1].Sum {
		end--
	}
	for _, row := range t.Rows[min(n, end):end] {
		t.Further += max(row.Stands, 1)
	}
	t.Rows = slices.Concat(t.Rows[:min(n, end)], t.Rows[end:])
	return t
}
