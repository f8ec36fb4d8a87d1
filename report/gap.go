package report

import (
	"cmp"
	"fmt"
	"strings"
)

// Gap names the instances that gave no customers, and why; "" if the report is
// complete. It stands on the first page of everything, so that no report with a gap
// looks complete.
func (r *Report) Gap() string {
	var failed []string
	for _, s := range r.Sources {
		if s.Failed != "" {
			failed = append(failed, cmp.Or(s.Name, s.URL)+" ("+s.Failed+")")
		}
	}
	if len(failed) == 0 {
		return ""
	}
	return "INCOMPLETE: no customers from " + strings.Join(failed, ", ")
}

// Mark stands on every page and sheet of a report that is incomplete or shows
// invented customers; "" for all others.
func (r *Report) Mark() string {
	if r.Sample {
		return "SAMPLE: invented customers"
	}
	var names []string
	for _, s := range r.Sources {
		if s.Failed != "" {
			names = append(names, cmp.Or(s.Name, s.URL))
		}
	}
	switch {
	case len(names) == 0:
		return ""
	case len(names) > 3:
		return fmt.Sprintf("INCOMPLETE: no customers from %d of %d instances", len(names), len(r.Sources))
	}
	return "INCOMPLETE: no customers from " + strings.Join(names, ", ")
}

// MarkWord is the first word of Mark: SAMPLE or INCOMPLETE.
func (r *Report) MarkWord() string {
	word, _, _ := strings.Cut(r.Mark(), ":")
	return word
}
