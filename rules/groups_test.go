package rules

import (
	"reflect"
	"testing"

	"trueup/fetch"
)

func TestTallyGroupsAddUp(t *testing.T) {
	set, err := Load(Options{Builtin: true})
	if err != nil {
		t.Fatal(err)
	}
	customers := fetch.Sample().Customers
	const groups = 7
	groupOf := make([]int, len(customers))
	for i := range groupOf {
		groupOf[i] = i % groups
	}
	sum := make([]Tally, len(set.Rules))
	for _, tallies := range set.TallyGroups(customers, groupOf, groups) {
		for r := range tallies {
			sum[r].add(tallies[r])
		}
	}
	if want := set.Evaluate(customers).Tallies; !reflect.DeepEqual(sum, want) {
		t.Errorf("groups add up to\n%v, not\n%v", sum, want)
	}
}
