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

// Fact is a name with what it stands for.
type Fact struct{ Name, Text string }

// Section is what print says about one customer.
type Section struct {
	Name        string
	Facts       []Fact
	Counts      []Fact // acquired, used, delta
	Utilization cell.Value
	Months      []fetch.Month // of the license history, for a chart; none without one
	Findings    Table
	Connections Table
	Note        string // about rules that could not be evaluated; "" for none
}

// SectionOf gathers a customer's section; its tables have their first rows.
func SectionOf(r *report.Report, customer, most int) Section {
	c := &r.Customers[customer]
	s := Section{Name: c.Name(), Utilization: utilizationValue(c), Months: UsedMonths(c), Findings: findingsAbout(r, c, most), Connections: connectionsOf(r, c, most),
		Facts: []Fact{{"Short name", apiText(c.CustomerShortName, "–")}, {"License", c.LicenseName}},
		Counts: []Fact{{"Acquired", orWords(AcquiredValue(c), cell.KindCount, "not by user count")},
			{"Used", needed(c.Used).Format(cell.KindCount)}, {"Delta", orWords(DeltaValue(c), cell.KindDelta, "–")}}}
	for _, f := range []Fact{{"Manager", c.Manager}, {"Instance", c.Instance}} {
		if f.Text != "" {
			s.Facts = append(s.Facts, f)
		}
	}
	s.Facts = append(s.Facts, Fact{"Connections", connectionWords(c)}, Fact{"Customer GUID", c.UmpCustomerGuid},
		Fact{"Microsoft tenant", apiText(c.MsTenantId, "none")})
	if c.NotEvaluable > 0 {
		s.Note = plain.Counted(c.NotEvaluable, "rule") + " could not be evaluated for this customer; see Data quality."
	}
	return s
}

// orWords writes a value, or other words for what has nothing to say.
func orWords(v cell.Value, kind cell.Kind, empty string) string {
	if v.IsEmpty() {
		return empty
	}
	return v.Format(kind)
}

// apiText shows a text of the API: null is what it means there.
func apiText(t fetch.Text, null string) string {
	if t.State == fetch.Null || t.Known() && t.S == "" {
		return null
	}
	return orUnknown(t).String()
}

func countCustomers(n int) string { return plain.Counted(n, "customer") }

// connectionWords counts a customer's connections by state and by type.
func connectionWords(c *report.Customer) string {
	if c.Sites != fetch.Known {
		return "unknown"
	}
	n := c.Connections[1] - c.Connections[0]
	if n == 0 {
		return "none"
	}
	return plain.Number(n) + " · " + valueCounts(c.ByState) + " · " + valueCounts(c.ByType)
}

func valueCounts(counts []report.StateCount) string {
	if len(counts) == 1 {
		return counts[0].Value
	}
	return stateCounts(counts).String()
}

// findingsAbout lists a customer's findings; those of one rule about several
// connections with the same waiver are one row.
func findingsAbout(r *report.Report, c *report.Customer, most int) Table {
	t := Table{Title: "Findings", Noun: "finding", Heads: []Head{{Text: "Severity", Kind: cell.KindSeverity, Paper: 14},
		{Text: "Finding", Kind: cell.KindLongText, Paper: 66}, {Text: "Amount", Kind: cell.KindMoney, Paper: 17},
		{Text: "Open since", Kind: cell.KindText, Paper: 16}}}
	rows := slices.Clone(c.Findings)
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(r.Findings[a].Rule, r.Findings[b].Rule) })
	from := 0
	for from < len(rows) && len(t.Rows) < most {
		to := from + 1
		for to < len(rows) && together(&r.Findings[rows[from]], &r.Findings[rows[to]]) {
			to++
		}
		t.Rows = append(t.Rows, Row{Stands: to - from, Cells: findingCells(r, rows[from:to])})
		from = to
	}
	t.Further = len(rows) - from
	return t.filled()
}

func together(a, b *report.Finding) bool {
	return a.Rule == b.Rule && a.Verdict == b.Verdict && a.Waiver == b.Waiver
}

func findingCells(r *report.Report, group []int) []Cell {
	f := &r.Findings[group[0]]
	rule := &r.Rules[f.Rule]
	what := Cell{Value: cell.Text(rule.Title), Bold: true, Lines: []string{f.Message}}
	if len(group) > 1 {
		all := r.Customers[f.Customer].Connections
		what.Lines[0] = plain.Number(len(group)) + " of " + plain.Counted(all[1]-all[0], "SIP connection") + ", listed below"
	}
	if f.Verdict == rules.Waived {
		what.Mark = WaivedBy(r, f)
	}
	since := Cell{}
	if r.Changes != nil && len(group) == 1 {
		since = text(OpenSince(f))
	}
	return []Cell{Is(cell.Severity(rule.Severity)), what, groupAmount(r, group), since}
}

// groupAmount is the amount of some findings and the sum it counts in; empty
// if they are not about licenses.
func groupAmount(r *report.Report, group []int) Cell {
	f := &r.Findings[group[0]]
	if !f.Licenses || r.Currency == "" {
		return Cell{}
	}
	sum := decimal.Zero
	out := Cell{Value: cell.Unknown(), Small: []string{CountsAs(r, f).String()}}
	for _, at := range group {
		amount := r.Findings[at].Amount
		if amount == nil {
			return out
		}
		sum = sum.Add(*amount)
	}
	out.Value = cell.Money(sum)
	return out
}

// connectionsOf lists the connections that findings concern: those named by a
// finding, and all of them if a rule about the whole customer read them.
func connectionsOf(r *report.Report, c *report.Customer, most int) Table {
	about, all := map[int][]int{}, false
	for _, at := range c.Findings {
		f := &r.Findings[at]
		switch {
		case f.Connection >= 0:
			about[f.Connection] = append(about[f.Connection], at)
		case r.Rules[f.Rule].Reads("SiteLocation"):
			all = true
		}
	}
	var rows []int
	for i := c.Connections[0]; i < c.Connections[1]; i++ {
		if all || len(about[i]) > 0 {
			rows = append(rows, i)
		}
	}
	groups := alike(r, rows, about)
	t := connectionsSheetOnPaper(r, groups, most)
	t.Heads = append(t.Heads, Head{Text: "Findings", Kind: cell.KindText, Paper: 30})
	for at := range t.Rows {
		found := Cell{}
		for _, f := range about[groups[at][0]] {
			words := r.Rules[r.Findings[f].Rule].ID
			if since := OpenSince(&r.Findings[f]); since != "" {
				words += ", since " + since
			}
			found.Small = append(found.Small, words)
		}
		t.Rows[at].Cells = append(t.Rows[at].Cells, found)
		if n := len(groups[at]); n > 1 {
			t.Rows[at].Cells[0] = groupName(r, groups[at], c.Connections[1]-c.Connections[0])
		}
	}
	return t.filled()
}

// few is up to how many connections that are alike are listed one by one.
const few = 3

// alike groups connections of which the same is to be said: on one SBC, in one
// state, of one type and with the same findings. The largest group is first;
// few of a kind stay apart.
func alike(r *report.Report, rows []int, about map[int][]int) [][]int {
	at := map[string]int{}
	var groups [][]int
	for _, row := range rows {
		c := &r.Connections[row]
		key := strings.Join([]string{c.Sbc(), orUnknown(c.SbcDeploymentState).String(), orUnknown(c.SbcConfigurationType).String()}, "\x00")
		for _, f := range about[row] {
			x := &r.Findings[f]
			key += "\x00" + r.Rules[x.Rule].ID + OpenSince(x) + x.Verdict.String()
		}
		n, known := at[key]
		if !known {
			n = len(groups)
			at[key], groups = n, append(groups, nil)
		}
		groups[n] = append(groups[n], row)
	}
	var out [][]int
	for _, g := range groups {
		if len(g) > few {
			out = append(out, g)
			continue
		}
		for _, row := range g {
			out = append(out, []int{row})
		}
	}
	slices.SortStableFunc(out, func(a, b []int) int { return cmp.Compare(len(b), len(a)) })
	return out
}

// connectionsSheetOnPaper has a row for each of the first groups: its first
// connection.
func connectionsSheetOnPaper(r *report.Report, groups [][]int, most int) Table {
	first := make([]int, len(groups))
	for i, g := range groups {
		first[i] = g[0]
	}
	sheet := connectionsSheet()
	t := sheet.OnPaper(r, first, most)
	for _, g := range groups[len(t.Rows):] {
		t.Further += len(g)
	}
	return t
}

// groupName counts the connections of a group, and names the first.
func groupName(r *report.Report, group []int, of int) Cell {
	var names []string
	for _, row := range group[:few] {
		names = append(names, apiText(r.Connections[row].Name, "without a name"))
	}
	return Cell{Value: cell.Text(plain.Number(len(group)) + " of " + plain.Number(of)), Bold: true,
		Small: []string{strings.Join(names, ", ") + " and " + plain.Number(len(group)-few) + " more"}}
}
