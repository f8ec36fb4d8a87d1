package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"trueup/fetch"
	"trueup/fetch/plain"
)

// maxUnmapped is how many values of a field are named; the others are counted.
const maxUnmapped = 20

// unmapped tells of the values of SIP connections whose meaning neither the
// vendor nor the settings say: one problem for each.
func (r *Report) unmapped() (problems []fetch.Problem) {
	for _, field := range []struct {
		name  string
		value func(*Connection) *fetch.Text
		known []string
	}{
		{"sbcDeploymentState", func(c *Connection) *fetch.Text { return &c.SbcDeploymentState }, []string{"deployed"}},
		{"sbcConfigurationType", func(c *Connection) *fetch.Text { return &c.SbcConfigurationType }, []string{"siptrunk", "byoc"}},
	} {
		values := r.unknownValues(field.value, field.known)
		decides := slices.ContainsFunc(r.Rules, func(rule Rule) bool {
			return rule.Enabled && (rule.Reads(field.name) || rule.Reads("SiteLocation"))
		})
		for _, v := range values[:min(len(values), maxUnmapped)] {
			kind := KindFewUnmapped
			if decides && v.Count*10 > len(r.Connections) {
				kind = KindUnmapped
			}
			problems = append(problems, fetch.Problem{Kind: kind, Text: fmt.Sprintf("%s %s: %s; say what it means under values:",
				field.name, plain.TextMax(v.Value, 60), plain.Counted(v.Count, "connection"))})
		}
		if further := len(values) - maxUnmapped; further > 0 {
			problems = append(problems, fetch.Problem{Kind: KindFewUnmapped,
				Text: field.name + ": " + plain.Counted(further, "more value") + " whose meaning is not known; say what they mean under values:"})
		}
	}
	return problems
}

// unknownValues counts the connections by the values without a meaning, the
// most frequent first. Letters in capitals make no other value.
func (r *Report) unknownValues(value func(*Connection) *fetch.Text, known []string) []StateCount {
	raw := map[string]int{} // the few values that there are, as they were sent
	for i := range r.Connections {
		if t := value(&r.Connections[i]); t.Meaning == nil && t.S != "" {
			raw[t.S]++
		}
	}
	byKey := map[string]StateCount{}
	for s, n := range raw {
		key := strings.ToLower(s)
		if strings.TrimSpace(key) == "" || slices.Contains(known, key) {
			continue
		}
		c, more := byKey[key]
		if !more || s < c.Value {
			c.Value = s
		}
		c.Count += n
		byKey[key] = c
	}
	return slices.SortedFunc(maps.Values(byKey), func(a, b StateCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
	})
}
