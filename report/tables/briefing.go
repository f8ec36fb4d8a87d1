package tables

import (
	"cmp"
	"slices"

	"trueup/report"
	"trueup/rules"
)

// Briefing is what a mail says of a report, in the form that the manifest has.
type Briefing struct {
	Headline string  `json:"headline,omitempty"`
	Subject  string  `json:"subject,omitempty"` // the headline's short form
	Largest  []Todo  `json:"largest,omitempty"`
	Found    []Found `json:"found,omitempty"` // rules with open findings, by severity, then amount
}

// Todo is what is to be done about one customer.
type Todo struct {
	Customer string `json:"customer"`
	Amount   string `json:"amount,omitempty"` // a month, with what it counts as; "" if unknown or not about licenses
	What     string `json:"what"`             // the finding that counts most
	Do       string `json:"do,omitempty"`
}

// Found is what one rule found.
type Found struct {
	Name     string `json:"title"`
	Severity string `json:"severity"`
	Count    int    `json:"findings"`
	Amount   string `json:"amount,omitempty"` // a month
}

// calls is how many customers a mail names.
const calls = 5

// BriefingOf gathers what a mail says of a report.
func BriefingOf(r *report.Report) Briefing {
	return Briefing{Headline: Headline(r), Subject: Short(r), Largest: largestTodos(r), Found: foundByRules(r)}
}

// largestTodos are about the customers that owe most; where fewer owe anything,
// about those with the most severe findings.
func largestTodos(r *report.Report) (todos []Todo) {
	done := map[int]bool{}
	add := func(f *report.Finding) {
		if f == nil || len(todos) == calls || done[f.Customer] {
			return
		}
		done[f.Customer] = true
		todos = append(todos, Todo{r.Customers[f.Customer].Name(), todoAmount(r, f), f.Message, r.Rules[f.Rule].Remediation})
	}
	for _, i := range r.TopExposures(calls) {
		add(owing(r, &r.Customers[i]))
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Verdict == rules.Finding {
			add(f)
		}
	}
	return todos
}

// todoAmount is what the customer owes, if the finding is about that, or what
// its unused licenses are worth.
func todoAmount(r *report.Report, f *report.Finding) string {
	c, kind := &r.Customers[f.Customer], r.CountsAs(f)
	amount := exposureOf
	if kind == "unused" {
		amount = unusedOf
	}
	switch {
	case kind == "" || r.Currency != "" && amount(c).IsUnknown():
		return ""
	case r.Currency == "" && f.Quantity == nil:
		return ""
	case r.Currency == "":
		return count(*f.Quantity).Counted("license") + map[string]string{"exposure": " over", "unused": " unused"}[kind]
	case kind == "unused":
		return InMoney(r, amount(c)) + " unused"
	}
	return InMoney(r, amount(c))
}

func foundByRules(r *report.Report) (found []Found) {
	order := slices.DeleteFunc(RulesByAmount(r), func(i int) bool { return r.Rules[i].Tally[rules.Finding] == 0 })
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := &r.Rules[a], &r.Rules[b]
		return cmp.Or(cmp.Compare(y.Severity, x.Severity), ruleWorth(y).Cmp(ruleWorth(x)), cmp.Compare(y.Tally[rules.Finding], x.Tally[rules.Finding]))
	})
	for _, i := range order {
		rule := &r.Rules[i]
		f := Found{Name: rule.Title, Severity: rule.Severity.String(), Count: rule.Tally[rules.Finding]}
		switch {
		case r.Currency == "":
		case !ExposureValue(rule).IsEmpty():
			f.Amount = InMoney(r, exposureCell(&rule.Money))
		case !UnusedValue(rule).IsEmpty():
			f.Amount = InMoney(r, unusedCell(&rule.Money)) + " unused"
		}
		found = append(found, f)
	}
	return found
}
