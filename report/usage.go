package report

import (
	"fmt"

	"trueup/fetch"
	"trueup/rules"
)

// used is what a customer uses by a measure; Absent where its license history does
// not tell.
func used(c *fetch.Customer, measure string) fetch.Count {
	if measure == rules.Current {
		return c.ActiveUserCount
	}
	if !c.Usage.Known() {
		return fetch.Count{}
	}
	m := c.Usage.Month(c.Usage.Measured())
	switch {
	case !m.Enough():
		return fetch.Count{}
	case measure == rules.Peak:
		return m.Peak
	}
	return m.Rounded()
}

// besides is the measure that stands beside another one.
func besides(measure string) string {
	if measure == rules.Peak {
		return rules.Current
	}
	return rules.Peak
}

// usageDiffers tells where the moment and the history do not say the same, before
// anybody bills by a peak.
func (r *Report) usageDiffers() (problems []fetch.Problem) {
	for i := range r.Customers {
		c := &r.Customers[i]
		if !c.Usage.Known() || !c.ActiveUserCount.Known() {
			continue
		}
		newest, day := c.Usage.Newest()
		if newest.Known() && newest != c.ActiveUserCount {
			problems = append(problems, fetch.Problem{Kind: "usage-differs", Instance: c.Instance, GUID: c.UmpCustomerGuid,
				Text: fmt.Sprintf("%s: ActiveUserCount is %s, and the newest currentlyLicensed, of %s, is %s", c.Name(), c.ActiveUserCount, day, newest)})
		}
	}
	return Bounded(problems)
}

// UsageMonth is what one customer used in one month.
type UsageMonth struct {
	Customer int // index into Report.Customers
	fetch.Month
	Measured bool           // the month that is judged
	Forecast fetch.Forecast // of the customer, the same for all its months
}

// Utilization is the peak per license acquired then; false if that is not known, or
// none was.
func (m *UsageMonth) Utilization() (float64, bool) {
	if !m.Peak.Known() || !m.Acquired.Known() || m.Acquired.N == 0 {
		return 0, false
	}
	return float64(m.Peak.N) / float64(m.Acquired.N), true
}

// usage lists the months of all license histories, by customer, oldest first.
func (r *Report) usage() {
	for i := range r.Customers {
		u := r.Customers[i].Usage
		if !u.Known() {
			continue
		}
		forecast := u.Forecast(r.Customers[i].LicensedUsersCount)
		for _, m := range u.Months() {
			r.Usage = append(r.Usage, UsageMonth{Customer: i, Month: m, Measured: m.First == u.Measured(), Forecast: forecast})
		}
	}
}
