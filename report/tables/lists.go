package tables

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/report/cell"
	"trueup/rules"
)

// The lists of the print are short: each has its most valuable rows and says
// what they are of.

// sameColumns leaves out the columns that are empty in every row of every
// table, so that one head stands for all.
func sameColumns(list []Table) []Table {
	var all Table
	for _, t := range list {
		all.Heads = t.Heads
		all.Rows = append(all.Rows, t.Rows...)
	}
	all = all.filled()
	for i := range list {
		n := len(list[i].Rows)
		list[i].Heads, list[i].Rows, all.Rows = all.Heads, all.Rows[:n], all.Rows[n:]
	}
	return list
}

// ChangesOnPaper are the findings that moved a figure, a table a step of the
// bridge; all have the same columns.
func ChangesOnPaper(r *report.Report, most int) (list []Table) {
	rows := changeRows(r)
	for len(rows) > 0 {
		end := 1
		for end < len(rows) && rows[end].Step == rows[0].Step {
			end++
		}
		list = append(list, stepTable(r, rows[:end], most))
		rows = rows[end:]
	}
	return sameColumns(list)
}

func stepTable(r *report.Report, all []report.ChangeRow, most int) Table {
	money := comparesMoney(r)
	t := Table{Noun: "change", Heads: []Head{{Text: "Customer", Kind: cell.KindText, Paper: 27}, {Text: "Finding", Kind: cell.KindLongText, Paper: 45},
		{Text: "Licenses", Kind: cell.KindCount, Paper: 15}}}
	if money {
		t.Heads = append(t.Heads, Head{Text: "Exposure", Kind: cell.KindSigned, Paper: 14}, Head{Text: "Unused value", Kind: cell.KindSigned, Paper: 14})
	}
	t.Heads = append(t.Heads, Head{Text: "Manager", Kind: cell.KindText, Paper: 21}, Head{Text: "Since", Kind: cell.KindDate, Paper: 12})
	whole := &Whole{Count: len(all)}
	exposure, unused, findings := decimal.Zero, decimal.Zero, 0
	order := make([]*report.ChangeRow, len(all))
	for i := range all {
		order[i] = &all[i]
		exposure, unused, findings = exposure.Add(all[i].Exposure), unused.Add(all[i].Unused), findings+all[i].Count
	}
	if money {
		whole.Sums = []Sum{{r.Currency, "exposure", exposure}, {r.Currency, "unused value", unused}}
	}
	slices.SortStableFunc(order, func(a, b *report.ChangeRow) int {
		return b.Exposure.Add(b.Unused).Abs().Cmp(a.Exposure.Add(a.Unused).Abs())
	})
	t.Title = stepTitle(r, all[0].Step, len(all), findings, exposure, unused)
	for _, c := range order[:min(len(order), most)] {
		t.Rows = append(t.Rows, Row{Cells: stepCells(r, c, money), Worth: []decimal.Decimal{c.Exposure, c.Unused}})
	}
	t.Whole, t.Further = whole, max(len(all)-most, 0)
	return t
}

// stepTitle names a step with what it adds to each figure.
func stepTitle(r *report.Report, s report.Step, rows, findings int, exposure, unused decimal.Decimal) string {
	n := findings
	if n == 0 {
		n = rows
	}
	words := StepWords(s)
	words = strings.ToUpper(words[:1]) + words[1:] + ": " + plain.Counted(max(n, -n), "finding")
	add := func(name string, d decimal.Decimal) {
		if !d.IsZero() {
			words += ", " + name + " " + r.Currency + " " + cell.Money(d).Format(cell.KindSigned)
		}
	}
	add("exposure", exposure)
	add("unused value", unused)
	return words
}

func stepCells(r *report.Report, c *report.ChangeRow, money bool) []Cell {
	name := Cell{Value: cell.Text(c.Customer)}
	if c.Finding >= 0 {
		name.To = toCustomer(r.Findings[c.Finding].Customer)
	}
	what := Cell{Value: cell.Text(cmp.Or(c.Text, c.Title))}
	if c.Reason == "instance-missing" {
		what.Small = []string{"an instance that it is compared with is missing"}
	}
	cells := []Cell{name, what, text(fromTo(c.From, c.To))}
	if money {
		cells = append(cells, Is(moved(c.Exposure)), Is(moved(c.Unused)))
	}
	return append(cells, text(c.Manager), Is(cell.Time(c.Since)))
}

// fromTo is what a number was and is: "12 → 15".
func fromTo(from, to *int64) string {
	switch {
	case from == nil && to == nil:
		return ""
	case from == nil:
		return plain.Number(*to)
	case to == nil:
		return "was " + plain.Number(*from)
	case *from == *to:
		return plain.Number(*to)
	}
	return plain.Number(*from) + " → " + plain.Number(*to)
}

// customerChanges are the words for what became of customers.
var customerChanges = []struct{ kind, title string }{
	{"came", "Customers that came"}, {"went", "Customers that went"}, {"bought", "Licenses bought"}, {"returned", "Licenses returned"}}

// CustomersOnPaper are the customers that came and went, and those that
// bought and returned licenses, a table each.
func CustomersOnPaper(r *report.Report, most int) (list []Table) {
	if r.Changes == nil {
		return nil
	}
	for _, k := range customerChanges {
		var of []*report.CustomerChange
		for i := range r.Changes.Customers {
			if c := &r.Changes.Customers[i]; c.Kind == k.kind {
				of = append(of, c)
			}
		}
		if len(of) > 0 {
			list = append(list, customerChangeTable(r, k.title, of, most))
		}
	}
	return sameColumns(list)
}

func customerChangeTable(r *report.Report, title string, of []*report.CustomerChange, most int) Table {
	t := Table{Noun: "customer", Whole: &Whole{Count: len(of)}, Further: max(len(of)-most, 0), Heads: []Head{{Text: "Customer", Kind: cell.KindText, Paper: 32},
		{Text: "License", Kind: cell.KindText, Paper: 22}, {Text: "Acquired", Kind: cell.KindCount, Paper: 18}, {Text: "Change", Kind: cell.KindDelta, Paper: 10},
		{Text: "Used", Kind: cell.KindCount, Paper: 16}}}
	money := comparesMoney(r)
	if money {
		t.Heads = append(t.Heads, Head{Text: "Exposure", Kind: cell.KindSigned, Paper: 15}, Head{Text: "Unused value", Kind: cell.KindSigned, Paper: 15})
	}
	t.Heads = append(t.Heads, Head{Text: "Manager", Kind: cell.KindText, Paper: 21})
	slices.SortStableFunc(of, func(a, b *report.CustomerChange) int { return cmp.Compare(abs(licensesOf(b)), abs(licensesOf(a))) })
	var licenses int64
	for _, c := range of {
		licenses += licensesOf(c)
	}
	t.Title = title + ": " + countCustomers(len(of)) + ", " + signedCount(licenses) + " acquired " + plain.Noun(abs(licenses), "license")
	t.Whole.Sums = []Sum{{Of: "licenses", Value: decimal.NewFromInt(abs(licenses))}}
	for _, c := range of[:min(len(of), most)] {
		t.Rows = append(t.Rows, Row{Cells: customerChangeCells(c, money), Worth: []decimal.Decimal{decimal.NewFromInt(abs(licensesOf(c)))}})
	}
	return t
}

func customerChangeCells(c *report.CustomerChange, money bool) []Cell {
	name := Cell{Value: cell.Text(c.Name)}
	if c.Customer >= 0 {
		name.To = toCustomer(c.Customer)
	}
	change := Cell{}
	if n := licensesOf(c); n != 0 {
		change = Is(cell.Int(n))
	}
	cells := []Cell{name, text(c.LicenseName), text(countsFromTo(c.Acquired)), change, text(countsFromTo(c.Used))}
	if money {
		cells = append(cells, Is(moved(c.Exposure[1].Sub(c.Exposure[0]))), Is(moved(c.Value[1].Sub(c.Value[0]))))
	}
	return append(cells, text(c.Manager))
}

// licensesOf is how many acquired licenses a customer's change adds.
func licensesOf(c *report.CustomerChange) int64 { return c.Acquired[1].N - c.Acquired[0].N }

func countsFromTo(n [2]fetch.Count) string {
	known := func(c fetch.Count) *int64 {
		if !c.Known() {
			return nil
		}
		return &c.N
	}
	return fromTo(known(n[0]), known(n[1]))
}

func abs(n int64) int64 { return max(n, -n) }

func signedCount(n int64) string { return cell.Int(n).Format(cell.KindDelta) }

// RulesByAmount are the rules that found something, by what their findings
// are worth, then by severity.
func RulesByAmount(r *report.Report) (order []int) {
	for i := range r.Rules {
		if t := &r.Rules[i].Tally; t[rules.Finding]+t[rules.Waived] > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return ruleWorth(&r.Rules[b]).Cmp(ruleWorth(&r.Rules[a])) })
	return order
}

func ruleWorth(rule *report.Rule) decimal.Decimal { return rule.Money.Exposure.Add(rule.Money.Unused) }

// RulesShown says for how many of the rules that found something there is
// room, and what their findings are worth; "" for all.
func RulesShown(r *report.Report, order []int, shown int) string {
	if shown >= len(order) {
		return ""
	}
	t := Table{Whole: &Whole{Count: len(order)}, Further: len(order) - shown}
	exposure, unused := decimal.Zero, decimal.Zero
	for at, i := range order {
		m := &r.Rules[i].Money
		exposure, unused = exposure.Add(m.Exposure), unused.Add(m.Unused)
		if at < shown {
			t.Rows = append(t.Rows, Row{Worth: []decimal.Decimal{m.Exposure, m.Unused}})
		}
	}
	if r.Currency != "" {
		t.Whole.Sums = []Sum{{r.Currency, "exposure", exposure}, {r.Currency, "unused value", unused}}
	}
	return "Rules with findings: " + t.shown()
}

// FindingsOnPaper are the findings of some rules, a table a rule with the most
// valuable first and waived ones last; all have the same columns. Of a rule
// that is not about licenses there are others rows.
func FindingsOnPaper(r *report.Report, order []int, most, others int) (list []Table) {
	for _, rule := range order {
		t := Table{Title: r.Rules[rule].Title, Noun: "finding", Heads: []Head{{Text: "Customer", Kind: cell.KindText, Paper: 30},
			{Text: "Finding", Kind: cell.KindLongText, Paper: 72}, {Text: "Licenses", Kind: cell.KindCount, Paper: 8}}}
		if r.Currency != "" {
			t.Heads = append(t.Heads, Head{Text: "× price", Kind: cell.KindMoney, Paper: 8}, Head{Text: "Amount", Kind: cell.KindMoney, Paper: 10})
		}
		t.Heads = append(t.Heads, Head{Text: "Open since", Kind: cell.KindDate, Paper: 11})
		if r.Rules[rule].Quantity == "" {
			list = append(list, findingRows(r, rule, others, t))
		} else {
			list = append(list, findingRows(r, rule, most, t))
		}
	}
	return sameColumns(list)
}

func findingRows(r *report.Report, rule, most int, t Table) Table {
	rows := slices.Clone(FindingsOf(r, rule))
	slices.SortStableFunc(rows, func(a, b int) int {
		x, y := &r.Findings[a], &r.Findings[b]
		return cmp.Or(cmp.Compare(waivedLast(x), waivedLast(y)), counted(r, y).Cmp(counted(r, x)), cmp.Compare(licenses(y), licenses(x)))
	})
	sum := decimal.Zero
	for _, row := range rows {
		sum = sum.Add(counted(r, &r.Findings[row]))
	}
	t.Whole, t.Further = &Whole{Count: len(rows)}, max(len(rows)-most, 0)
	if r.Currency != "" {
		t.Whole.Sums = []Sum{{Currency: r.Currency, Value: sum}}
	}
	for _, row := range rows[:min(len(rows), most)] {
		f := &r.Findings[row]
		t.Rows = append(t.Rows, Row{Cells: shortFinding(r, row, f), Worth: []decimal.Decimal{counted(r, f)}})
	}
	return t
}

// shortFinding names the connection only where the message does not.
func shortFinding(r *report.Report, row int, f *report.Finding) []Cell {
	what := printedMessage(r, row)
	if f.Connection >= 0 {
		if name := r.Connections[f.Connection].Name; name.S == "" || strings.Contains(f.Message, name.S) {
			what.Small = nil
		}
	}
	if r.Currency != "" && f.CountedBy >= 0 {
		what.Small = append(what.Small, CountsAs(r, f).String())
	}
	cells := []Cell{{Value: cell.Text(r.Customers[f.Customer].Name()), To: toCustomer(f.Customer)}, what, Is(findingQuantity(r, f))}
	if r.Currency != "" {
		price := Cell{}
		if f.Quantity != nil {
			price = Is(moneyOrUnknown(f.UnitPrice))
		}
		cells = append(cells, price, Is(ofLicenses(f, f.Amount)))
	}
	since := Cell{}
	if r.Changes != nil {
		since = Is(cell.Time(f.Since))
		if f.Change == report.New || f.Change == report.Reopened {
			since.Small = []string{string(f.Change)}
		}
	}
	return append(cells, since)
}

// counted is what a finding adds to the sums of open findings.
func counted(r *report.Report, f *report.Finding) decimal.Decimal {
	if as := r.CountsAs(f); f.Amount == nil || as != "exposure" && as != "unused" {
		return decimal.Zero
	}
	return *f.Amount
}

func waivedLast(f *report.Finding) int {
	if f.Verdict == rules.Waived {
		return 1
	}
	return 0
}

func licenses(f *report.Finding) int64 {
	if f.Quantity == nil {
		return 0
	}
	return *f.Quantity
}

// WaiversOnPaper are the waivers by their end: those that still count, the
// next to end first, then those that have ended, the last first.
func WaiversOnPaper(r *report.Report, most int) Table {
	t := Table{Title: SheetWaivers, Noun: "waiver", Whole: &Whole{Count: len(r.Waivers)}, Further: max(len(r.Waivers)-most, 0), Heads: []Head{
		{Text: "Last day", Kind: cell.KindDate, Paper: 12}, {Text: "State", Kind: cell.KindText, Paper: 14}, {Text: "What is waived", Kind: cell.KindText, Paper: 48},
		{Text: "Customers", Kind: cell.KindText, Paper: 30}, {Text: "Findings", Kind: cell.KindCount, Paper: 9}}}
	if r.Currency != "" {
		t.Heads = append(t.Heads, Head{Text: "Amount", Kind: cell.KindMoney, Paper: 14})
	}
	t.Heads = append(t.Heads, Head{Text: "Owner and reason", Kind: cell.KindText, Paper: 36})
	sum := decimal.Zero
	for i := range r.Waivers {
		sum = sum.Add(waiverWorth(r, &r.Waivers[i]))
	}
	if r.Currency != "" {
		t.Whole.Sums = []Sum{{Currency: r.Currency, Value: sum}}
	}
	for row := range min(len(r.Waivers), most) {
		w := waiverAt(r, row)
		t.Rows = append(t.Rows, Row{Cells: waiverCells(r, w), Worth: []decimal.Decimal{waiverWorth(r, w)}})
	}
	return t
}

// waiverWorth is the known amount of what a waiver waives.
func waiverWorth(r *report.Report, w *report.Waiver) decimal.Decimal {
	d, _ := WaiverAmount(r, w).Money()
	return d
}

func waiverCells(r *report.Report, w *report.Waiver) []Cell {
	state := Is(cell.Text(string(w.State)))
	state.Bold = w.State != rules.WaiverActive
	state.Small = []string{plain.Counted(abs(int64(w.DaysLeft)), "day") + " left"}
	if w.DaysLeft < 0 {
		state.Small = []string{plain.Counted(-int64(w.DaysLeft), "day") + " ago"}
	}
	what := Cell{Value: cell.Text(ruleTitle(r, w.Rule)), Small: []string{w.ID + ", " + w.Rule}}
	customers := Cell{Value: cell.Text(w.Waiver.Customer)}
	if names, more := waivedFirst(r, w); len(names) > 0 {
		customers = Cell{Value: cell.Text(strings.Join(names, "; "))}
		if more > 0 {
			customers.Small = []string{"and " + plain.Number(more) + " more: " + w.Waiver.Customer}
		}
	}
	if w.SIPConnection != "" {
		customers.Small = append(customers.Small, "connection "+w.SIPConnection)
	}
	owner := Cell{Value: cell.Text(w.Owner), Small: []string{w.Reason}}
	if w.Ticket != "" {
		owner.Value = cell.Text(w.Owner + ", " + w.Ticket)
	}
	cells := []Cell{Is(cell.Time(w.Expires.Time())), state, what, customers, count(w.Findings)}
	if r.Currency != "" {
		cells = append(cells, WaiverAmount(r, w))
	}
	return append(cells, owner)
}

// ruleTitle is the title of a rule by its id.
func ruleTitle(r *report.Report, id string) string {
	if i := slices.IndexFunc(r.Rules, func(rule report.Rule) bool { return rule.ID == id }); i >= 0 {
		return r.Rules[i].Title
	}
	return id
}
