package tables

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
)

// acting is how many account managers Act names, before it sums up the others.
const acting = 10

// Act says who must act: the account managers by exposure, the customers that
// nobody manages, and all together. It has no rows without contacts.
func Act(r *report.Report) Table { return ActFirst(r, acting) }

// ActFirst is Act where there is room to name only so many.
func ActFirst(r *report.Report, most int) Table {
	t := Table{Title: "Who must act", Intro: "account managers, by exposure", Noun: "account manager",
		Heads: []Head{{Text: "Account manager", Kind: cell.KindText, Paper: 40}, {Text: "E-mail", Kind: cell.KindText, PaperOnly: true}}}
	if r.Currency != "" {
		t.Heads = append(t.Heads, Head{Text: "Exposure", Kind: cell.KindMoney, Paper: 18})
		if comparesMoney(r) {
			t.Heads = append(t.Heads, Head{Text: "Δ", Kind: cell.KindSigned, Paper: 15})
		}
		t.Heads = append(t.Heads, Head{Text: "Unused value", Kind: cell.KindMoney, Paper: 17, Part: 1})
	}
	more := 0 // what a narrow page has no room for beside money
	if r.Currency != "" {
		more = 1
	}
	t.Heads = append(t.Heads, Head{Text: "Customers", Kind: cell.KindCount, Paper: 12, Part: more}, Head{Text: "Findings", Kind: cell.KindCount, Paper: 11, Part: more},
		Head{Text: "High", Kind: cell.KindCount, Paper: 8})
	if r.Changes != nil {
		t.Heads = append(t.Heads, Head{Text: "New", Kind: cell.KindCount, Paper: 8}, Head{Text: "Oldest", Kind: cell.KindDate, Paper: 12})
	}
	t.Heads = append(t.Heads, Head{Text: "Waivers ending", Kind: cell.KindCount, Paper: 11})
	if len(r.Managers) == 0 {
		return t
	}
	named, others, nobody := split(r.Managers, most)
	for _, m := range named {
		t.Rows = append(t.Rows, Row{Cells: managerCells(r, m.Name, m)})
	}
	if len(others) > 0 {
		t.Rows = append(t.Rows, Row{Cells: managerCells(r, plain.Number(len(others))+" more", sumOf(others)), Stands: len(others)})
	}
	if nobody != nil {
		t.Rows = append(t.Rows, Row{Cells: managerCells(r, "no account manager", nobody)})
	}
	t.Rows = append(t.Rows, Row{Cells: managerCells(r, "All", sumOf(r.Managers)), Sum: true})
	return t
}

func comparesMoney(r *report.Report) bool {
	return r.Changes != nil && r.Changes.Movement.Exposure != nil
}

// split orders the managers by exposure, then findings, then name: those that
// are named, those that are summed up, and the customers without one.
func split(managers []report.Manager, most int) (named []*report.Manager, others []report.Manager, nobody *report.Manager) {
	var list []report.Manager
	for _, m := range managers {
		if m.Name == report.Unassigned {
			nobody = &m
		} else {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b report.Manager) int {
		return cmp.Or(b.Money.Exposure.Cmp(a.Money.Exposure), cmp.Compare(b.Findings, a.Findings), strings.Compare(a.Name, b.Name))
	})
	if len(list) == most+1 {
		most++ // one more row says as much as "1 more"
	}
	for i := range list[:min(most, len(list))] {
		named = append(named, &list[i])
	}
	return named, list[len(named):], nobody
}

func sumOf(managers []report.Manager) *report.Manager {
	sum := &report.Manager{}
	for i := range managers {
		m := &managers[i]
		sum.Customers += m.Customers
		sum.Findings += m.Findings
		sum.Severe += m.Severe
		sum.New += m.New
		sum.Ending += m.Ending
		sum.Money = sum.Money.Add(m.Money)
		if !m.Oldest.IsZero() && (sum.Oldest.IsZero() || m.Oldest.Before(sum.Oldest)) {
			sum.Oldest = m.Oldest
		}
		if m.Before != nil {
			if sum.Before == nil {
				sum.Before = &report.Sums{}
			}
			*sum.Before = sum.Before.Plus(*m.Before)
		}
	}
	return sum
}

func managerCells(r *report.Report, name string, m *report.Manager) []Cell {
	cells := []Cell{text(name), text(m.Email)}
	if r.Currency != "" {
		cells = append(cells, exposureCell(&m.Money))
		if comparesMoney(r) {
			delta := Cell{}
			if m.Before != nil {
				delta = Is(cell.Money(m.Money.Exposure.Sub(m.Before.Exposure)))
			}
			cells = append(cells, delta)
		}
		cells = append(cells, unusedCell(&m.Money))
	}
	cells = append(cells, count(m.Customers), count(m.Findings), count(m.Severe))
	if r.Changes != nil {
		cells = append(cells, count(m.New), Is(cell.Time(m.Oldest)))
	}
	return append(cells, count(m.Ending))
}

// largest is how many customers TenLargest names.
const largest = 10

// TenLargest names the customers that owe most, with the share of each and of
// all down to it.
func TenLargest(r *report.Report) Table {
	t := Table{Title: "Ten largest customers", Noun: "customer"}
	money := r.Currency != ""
	t.Heads = []Head{{Text: "Customer", Kind: cell.KindText, Paper: 30}, {Text: "License", Kind: cell.KindText, Paper: 17},
		{Text: "Acquired", Kind: cell.KindCount, Paper: 11}, {Text: "Used", Kind: cell.KindCount, Paper: 9}, {Text: "Over", Kind: cell.KindCount, Paper: 9}}
	if money {
		t.Heads = append(t.Heads, Head{Text: "× price", Kind: cell.KindMoney, Paper: 9}, Head{Text: "Exposure", Kind: cell.KindMoney, Paper: 14})
	}
	t.Heads = append(t.Heads, Head{Text: "Share", Kind: cell.KindPercent, Paper: 9}, Head{Text: "Sum", Kind: cell.KindPercent, Paper: 9})
	if r.Changes != nil {
		t.Heads = append(t.Heads, Head{Text: "Δ", Kind: cell.KindSigned, Paper: 13})
	}
	if hasManagers(r) {
		t.Heads = append(t.Heads, Head{Text: "Manager", Kind: cell.KindText, Paper: 26})
	}
	if r.Changes != nil {
		t.Heads = append(t.Heads, Head{Text: "Since", Kind: cell.KindDate, Paper: 12})
	}
	top := r.TopExposures(len(r.Customers))
	var sum decimal.Decimal
	all := r.OwedBy(top)
	for _, i := range top[:min(len(top), largest)] {
		sum = sum.Add(r.Owed(i))
		t.Rows = append(t.Rows, Row{Cells: largestCells(r, i, sum, all)})
	}
	if len(top) > largest {
		t.Intro = percentOf(sum, all).Format(cell.KindPercent) + " of what " + countCustomers(len(top)) + " owe; all in the workbook"
	}
	if n := r.UnknownExposures(); n > 0 && len(t.Rows) > 0 {
		t.Note = "Exposure unknown, so not among them: " + countCustomers(n) + ", as a count or the price of the license type is missing."
	}
	return t
}

func percentOf(part, all decimal.Decimal) cell.Value {
	if all.IsZero() {
		return cell.Empty()
	}
	f, _ := part.Div(all).Float64()
	return cell.Float(f)
}

func largestCells(r *report.Report, i int, sum, all decimal.Decimal) []Cell {
	c := &r.Customers[i]
	f := owing(r, c)
	cells := []Cell{{Value: cell.Text(c.Name()), To: toCustomer(i)}, text(c.LicenseName), Is(AcquiredValue(c)), Is(needed(c.Used)), Is(DeltaValue(c))}
	if r.Currency != "" {
		price := Cell{}
		if f != nil {
			price = Is(cell.MaybeMoney(f.UnitPrice))
		}
		cells = append(cells, price, exposureOf(c))
	}
	cells = append(cells, Is(percentOf(r.Owed(i), all)), Is(percentOf(sum, all)))
	if r.Changes != nil {
		cells = append(cells, Is(sinceLast(r, c)))
	}
	if hasManagers(r) {
		cells = append(cells, text(c.Manager))
	}
	if r.Changes != nil {
		since := Cell{}
		if f != nil {
			since = Is(cell.Time(f.Since))
		}
		cells = append(cells, since)
	}
	return cells
}

// owing is the finding that a customer owes for; nil if none counts.
func owing(r *report.Report, c *report.Customer) *report.Finding {
	for _, at := range c.Findings {
		if f := &r.Findings[at]; r.CountsAs(f) == "exposure" {
			return f
		}
	}
	return nil
}

// sinceLast is how much more a customer owes than in the earlier report; the
// word new where it owed nothing then, and unknown if either is not known whole.
func sinceLast(r *report.Report, c *report.Customer) cell.Value {
	if r.Currency == "" {
		switch {
		case c.Before == nil:
			return cell.Text("new")
		case c.Delta == nil || !c.Before.Acquired.Known() || !c.Before.Used.Known():
			return cell.Unknown()
		}
		return cell.Int(*c.Delta - max(c.Before.Used.N-c.Before.Acquired.N, 0))
	}
	switch {
	case c.NoExposure > 0, c.Before != nil && c.Before.NoExposure > 0:
		return cell.Unknown()
	case c.Before == nil || c.Before.Exposure.IsZero():
		return cell.Text("new")
	}
	return cell.Money(c.Exposure.Sub(c.Before.Exposure))
}
