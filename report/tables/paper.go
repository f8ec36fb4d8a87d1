package tables

import (
	"trueup/report"
	"trueup/report/cell"
)

// OnPaper are some rows of a sheet as a printed table has them: the columns
// with a part of its width that have something to say about these rows.
func (s *Sheet) OnPaper(r *report.Report, rows []int) Table {
	t := Table{Title: s.Name, Noun: s.Noun}
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
	out := Is(c.Value(r, row))
	if c.Link != nil {
		out.To = c.Link(r, row)
	}
	return out
}

// FindingsOf are the findings of one rule for print.
func FindingsOf(r *report.Report, rule int) []int {
	var rows []int
	for at := range r.Findings {
		if r.Findings[at].Rule == rule {
			rows = append(rows, at)
		}
	}
	return rows
}

// Quality joins the rows of the sheet Data quality that say the same of
// several customers, in order of the first.
func Quality(r *report.Report) Table {
	t := Table{Title: SheetQuality, Noun: "row", Heads: []Head{{Text: "Kind", Kind: cell.KindText, Paper: 18},
		{Text: "Customer", Kind: cell.KindText, Paper: 27}, {Text: "What", Kind: cell.KindLongText, Paper: 55}}}
	at := map[report.QualityRow]int{}
	var customers [][]int
	for _, row := range r.Quality {
		words := row
		words.Customer = -1
		i, ok := at[words]
		if !ok {
			i = len(t.Rows)
			at[words] = i
			what := text(row.Text)
			if row.Rule != "" {
				what.Small = []string{row.Rule}
			}
			t.Rows = append(t.Rows, Row{Cells: []Cell{text(row.Kind), {}, what}})
			customers = append(customers, nil)
		}
		if row.Customer >= 0 {
			customers[i] = append(customers[i], row.Customer)
		}
	}
	for i := range t.Rows {
		t.Rows[i].Cells[1] = concerned(r, customers[i])
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
		return Cell{Value: cell.Text(names[0]), Small: names[1:]}
	}
	return Cell{Value: cell.Text(countCustomers(len(customers)) + ", as"), Small: names}
}

// rowsOf are all rows of a sheet.
func rowsOf(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// WholeOnPaper is a sheet with all its rows, for print.
func WholeOnPaper(r *report.Report, name string) Table {
	s := SheetNamed(name)
	return s.OnPaper(r, rowsOf(s.Rows(r)))
}
