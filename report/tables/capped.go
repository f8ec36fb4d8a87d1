package tables

import (
	"strings"

	"github.com/shopspring/decimal"

	"trueup/fetch/plain"
	"trueup/report/cell"
)

// Whole is all that a list is of which only the most valuable rows are shown.
type Whole struct {
	Count int
	Sums  []Sum // what all of it is worth; a Row's Worth has the same order
}

// Sum is one sum of a Whole.
type Sum struct {
	Currency string // before the sum; "" if it is no money
	Of       string // behind it: what the sum is of
	Value    decimal.Decimal
}

// Remarks are what stands below a printed table: how much of it is shown, and
// its note.
func (t Table) Remarks() (all []string) {
	switch {
	case t.Whole != nil && t.Further > 0:
		all = append(all, t.shown())
	case t.Further > 0:
		all = append(all, plain.Counted(t.Further, "more "+t.Noun)+" in the workbook.")
	}
	if t.Note != "" {
		all = append(all, t.Note)
	}
	return all
}

// shown says how much of the whole its rows are, as "25 of 91 shown: EUR
// 120,300.10 of 133,884.60; all in the workbook."
func (t Table) shown() string {
	var worth []string
	for i, all := range t.Whole.Sums {
		sum := decimal.Zero
		for _, row := range t.Rows {
			if i < len(row.Worth) {
				sum = sum.Add(row.Worth[i])
			}
		}
		if !all.Value.IsZero() {
			worth = append(worth, all.part(sum))
		}
	}
	words := plain.Number(t.Whole.Count-t.Further) + " of " + plain.Number(t.Whole.Count) + " shown"
	if len(worth) > 0 {
		words += ": " + strings.Join(worth, ", ")
	}
	return words + "; all in the workbook."
}

func (s Sum) part(shown decimal.Decimal) string {
	write := func(d decimal.Decimal) string {
		if s.Currency == "" {
			return plain.Number(d.IntPart())
		}
		return cell.Money(d).Format(cell.KindMoney)
	}
	words := write(shown) + " of " + write(s.Value)
	if s.Currency != "" {
		words = s.Currency + " " + words
	}
	if s.Of != "" {
		words += " " + s.Of
	}
	return words
}
