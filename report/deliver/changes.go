package deliver

import (
	"time"

	"trueup/report"
)

// Source is one place customers came from.
type Source struct {
	Name      string `json:"name"`
	Customers int    `json:"customers"`
	Failed    string `json:"failed,omitempty"`
}

// Changes counts what differs from the earlier snapshot, which is judged by
// today's rules.
type Changes struct {
	Since           time.Time `json:"since"` // as-of of the earlier snapshot
	New             int       `json:"new"`
	Reopened        int       `json:"reopened"`
	Resolved        int       `json:"resolved"`
	Persisting      int       `json:"persisting"`
	CustomersAdded  int       `json:"customersAdded"`
	CustomersGone   int       `json:"customersGone"`
	CustomersBefore int       `json:"customersBefore"`
	FindingsBefore  int       `json:"findingsBefore"`
	Lists           []List    `json:"lists,omitempty"` // of the book only
}

// List compares how many customers one instance listed.
type List struct {
	Instance string `json:"instance"`
	Before   int    `json:"before"`
	Now      int    `json:"now"`
}

func sourcesOf(r *report.Report) []Source {
	list := make([]Source, len(r.Sources))
	for i, s := range r.Sources {
		list[i] = Source{s.Name, s.Customers, s.Failed}
	}
	return list
}

// changesOf are a report's changes; nil if there is nothing to compare with.
func changesOf(r *report.Report) *Changes {
	c := r.Changes
	if c == nil {
		return nil
	}
	out := &Changes{Since: c.Baseline, New: c.New, Reopened: c.Reopened, Resolved: len(c.Resolved), Persisting: c.Persisting,
		CustomersAdded: c.CustomersAdded, CustomersGone: c.CustomersGone,
		CustomersBefore: c.CustomersBefore, FindingsBefore: c.FindingsBefore}
	if r.Manager == "" {
		for _, l := range c.Lists {
			out.Lists = append(out.Lists, List(l))
		}
	}
	return out
}
