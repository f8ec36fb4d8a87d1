package tables

import (
	"github.com/shopspring/decimal"

	"trueup/report"
	"trueup/report/cell"
)

// stepWords are the rows of the bridge as people read them.
var stepWords = map[report.Step]string{
	report.RulesChanged: "rules changed", report.Reassigned: "reassigned", report.StepNew: "new", report.NewCustomers: "new customers",
	report.StepReopened: "reopened", report.WaiverEnded: "waiver ended", report.JudgedAgain: "judged again", report.Grown: "grown",
	report.Shrunk: "shrunk", report.Repriced: "repriced", report.Fixed: "fixed", report.CustomersGone: "customers gone",
	report.NewlyWaived: "newly waived", report.NotJudgeable: "not judgeable any more",
}

// StepWords is a row of the bridge in words.
func StepWords(s report.Step) string { return stepWords[s] }

// Bridge is how the earlier report's figures became this one's, row by row:
// it adds up to the cent. Without an earlier report it is how the license
// position comes to the open exposure. It has no rows where there is neither.
func Bridge(r *report.Report) Table {
	if r.Changes == nil {
		return fromPosition(r)
	}
	m := &r.Changes.Movement
	t := Table{Title: "How " + periodOf(r.Changes.Baseline) + " became " + periodOf(r.AsOf), Noun: "row",
		Heads: []Head{{Text: "Step", Kind: cell.KindText, Paper: 40}, {Text: "Open findings", Kind: cell.KindSigned, Paper: 15}}}
	bridges := []*report.Bridge{&m.Findings}
	if m.Exposure != nil {
		t.Heads = append(t.Heads, Head{Text: "Exposure", Kind: cell.KindSigned, Paper: 20}, Head{Text: "Unused value", Kind: cell.KindSigned, Paper: 20})
		bridges = append(bridges, m.Exposure, m.Unused)
	}
	add := func(name string, to Target, sum bool, value func(i int, b *report.Bridge) Cell) {
		row := Row{Sum: sum, Cells: []Cell{{Value: cell.Text(name), To: to}}}
		for i, b := range bridges {
			row.Cells = append(row.Cells, value(i, b))
		}
		t.Rows = append(t.Rows, row)
	}
	total := func(i int, d decimal.Decimal, atLeast bool) Cell {
		if i == 0 {
			return Cell{Value: cell.Total(cell.Int(d.IntPart()))}
		}
		return Cell{Value: cell.Total(cell.Money(d)), AtLeast: atLeast}
	}
	before := Day(r.Changes.Baseline) + ", as issued"
	if !m.IssuedKnown {
		before = Day(r.Changes.Baseline) + ", by today's rules"
	}
	add(before, Target{}, true, func(i int, b *report.Bridge) Cell { return total(i, b.Before, b.BeforeAtLeast) })
	for _, step := range report.Steps {
		if moves(bridges, step) {
			add(StepWords(step), firstChange(r, step), false, func(i int, b *report.Bridge) Cell {
				switch d := b.By[step]; {
				case i == 0 && step.OfMoney():
					return Cell{}
				case i == 0:
					return count(d.IntPart())
				default:
					return Is(cell.Money(d))
				}
			})
		}
	}
	add(Day(r.AsOf), Target{}, true, func(i int, b *report.Bridge) Cell { return total(i, b.After, b.AfterAtLeast) })
	t.Note = bridgeNote(r)
	return t
}

// bridgeNote says what the bridge cannot.
func bridgeNote(r *report.Report) string {
	m := &r.Changes.Movement
	note := ""
	if missing := r.Missing(); len(missing) > 0 {
		note = "Without the customers of " + listed(missing, 3, "instance") + ", which are missing: they are on neither side."
	}
	if m.Exposure != nil && (m.Exposure.AtLeast() || m.Unused.AtLeast()) {
		note = joined(note, "Where a figure is at least so much, the steps compare the known parts.")
	}
	if !m.IssuedKnown {
		note = joined(note, "No record was kept of what was issued then.")
	}
	if m.Exposure == nil && r.Currency != "" {
		note = joined(note, "The earlier report had another currency: amounts are not compared.")
	}
	return note
}

func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + " " + b
}

func moves(bridges []*report.Bridge, s report.Step) bool {
	for _, b := range bridges {
		if !b.By[s].IsZero() {
			return true
		}
	}
	return false
}

// firstChange is the first row of a step in the sheet Changes.
func firstChange(r *report.Report, s report.Step) Target {
	for at := range r.Changes.Rows {
		if r.Changes.Rows[at].Step == s {
			return Target{SheetChanges, at, true}
		}
	}
	return Target{}
}

// fromPosition is the bridge of a first report: license position − waived −
// below the rules' thresholds = open exposure.
func fromPosition(r *report.Report) Table {
	t := Table{Title: "From the license position to the exposure", Noun: "row"}
	if r.Currency == "" {
		return t
	}
	p, m := r.FromPosition(), &r.Totals.Money
	t.Heads = []Head{{Text: "Step", Kind: cell.KindText, Paper: 40}, {Text: "Exposure", Kind: cell.KindSigned, Paper: 20}}
	add := func(name string, v cell.Value, atLeast, sum bool) {
		t.Rows = append(t.Rows, Row{Sum: sum, Cells: []Cell{text(name), {Value: v, AtLeast: atLeast}}})
	}
	add("license position: every license over", cell.Total(cell.Money(p.Position)), p.AtLeast, true)
	if !m.WaivedExposure.IsZero() {
		add("waived", cell.Money(m.WaivedExposure.Neg()), false, false)
	}
	if p.Below.Sign() > 0 {
		add("below the rules' thresholds", cell.Money(p.Below.Neg()), false, false)
	} else if p.Below.Sign() < 0 {
		add("found by rules beyond the position", cell.Money(p.Below.Neg()), false, false)
	}
	e := Exposure(r)
	add("open exposure", cell.Total(e.Value), e.AtLeast, true)
	return t
}

// Waterfall is the bridge as a chart: of the exposure, or without prices of
// the number of open findings.
type Waterfall struct {
	Title, Unit string
	Money       bool // it is about amounts, else about numbers of findings
	Bars        []Fall
}

// Fall is one bar: a total that stands on the ground, or a step from one
// height to the next.
type Fall struct {
	Name     string
	Value    decimal.Decimal // of a total, or what the step adds
	From, To decimal.Decimal // where the bar begins and ends
	Total    bool
	AtLeast  bool
	Label    string // the value in few characters
}

// WaterfallOf draws the bridge's figures; steps of 0 are left out. It has no
// bars where there is nothing to draw.
func WaterfallOf(r *report.Report) Waterfall {
	t := Bridge(r)
	w := Waterfall{Title: t.Title}
	column, label := 1, func(d decimal.Decimal) string { return d.String() }
	switch {
	case r.Changes == nil && r.Currency == "":
		return w
	case r.Changes == nil:
		w.Unit = "exposure, " + r.Currency + " a month"
		label = Brief
	case r.Changes.Movement.Exposure != nil:
		column, w.Unit, label = 2, "exposure, "+r.Currency+" a month; row by row in the sheet Changes", Brief
	default:
		w.Unit = "open findings; row by row in the sheet Changes"
	}
	w.Money = r.Changes == nil || r.Changes.Movement.Exposure != nil
	var at decimal.Decimal
	for _, row := range t.Rows {
		value := row.Cells[column].Value
		d, ok := value.Money()
		if n, isInt := value.Int(); isInt {
			d, ok = decimal.NewFromInt(n), true
		}
		name, _ := row.Cells[0].Text()
		switch {
		case row.Sum:
			at = d
			w.Bars = append(w.Bars, Fall{Name: name, Value: d, To: d, Total: true, AtLeast: row.Cells[column].AtLeast, Label: label(d)})
		case ok && !d.IsZero():
			from := at
			at = at.Add(d)
			sign := ""
			if d.IsPositive() {
				sign = "+"
			}
			w.Bars = append(w.Bars, Fall{Name: name, Value: d, From: from, To: at, Label: sign + label(d)})
		}
	}
	return w
}
