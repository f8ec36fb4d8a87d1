package tables

import (
	"cmp"
	"slices"

	"trueup/report"
	"trueup/report/cell"
)

// OnPaper are the first of some rows of a sheet as a printed table has them:
// the columns with a part of its width that have something to say about them.
func (s *Sheet) OnPaper(r *report.Report, rows []int, most int) Table {
	t := Table{Title: s.Name, Noun: s.Noun}
	rows = rows[:min(len(rows), most)]
	var columns []Column
	for _, c := range s.Shown(r) {
		if c.Paper > 0 {
			columns = append(columns, c)
			t.Heads = append(t.Heads, Head{Text: c.Heading, Kind: c.Kind, Paper: c.Paper})
		}
	}
	t.Rows = make([]Row, len(rows))
	for at, row := range rows {
		for _, c := range columns {
			t.Rows[at].Cells = append(t.Rows[at].Cells, c.print(r, row))
		}
	}
	return t.filled()
}

func (c *Column) print(r *report.Report, row int) Cell {
	if c.Print != nil {
		return c.Print(r, row)
	}
	return c.Cell(r, row)
}

// FindingsOf are the rows of one rule's findings, waived ones included.
func FindingsOf(r *report.Report, rule int) []int { return r.Rules[rule].Findings }

// Quality joins the rows of the sheet Data quality that say the same of
// several customers, in order of the first. Where there are more rows than
// most it has those about the most customers.
func Quality(r *report.Report, most int) Table {
	t := Table{Title: SheetQuality, Noun: "row", Heads: []Head{{Text: "Kind", Kind: cell.KindText, Paper: 18},
		{Text: "Customer", Kind: cell.KindText, Paper: 27}, {Text: "What", Kind: cell.KindLongText, Paper: 55}}}
	at := map[report.QualityRow]int{}
	var said []report.QualityRow
	var customers [][]int
	for _, row := range r.Quality {
		words := row
		words.Customer = 0 // whoever it is about
		i, ok := at[words]
		if !ok {
			i = len(said)
			at[words] = i
			said, customers = append(said, words), append(customers, nil)
		}
		if row.Customer >= 0 {
			customers[i] = append(customers[i], row.Customer)
		}
	}
	order := rowsOf(len(said))
	if len(said) > most {
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(customers[b]), len(customers[a])) })
	}
	t.Further = max(len(said)-most, 0)
	for _, i := range order[:min(len(said), most)] {
		row := said[i]
		what := text(row.Text)
		if row.Rule != "" {
			what.Small = []string{row.Rule}
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{text(row.Kind), concerned(r, customers[i]), what}})
	}
	return t
}

// concerned names the first of some customers.
func concerned(r *report.Report, customers []int) Cell {
	const named = 3
	switch {
	case len(customers) == 0:
		return Cell{}
	case len(customers) == 1:
		return Cell{Value: cell.Text(r.Customers[customers[0]].Name()), To: toCustomer(customers[0])}
	}
	var names []string
	for _, at := range customers[:min(len(customers), named)] {
		names = append(names, r.Customers[at].Name())
	}
	if len(customers) <= named {
		return Cell{Value: cell.Text(names[0]), Lines: names[1:]}
	}
	return Cell{Value: cell.Text(countCustomers(len(customers)) + ", as"), Lines: names}
}

// rowsOf are all rows of a sheet.
func rowsOf(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}
