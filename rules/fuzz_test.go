package rules

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"trueup/fetch"
	"trueup/rules/engine"
	"trueup/rules/strict"
)

// loadBytes is Load for one file in memory.
func loadBytes(data []byte) (*Set, error) {
	l := newRuleLoader()
	l.file("f", File{Name: "f", Text: data})
	return l.finish()
}

// noSlower makes an input that takes longer a failure while new inputs are
// sought. The seeds, which every test run tries, may take what the machine needs.
func noSlower(than time.Duration) (done func()) {
	if flag.Lookup("test.fuzz").Value.String() == "" {
		return func() {}
	}
	timer := time.AfterFunc(than, func() { panic("slow") })
	return func() { timer.Stop() }
}

func FuzzLoad(f *testing.F) {
	for _, pattern := range []string{"*.yaml", "testdata/*.yaml", "testdata/broken/*.yaml"} {
		files, err := fs.Glob(os.DirFS("."), pattern)
		if err != nil || len(files) == 0 {
			f.Fatalf("no seeds %s: %v", pattern, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(filepath.FromSlash(file))
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		defer noSlower(5 * time.Second)()
		set, err := loadBytes(data)
		if err != nil {
			_ = printed(err)
			return
		}
		set.RunTests()
	})
}

// hostileCustomers have every state in every field, and long lists.
func hostileCustomers() []fetch.Customer {
	known := specimens()[0]
	many := known
	many.SiteLocation = make([]fetch.SIPConnection, 300)
	for i := range many.SiteLocation {
		many.SiteLocation[i] = specimenConnection("Byoc")
		many.SiteLocation[i].SbcDeploymentState.State = fetch.State(i % 4)
	}
	null := fetch.Customer{UmpCustomerGuid: "null", Sites: fetch.Null}
	for _, c := range []*fetch.Count{&null.LicenseType, &null.LicensedUsersCount, &null.ActiveUserCount} {
		c.State = fetch.Null
	}
	unreadable := known
	unreadable.LicensedUsersCount.State, unreadable.MsTenantId.State, unreadable.Sites = fetch.Unreadable, fetch.Unreadable, fetch.Unreadable
	return []fetch.Customer{known, many, null, unreadable, {UmpCustomerGuid: "absent"}}
}

func FuzzEvaluate(f *testing.F) {
	for _, seed := range []string{
		"LicensedUsersCount == nil", "any(SiteLocation, .sbcId > 1)", "map(SiteLocation, #.name)[0] == MsTenantId",
		"let x = SiteLocation; count(x, .id in map(x, .name)) > 1", "ActiveUserCount / LicensedUsersCount ** 2 > 1.5",
		"split(CustomerFullName, \"\") == [1]", "(MsTenantId ?? \"\") matches \"^(a+)+$\"", "uniq(map(SiteLocation, .sbcId))[:3] == []",
		"unknown(MsTenantId)", "sum(map(SiteLocation, .sbcId * 1000)) % 7 == 0", "first(SiteLocation)?.name?.x", "{a: 1}.a == 1",
		"true ? LicensedUsersCount : MsTenantId", "-(-ActiveUserCount) > +1", "LicenseName[1:2] + LicenseName < \"x\"", "1 in [1] or \"id\" in SiteLocation",
	} {
		f.Add(seed, "{{"+seed+"}} {{LicensedUsersCount}}", true)
	}
	customers := hostileCustomers()
	f.Fuzz(func(t *testing.T, when, message string, connections bool) {
		r := &Rule{ID: "r", Enabled: true, Params: map[string]any{"n": 1}}
		if connections {
			r.Each = EachConnection
		}
		e, wrong := r.scope().Compile("when", when, engine.Bool)
		if wrong != nil {
			return
		}
		r.program.when = e
		if m, wrong := r.scope().CompileMessage(message); len(wrong) == 0 {
			r.program.message = m
		}
		defer noSlower(20 * time.Second)()
		set := &Set{Rules: []*Rule{r}}
		first, again := judged(t, set, customers), judged(t, set, customers)
		set.Explain(customers, 1, nil, time.Time{})
		if first.Tallies[0] != again.Tallies[0] || len(first.Results) != len(again.Results) {
			t.Errorf("%q: %v, then %v", when, first.Tallies, again.Tallies)
		}
	})
}

// A waivers file is wrong in places that it names, or it waives some and no more.
func FuzzWaivers(f *testing.F) {
	for _, seed := range []string{
		"waivers:\n  - {id: W-1, rule: mixed-sbc-configuration, customer: '*', owner: o, reason: r, expires: 2027-03-31}\n",
		"waivers:\n  - {id: W-1, rule: undeployed-sbc, customer: known, sipConnection: s, owner: o, reason: r, from: 2026-01-01, expires: 2026-01-01, ticket: t}\n",
		"waivers:\n  - {id: [], rule: x, customer: '**a*', owner: '', reason: r, expires: 2026-02-30}\n  - {id: [], from: 9999-12-31, expires: 0001-01-01}\n",
		"waivers: [&a {id: *a}]", "waivers:", "- 1", "\xff\xfe",
	} {
		f.Add([]byte(seed))
	}
	set, err := Load(Options{Builtin: true})
	if err != nil {
		f.Fatal(err)
	}
	customers := hostileCustomers()
	f.Fuzz(func(t *testing.T, data []byte) {
		defer noSlower(5 * time.Second)()
		waivers, err := ParseWaivers("w", data, set)
		if err != nil {
			if all := (strict.Errors)(nil); !errors.As(err, &all) || len(all) == 0 {
				t.Errorf("%T %v", err, err)
			}
			_ = printed(err)
			return
		}
		e, err := set.Evaluate(t.Context(), customers)
		if err != nil {
			t.Fatal(err)
		}
		before := len(e.Results)
		register := e.Waive(customers, waivers, time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC))
		if len(register) != len(waivers) || len(e.Results) != before {
			t.Errorf("%d lines of %d waivers, %d results of %d", len(register), len(waivers), len(e.Results), before)
		}
		IdleWaivers(waivers, customers)
		set.Explain(customers, 0, waivers, time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC))
	})
}
