package tables

import (
	"strings"

	"github.com/shopspring/decimal"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
)

// Headline is the report in one sentence: what happened, what it costs, and
// whether it is whole. Every format says the same.
func Headline(r *report.Report) string {
	var b strings.Builder
	if missing := r.Missing(); len(missing) > 0 {
		b.WriteString("INCOMPLETE: " + listed(missing, 3, "instance") + " missing. ")
	}
	t := &r.Totals
	if t.Findings == 0 && t.Waived == 0 && t.NotEvaluable == 0 {
		if t.Customers == 0 {
			return b.String() + "No customers"
		}
		return b.String() + comply("All", t.Customers) + ": nothing found, nothing left unjudged"
	}
	b.WriteString(owed(r))
	if c := r.Changes; c != nil {
		b.WriteString(comparedWith(r, c))
	}
	b.WriteString(concentration(r))
	if owesNothing(r) {
		b.WriteString("; " + plain.Counted(t.Findings, "open finding"))
	}
	if n := t.NotEvaluable; n > 0 {
		b.WriteString("; " + plain.Counted(n, "verdict") + " could not be given" + accepted(r))
	}
	return b.String()
}

// comply says that customers do; all is the first word for several.
func comply(all string, customers int) string {
	if customers == 1 {
		return "1 customer complies"
	}
	return all + " " + plain.Counted(customers, "customer") + " comply"
}

// owed is what is to be trued up: money, or licenses where there are no prices.
func owed(r *report.Report) string {
	e := Exposure(r)
	switch {
	case owesNothing(r) && r.Currency != "":
		return "No true-up exposure"
	case owesNothing(r):
		return "No license used beyond those acquired"
	case r.Currency == "":
		return plain.Counted(r.PositionTotal().Over, "license") + " used beyond those acquired"
	}
	words := "True-up exposure "
	switch {
	case r.Totals.Money.Exposure.IsZero():
		return "No true-up exposure as far as known"
	case e.AtLeast:
		words += "at least "
	}
	return words + r.Currency + " " + e.Format(cell.KindMoney) + " a month"
}

func owesNothing(r *report.Report) bool {
	if r.Currency == "" {
		return r.PositionTotal().Over == 0
	}
	e := Exposure(r)
	return !e.AtLeast && r.Totals.Money.Exposure.IsZero()
}

// comparedWith says how much more or less that is than in the earlier report,
// or without prices how many more or fewer findings are open.
func comparedWith(r *report.Report, c *report.Changes) string {
	d, words, less, same := c.Movement.Findings.Delta(), "", "fewer", "as many open findings as"
	switch b := c.Movement.Exposure; {
	case b != nil:
		d, less, same = b.Delta(), "less", "as much as"
		words = r.Currency + " " + cell.Money(d.Abs()).Format(cell.KindMoney)
	case r.Currency != "":
		return "" // the earlier report had another currency
	default:
		words = plain.Counted(d.Abs().IntPart(), "open finding")
	}
	on := " on " + Day(c.Baseline)
	if b := c.Movement.Exposure; b != nil && b.AtLeast() {
		on += " in known parts"
	}
	switch d.Sign() {
	case 1:
		return ", " + words + " more than" + on
	case -1:
		return ", " + words + " " + less + " than" + on
	}
	return ", " + same + on
}

// concentration says how few customers make up how much.
func concentration(r *report.Report) string {
	top := r.TopExposures(len(r.Customers))
	if len(top) <= largest {
		return ""
	}
	sum, all := r.OwedBy(top[:largest]), r.OwedBy(top)
	percent := sum.Mul(decimal.NewFromInt(100)).Div(all).Round(0)
	return "; " + plain.Number(largest) + " of " + plain.Counted(len(top), "customer") + " make up " + percent.String() + " %"
}

// Short is the headline for the subject of a mail.
func Short(r *report.Report) string {
	var parts []string
	t := &r.Totals
	switch {
	case t.Findings == 0 && t.Waived == 0 && t.NotEvaluable == 0:
		parts = append(parts, comply("all", t.Customers))
	case owesNothing(r), r.Currency != "" && t.Money.Exposure.IsZero():
		parts = append(parts, plain.Counted(t.Findings, "finding"))
	case r.Currency == "":
		parts = append(parts, plain.Counted(r.PositionTotal().Over, "license")+" over")
	default:
		sign := ""
		if Exposure(r).AtLeast {
			sign = "≥ "
		}
		parts = append(parts, sign+r.Currency+" "+Brief(t.Money.Exposure)+" at risk")
	}
	if c := r.Changes; c != nil {
		by := c.Movement.Findings.By
		add := func(word string, steps ...report.Step) {
			var n decimal.Decimal
			for _, s := range steps {
				n = n.Add(by[s])
			}
			if !n.IsZero() {
				parts = append(parts, plain.Number(n.Abs().IntPart())+" "+word)
			}
		}
		add("new", report.StepNew, report.NewCustomers)
		add("reopened", report.StepReopened)
		add("fixed", report.Fixed)
		add("lost", report.NotJudgeable)
	}
	if n := t.NotEvaluable; n > 0 {
		parts = append(parts, plain.Number(n)+" not judged"+accepted(r))
	}
	words := strings.Join(parts, ", ")
	if missing := r.Missing(); len(missing) > 0 {
		return "INCOMPLETE (" + listed(missing, 3, "instance") + " missing): " + words
	}
	return words
}

// Brief is an amount in few characters: 981.60, 47.6k, 1.2m.
func Brief(d decimal.Decimal) string {
	switch n := d.Abs(); {
	case n.GreaterThanOrEqual(decimal.NewFromInt(999_950)):
		return d.Div(decimal.NewFromInt(1_000_000)).StringFixed(1) + "m"
	case n.GreaterThanOrEqual(decimal.NewFromInt(10_000)):
		return d.Div(decimal.NewFromInt(1000)).StringFixed(1) + "k"
	}
	return plain.Group(d.StringFixed(2))
}

// listed names a few things, or says how many there are.
func listed(names []string, most int, noun string) string {
	if len(names) > most {
		return plain.Counted(len(names), noun)
	}
	return strings.Join(names, ", ")
}

// Completeness says whether the report is whole: what was read, what could not
// be judged, how the position comes to the exposure, and what has no price.
func Completeness(r *report.Report) (complete bool, words string) {
	t, missing := &r.Totals, r.Missing()
	listedAll := 0
	for _, s := range r.Sources {
		listedAll += s.Listed
	}
	on := 0
	for i := range r.Rules {
		if r.Rules[i].Enabled {
			on++
		}
	}
	words = plain.Counted(listedAll, "customer") + " listed, " + plain.Number(t.Customers) + " judged by " + plain.Counted(on, "rule")
	if t.NotEvaluable > 0 {
		words += "; " + plain.Counted(t.NotEvaluable, "verdict") + " could not be given" + accepted(r)
	}
	words += "."
	if len(missing) > 0 {
		words = "No customers from " + listed(missing, 3, "instance") + ". " + words
	}
	if r.Currency != "" {
		p := r.FromPosition()
		words += " Position " + InMoney(r, Cell{Value: cell.Money(p.Position), AtLeast: p.AtLeast}) + " = open " + exposureCell(&t.Money).Written(cell.KindMoney) +
			" + waived " + amountWords(t.Money.WaivedExposure)
		if !p.Below.IsZero() {
			words += " + below the rules' thresholds " + amountWords(p.Below)
		}
		words += "."
		all := r.PositionTotal()
		if len(all.WithoutPrice) > 0 {
			words += " Without a price: " + listed(all.WithoutPrice, 3, "license type") + "."
		}
		if p.AtLeast || all.NoUnused > 0 || t.Money.UnpricedUnused > 0 {
			words += " Sums marked ≥ leave out what is not known."
		}
	}
	for _, p := range r.Problems {
		if p.Kind == report.KindDoubtful || p.Kind == report.KindUnmapped {
			words += " " + strings.TrimSuffix(plain.Text(p.Text), ":") + "."
		}
	}
	return len(missing) == 0 && t.NotEvaluable == 0, words
}

func amountWords(d decimal.Decimal) string { return cell.Money(d).Format(cell.KindMoney) }
