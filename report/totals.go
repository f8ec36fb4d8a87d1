package report

import (
	"trueup/fetch"
	"trueup/rules"
)

// summarize computes every sum from the rows, for the book and for a pack
// alike, so that no sum can differ from what it sums.
func (r *Report) summarize(prices Prices) {
	r.customerSums()
	r.controlTotals()
	r.ruleSums()
	r.positions(prices)
	r.managerSums()
	r.quality()
}

// customerSums sets money and verdict of each customer.
func (r *Report) customerSums() {
	for i := range r.Customers {
		c := &r.Customers[i]
		if r.Currency != "" {
			m := r.moneyOf(c)
			c.Exposure, c.Unused, c.NoExposure, c.NoUnused = &m.Exposure, &m.Unused, m.UnpricedExposure, m.UnpricedUnused
		}
		c.Verdict = c.verdict()
	}
}

// moneyOf sums the findings of a customer, and counts what the sums leave out.
func (r *Report) moneyOf(c *Customer) MoneyTotals {
	m := r.foundMoney(c)
	if r.Currency == "" {
		return m
	}
	return m.Add(m.wanting(c))
}

// openOf are the sums of what is open of a customer.
func (r *Report) openOf(c *Customer) Sums {
	m := r.moneyOf(c)
	return Sums{c.OpenFindings(), m.Exposure, m.Unused, m.UnpricedExposure, m.UnpricedUnused}
}

func (r *Report) foundMoney(c *Customer) (m MoneyTotals) {
	for _, at := range c.Findings {
		f := &r.Findings[at]
		m.add(f, r.Rules[f.Rule].Rule.Money)
	}
	return m
}

func (c *Customer) verdict() CustomerVerdict {
	switch {
	case c.OpenFindings() > 0:
		return VerdictFinding
	case c.NotEvaluable > 0:
		return VerdictUnknown
	case c.Waived > 0:
		return VerdictWaived
	}
	return VerdictOK
}

func (r *Report) controlTotals() {
	r.Totals = r.totalsBy([]string{""}, func(int) string { return "" })[""]
}

// totalsBy are the control totals of groups of customers: of those given, and
// of any other that a customer is in.
func (r *Report) totalsBy(groups []string, groupOf func(customer int) string) map[string]Totals {
	sums := map[string]*Totals{}
	for _, g := range groups {
		sums[g] = r.newTotals()
	}
	at := func(customer int) *Totals {
		g := groupOf(customer)
		if sums[g] == nil {
			sums[g] = r.newTotals()
		}
		return sums[g]
	}
	for i := range r.Customers {
		c := &r.Customers[i]
		at(i).addCustomer(c, r.moneyOf(c))
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		at(f.Customer).addFinding(f, &r.Rules[f.Rule])
	}
	totals := make(map[string]Totals, len(sums))
	for g, t := range sums {
		totals[g] = *t
	}
	return totals
}

// newTotals are zero, with every severity and every rule that could have found
// something.
func (r *Report) newTotals() *Totals {
	t := &Totals{BySeverity: map[rules.Severity]int{}, ByRule: map[string]int{}, MoneyBySeverity: map[rules.Severity]MoneyTotals{}}
	for _, severity := range rules.Severities {
		t.BySeverity[severity] = 0
	}
	for _, rule := range r.Rules {
		if rule.Enabled {
			t.ByRule[rule.ID] = 0
		}
	}
	return t
}

func (t *Totals) addCustomer(c *Customer, money MoneyTotals) {
	t.Money = t.Money.Add(money)
	t.Customers++
	t.SIPConnections += c.Connections[1] - c.Connections[0]
	t.NotEvaluable += c.NotEvaluable
	t.Accepted += c.Accepted
	t.Acquired += c.LicensedUsersCount.N
	t.ActiveUsers += c.Used.N
	if c.Sites != fetch.Known {
		t.NoConnections++
	}
	if c.AcquiredUnknown() {
		t.NoAcquired++
	}
	if !c.Used.Known() {
		t.NoActive++
	}
	switch c.verdict() {
	case VerdictFinding:
		t.WithFindings++
	case VerdictOK:
		t.Clean++
	}
}

func (t *Totals) addFinding(f *Finding, rule *Rule) {
	m := t.MoneyBySeverity[rule.Severity]
	m.add(f, rule.Rule.Money)
	t.MoneyBySeverity[rule.Severity] = m
	if f.Verdict == rules.Waived {
		t.Waived++
		return
	}
	t.Findings++
	t.BySeverity[rule.Severity]++
	t.ByRule[rule.ID]++
}

func (r *Report) ruleSums() {
	for i := range r.Rules {
		r.Rules[i].Money = MoneyTotals{}
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		rule := &r.Rules[f.Rule]
		rule.Money.add(f, rule.Rule.Money)
	}
}

// managerSums groups by account manager; the builder has set their names.
func (r *Report) managerSums() {
	at := map[string]int{}
	for i, m := range r.Managers {
		at[m.Name] = i
		r.Managers[i] = Manager{Name: m.Name, Email: m.Email}
	}
	for i := range r.Customers {
		c := &r.Customers[i]
		if n, ok := at[c.Manager]; ok {
			m := &r.Managers[n]
			m.Customers++
			m.Findings += c.OpenFindings()
			m.Severe += c.BySeverity[rules.High] + c.BySeverity[rules.Critical]
			m.Money = m.Money.Add(r.moneyOf(c))
		}
	}
}

// managerChanges adds what only a comparison can tell, and the waivers that end.
func (r *Report) managerChanges() {
	at := map[string]*Manager{}
	for i := range r.Managers {
		at[r.Managers[i].Name] = &r.Managers[i]
	}
	ending := map[string]map[int]bool{}
	ends := func(customer, waiver int) {
		name := r.Customers[customer].Manager
		if m := at[name]; m != nil && waiver >= 0 && r.Waivers[waiver].State == rules.WaiverEnding {
			if ending[name] == nil {
				ending[name] = map[int]bool{}
			}
			ending[name][waiver] = true
			m.Ending = len(ending[name])
		}
	}
	for _, n := range r.NotEvaluable {
		ends(n.Customer, n.Waiver)
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		m := at[r.Customers[f.Customer].Manager]
		switch {
		case m == nil:
		case f.Verdict == rules.Waived:
			ends(f.Customer, f.Waiver)
		default:
			if f.Change == New || f.Change == Reopened {
				m.New++
			}
			if !f.Since.IsZero() && (m.Oldest.IsZero() || f.Since.Before(m.Oldest)) {
				m.Oldest = f.Since
			}
		}
	}
}

// quality lists all that could not be judged and all that is odd, as one.
func (r *Report) quality() {
	r.Quality = nil
	at := r.customersWithProblems()
	for _, p := range r.Problems {
		row := QualityRow{Kind: p.Kind, Customer: -1, Text: p.Text}
		if i, ok := at[[2]string{p.Instance, p.GUID}]; ok {
			row.Customer = i
		}
		r.Quality = append(r.Quality, row)
	}
	for _, n := range r.NotEvaluable {
		text := n.Reason
		if n.Connection >= 0 {
			text = "connection " + orUnknown(r.Connections[n.Connection].Name) + ": " + text
		}
		if n.Waiver >= 0 {
			text += "; accepted by " + r.Waivers[n.Waiver].Until()
		}
		r.Quality = append(r.Quality, QualityRow{
			Kind: "not-evaluable", Rule: r.Rules[n.Rule].ID, Customer: n.Customer, Text: text})
	}
}

// customersWithProblems finds the customers that problems are about; of
// several with one GUID the first.
func (r *Report) customersWithProblems() map[[2]string]int {
	at := map[[2]string]int{}
	for _, p := range r.Problems {
		if p.GUID != "" {
			at[[2]string{p.Instance, p.GUID}] = -1
		}
	}
	if len(at) == 0 {
		return at
	}
	for i := range r.Customers {
		key := customerKey(&r.Customers[i])
		if first, wanted := at[key]; wanted && first < 0 {
			at[key] = i
		}
	}
	return at
}
