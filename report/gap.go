package report

import (
	"strings"

	"trueup/fetch"
)

// Gap says what is missing from the report because an instance did not give
// its customers; "" if the report is whole. It stands on the first page of
// everything, so that no report with a gap looks like a whole one.
func (r *Report) Gap() string {
	var failed []string
	for _, s := range r.Sources {
		if s.Failed != "" {
			failed = append(failed, sourceName(s)+" ("+s.Failed+")")
		}
	}
	if len(failed) == 0 {
		return ""
	}
	return "INCOMPLETE: no customers from " + strings.Join(failed, ", ")
}

func sourceName(s fetch.Source) string {
	if s.Name != "" {
		return s.Name
	}
	return s.URL
}
