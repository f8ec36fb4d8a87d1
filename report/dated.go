package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"trueup/fetch"
	"trueup/fetch/plain"
)

// Kinds of problems that tell of a report's place among the others.
const (
	KindDatedAnew = "dated-anew"       // its data are of another time than it was judged as of
	KindRenamed   = "instance-renamed" // all customers of an instance look new
)

// datedAnew tells that the report is no month of its own.
func (r *Report) datedAnew() []fetch.Problem {
	if r.DataAsOf.IsZero() {
		return nil
	}
	return []fetch.Problem{{Kind: KindDatedAnew,
		Text: "data of " + plain.Moment(r.DataAsOf) + ", judged as of " + plain.Moment(r.AsOf) + ": no history keeps this report"}}
}

// renamed tells of instances that the last report seems to know by another
// name: none of their customers is known, but the GUIDs are.
func (r *Report) renamed(history *History) (problems []fetch.Problem) {
	if history == nil || history.Last == nil {
		return nil
	}
	now, then := map[string]int{}, map[string]int{}
	here := map[string][]string{} // instances of now by GUID
	for i := range r.Customers {
		c := &r.Customers[i]
		now[c.Instance]++
		here[c.UmpCustomerGuid] = append(here[c.UmpCustomerGuid], c.Instance)
	}
	known := map[[2]string]int{} // customers by instance of now and of then
	for key := range history.Last.Customers {
		then[key[0]]++
		for _, instance := range here[key[1]] {
			known[[2]string{instance, key[0]}]++
		}
	}
	for _, pair := range slices.SortedFunc(maps.Keys(known), func(a, b [2]string) int {
		return strings.Compare(a[0]+"\x00"+a[1], b[0]+"\x00"+b[1])
	}) {
		name, old := pair[0], pair[1]
		if then[name] > 0 || now[old] > 0 {
			continue // both are known by their names
		}
		problems = append(problems, fetch.Problem{Kind: KindRenamed, Instance: name,
			Text: fmt.Sprintf("all findings of %s look new, but the last report knows %d of its %s as customers of %s: if it is the same one, write formerly: [%q] beside its name in the settings",
				instanceNamed(name), known[pair], plain.Counted(now[name], "customer"), instanceNamed(old), old)})
	}
	return problems
}

func instanceNamed(name string) string {
	if name == "" {
		return "an instance without a name"
	}
	return "instance " + plain.TextMax(name, 80)
}
