package rules

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"trueup/fetch"
	"trueup/rules/engine"
	"trueup/rules/strict"
)

// Check loads rules as Load does and warns of what is no mistake but probably
// not meant.
func Check(opt Options) (*Set, strict.Errors, error) {
	l := newRuleLoader()
	set, err := l.load(opt)
	if err != nil {
		return nil, nil, err
	}
	var c warner
	for _, r := range set.Rules {
		c.incomplete(r)
		c.unusedParams(r)
		c.unguarded(r)
		c.unneeded(r)
	}
	return set, l.located(c.warnings), nil
}

// warner collects warnings about rules.
type warner struct{ warnings strict.Errors }

func (c *warner) warn(r *Rule, hint, format string, args ...any) {
	c.warnings = append(c.warnings, strict.Error{
		Pos: r.Pos, Text: fmt.Sprintf("rule %q ", r.ID) + fmt.Sprintf(format, args...), HintText: hint,
	})
}

// incomplete asks for what a finding needs when somebody disputes it.
func (c *warner) incomplete(r *Rule) {
	var missing []string
	if r.Why == "" {
		missing = append(missing, "why")
	}
	if r.Remediation == "" {
		missing = append(missing, "remediation")
	}
	if len(r.Tests) == 0 {
		missing = append(missing, "tests")
	}
	if len(missing) > 0 {
		c.warn(r, "", "has no %s", strings.Join(missing, ", "))
	}
}

func (c *warner) unusedParams(r *Rule) {
	for _, name := range slices.Sorted(maps.Keys(r.Params)) {
		mention := regexp.MustCompile(`\bparams\.` + regexp.QuoteMeta(name) + `\b`)
		used := slices.ContainsFunc(r.program.expressions(true), func(e *engine.Expression) bool {
			return mention.MatchString(e.Source)
		})
		if !used {
			c.warn(r, "", "never uses its parameter %q", name)
		}
	}
}

// unguarded sets each nullable field to null in customers of every kind. A rule
// that can judge none of them should have a guard.
func (c *warner) unguarded(r *Rule) {
	read := r.fieldsRead(false)
	for _, name := range r.nullableFields() {
		if !slices.ContainsFunc(read, func(f engine.Field) bool { return f.Name == name }) {
			continue
		}
		judged := slices.ContainsFunc(specimens(), func(customer fetch.Customer) bool {
			setNull(&customer, name)
			return r.judges(&customer)
		})
		if !judged {
			c.warn(r, fmt.Sprintf("write applies: %s != nil", name), "is not evaluable wherever %s is null", name)
		}
	}
}

// judges tells whether a rule can judge a customer, or its first SIP connection.
func (r *Rule) judges(c *fetch.Customer) bool {
	m := engine.NewMachine(engine.CountTenants([]fetch.Customer{*c}))
	m.Load(c)
	env := m.Customer()
	if r.Each == EachConnection {
		env = m.Connection(0)
	}
	return r.judge(env).verdict != NotEvaluable
}

func setNull(c *fetch.Customer, name string) {
	null := fetch.Count{State: fetch.Null}
	switch strings.TrimPrefix(name, "customer.") {
	case "LicensedUsersCount":
		c.LicensedUsersCount = null
	case "LiveHubActiveUsersCount":
		c.LiveHubActiveUsersCount = null
	case "LiveHubSimpleUsersCount":
		c.LiveHubSimpleUsersCount = null
	case "MsTenantId", "CustomersOnTenant":
		c.MsTenantId = fetch.Text{State: fetch.Null}
	}
}

// specimens are customers whose values are all known: of each license type with
// no users, nearly as many as licenses, and too many.
func specimens() []fetch.Customer {
	var all []fetch.Customer
	for licenseType := range int64(6) {
		for _, users := range []int64{0, 9, 12} {
			all = append(all, fetch.Customer{
				UmpCustomerGuid: "specimen", CustomerShortName: fetch.TextOf("specimen"), CustomerFullName: fetch.TextOf("specimen"),
				LicenseType: fetch.CountOf(licenseType), LicensedUsersCount: fetch.CountOf(10), ActiveUserCount: fetch.CountOf(users),
				MsTenantId:              fetch.TextOf("tenant"),
				LiveHubActiveUsersCount: fetch.CountOf(users), LiveHubSimpleUsersCount: fetch.CountOf(users),
				Sites: fetch.Known, SiteLocation: []fetch.SIPConnection{specimenConnection("SipTrunk"), specimenConnection("Byoc")},
			})
		}
	}
	return all
}

func specimenConnection(kind string) fetch.SIPConnection {
	return fetch.SIPConnection{
		ID: fetch.TextOf("c"), Name: fetch.TextOf("c"), SbcID: fetch.CountOf(1),
		SbcDeploymentState: fetch.TextOf("Deployed"), SbcConfigurationType: fetch.TextOf(kind),
	}
}

// unneeded looks for comparisons that take an absent field for null.
func (c *warner) unneeded(r *Rule) {
	told := map[string]bool{}
	for _, n := range r.Needs {
		told[n] = true
	}
	for _, e := range r.program.expressions(true) {
		for _, read := range e.Reads {
			name := read.Field.Name
			if read.TakesNull && !told[name] {
				told[name] = true
				c.warn(r, fmt.Sprintf("write needs: [%s]", name), "takes an absent %s for null", name)
			}
		}
	}
}
