package tables

import (
	"trueup/fetch/plain"
	"trueup/report"
	"trueup/rules"
)

// Chart is the data of one chart of bars.
type Chart struct {
	Title, Remark string
	Bars          []Bar
	Nothing       string // what to say in place of a chart; "" if there is one
}

// Bar is one bar.
type Bar struct {
	Name     string
	Count    int
	Severity rules.Severity // its colour, in charts of findings
	Over     bool           // beyond the limit, in the chart of utilization
	To       Target
}

// SeverityChart shows the open findings by severity.
func SeverityChart(r *report.Report) Chart {
	c := Chart{Title: "Findings by severity"}
	for _, s := range rules.Severities {
		c.Bars = append(c.Bars, Bar{Name: s.String(), Count: r.Totals.BySeverity[s], Severity: s})
	}
	switch n := r.Totals.NotEvaluable; {
	case r.Totals.Findings > 0:
	case n > 0:
		c.Nothing = "No open finding; " + plain.Counted(n, "verdict") + " could not be given."
	default:
		c.Nothing = "No open finding."
	}
	return c
}

// RuleChart shows the rules that found something, in the report's order.
func RuleChart(r *report.Report) Chart {
	c := Chart{Title: "Findings by rule"}
	for i := range r.Rules {
		rule := &r.Rules[i]
		if n := rule.Tally[rules.Finding]; n > 0 {
			c.Bars = append(c.Bars, Bar{Name: rule.Title, Count: n, Severity: rule.Severity, To: Target{SheetRules, i, true}})
		}
	}
	return c
}

// UtilizationChart counts the customers by how much of their licenses they use.
func UtilizationChart(r *report.Report) Chart {
	c := Chart{Title: "Utilization", Remark: "customers by used per acquired"}
	limits := []struct {
		name  string
		limit float64
	}{{"0–20 %", 0.2}, {"20–40 %", 0.4}, {"40–60 %", 0.6}, {"60–80 %", 0.8}, {"80–90 %", 0.9}, {"90–100 %", 1}}
	for _, l := range limits {
		c.Bars = append(c.Bars, Bar{Name: l.name})
	}
	c.Bars = append(c.Bars, Bar{Name: "> 100 %", Over: true})
	none := 0
	for i := range r.Customers {
		u := r.Customers[i].Utilization
		if u == nil {
			none++
			continue
		}
		at := 0
		for at < len(limits) && *u > limits[at].limit {
			at++
		}
		c.Bars[at].Count++
	}
	if none > 0 {
		c.Remark += ", " + plain.Number(none) + " without"
	}
	if none == len(r.Customers) {
		c.Nothing = "No customer has both counts."
	}
	return c
}
