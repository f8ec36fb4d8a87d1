package prove

import (
	"fmt"
	"slices"
	"strings"
)

// The words of verdicts.
const (
	finding       = "finding"
	waived        = "waived"
	pass          = "pass"
	notApplicable = "not-applicable"
	notEvaluable  = "not-evaluable"
)

// rule is a rule as it takes effect, written down a second time from what the
// rule files and the documentation say of it.
type rule struct {
	id, title, severity string
	off                 bool
	money               string // the sum that its findings are in: exposure, unused or ""
	param, value        string // name and value of its parameter; "" for none
	compares            bool   // its verdict on one customer hangs on others
	acquired, used      bool   // it hangs on that count
	connections         bool   // it judges connections, one by one
	customer            func(c *customer, with circumstances) answer
	connection          func(s *connection) answer
}

// circumstances are what a verdict hangs on beside the customer.
type circumstances struct {
	percent  int64 // the rule's parameter
	onTenant int   // customers that share the tenant, this one included
}

// answer is what a rule says of one customer or connection.
type answer struct {
	verdict, message string
	licenses         *int64 // that the finding is about; nil if none, or unknown
}

func found(format string, args ...any) answer {
	return answer{verdict: finding, message: strings.TrimSpace(fmt.Sprintf(format, args...))}
}

func says(yes bool, f answer) answer {
	if yes {
		return f
	}
	return answer{verdict: pass}
}

var (
	cannotTell = answer{verdict: notEvaluable}
	no         = answer{verdict: notApplicable}
)

// of makes a finding one about licenses; less than none is no number of them.
func (a answer) of(licenses int64) answer {
	if licenses >= 0 {
		a.licenses = &licenses
	}
	return a
}

func missing(values ...known) bool {
	return slices.ContainsFunc(values, func(k known) bool { return k == absent || k == odd })
}

// builtin are the eleven rules that are always there.
func builtin() []*rule {
	return []*rule{
		{id: "over-license-usage", title: "More active users than acquired licenses", severity: "high", money: "exposure", param: "tolerancePercent", value: "0", acquired: true, used: true, customer: overLicenseUsage},
		{id: "undeployed-sbc", title: "SIP connection not confirmed deployed", severity: "high", connections: true, connection: undeployedSBC},
		{id: "license-count-missing", title: "License count missing", severity: "medium", acquired: true, customer: licenseCountMissing},
		{id: "missing-ms-tenant-id", title: "No Microsoft 365 tenant", severity: "medium", customer: missingTenant},
		{id: "near-license-limit", title: "Nearly all acquired licenses in use", severity: "medium", param: "percent", value: "90", acquired: true, used: true, customer: nearLimit},
		{id: "shared-ms-tenant-id", title: "Microsoft 365 tenant shared by several customers", severity: "medium", compares: true, customer: sharedTenant},
		{id: "unknown-license-type", title: "Unknown license type", severity: "medium", customer: unknownType},
		{id: "mixed-sbc-configuration", title: "Byoc and SipTrunk in one customer", severity: "low", customer: mixedConfiguration},
		{id: "no-sip-connection", title: "No SIP connection", severity: "low", customer: noConnection},
		{id: "unused-licenses", title: "Few of the acquired licenses in use", severity: "low", money: "unused", param: "percent", value: "20", acquired: true, used: true, customer: unusedLicenses},
		{id: "limit-within-months", title: "Acquired licenses reached within months", severity: "info", param: "months", value: "3", acquired: true, customer: limitWithinMonths},
	}
}

func overLicenseUsage(c *customer, with circumstances) answer {
	switch {
	case missing(c.acquired.known, c.used.known):
		return cannotTell
	case c.acquired.known == null:
		return no
	case c.used.known == null:
		return cannotTell
	}
	over := c.used.n - c.acquired.n
	return says(c.used.n*100 > c.acquired.n*(100+with.percent),
		found("%d active users on %d licenses, %d too many", c.used.n, c.acquired.n, over).of(over))
}

func nearLimit(c *customer, with circumstances) answer {
	switch {
	case missing(c.acquired.known, c.used.known):
		return cannotTell
	case c.acquired.known == null || c.acquired.n == 0:
		return no
	case c.used.known == null:
		return cannotTell
	}
	return says(c.used.n <= c.acquired.n && c.used.n*100 >= c.acquired.n*with.percent,
		found("%d of %d licenses in use, %d left", c.used.n, c.acquired.n, c.acquired.n-c.used.n))
}

func unusedLicenses(c *customer, with circumstances) answer {
	switch {
	case missing(c.acquired.known, c.used.known):
		return cannotTell
	case c.acquired.known == null || c.acquired.n == 0:
		return no
	case c.used.known == null:
		return cannotTell
	}
	idle := c.acquired.n - c.used.n
	return says(c.used.n*100 < c.acquired.n*with.percent,
		found("%d of %d licenses in use, %d unused", c.used.n, c.acquired.n, idle).of(idle))
}

// limitWithinMonths never applies: these customers have no license history.
func limitWithinMonths(c *customer, _ circumstances) answer {
	if missing(c.acquired.known) {
		return cannotTell
	}
	return no
}

func licenseCountMissing(c *customer, _ circumstances) answer {
	switch {
	case missing(c.acquired.known, c.license.known) || c.license.known == null:
		return cannotTell
	case !c.byUser():
		return no
	}
	return says(c.acquired.known == null, found("%s customer with %s active users and no license count", c.licenseName(), c.used.shown()))
}

func missingTenant(c *customer, _ circumstances) answer {
	if missing(c.tenant.known) {
		return cannotTell
	}
	return says(strings.TrimSpace(c.tenant.s) == "", found("%s customer without a Microsoft 365 tenant ID", c.licenseName()))
}

func sharedTenant(c *customer, with circumstances) answer {
	switch {
	case missing(c.tenant.known):
		return cannotTell
	case c.tenantKey() == "":
		return no
	}
	return says(with.onTenant > 1, found("Microsoft 365 tenant %s is shared by %d customers", c.tenant.s, with.onTenant))
}

func unknownType(c *customer, _ circumstances) answer {
	if missing(c.license.known) {
		return cannotTell
	}
	return says(c.license.known == null || c.license.n < 0 || c.license.n > 5, found("License type %s: what it entitles to is not known", c.licenseName()))
}

func noConnection(c *customer, _ circumstances) answer {
	if c.sites != there {
		return cannotTell
	}
	return says(len(c.connections) == 0, found("%s customer with %s active users and no SIP connection", c.licenseName(), c.used.shown()))
}

// mixedConfiguration knows two names. Connections of one type are not mixed,
// whatever it is called; where they differ, or one is unknown, only the two
// known names tell. Both of them are enough whatever else is there, though a value
// that cannot be read leaves their numbers unknown.
func mixedConfiguration(c *customer, _ circumstances) answer {
	if c.sites != there {
		return cannotTell
	}
	count := map[string]int{}
	for _, s := range c.connections {
		word := "?"
		switch s.kind.known {
		case there:
			word = "=" + strings.ToLower(s.kind.s)
		case odd:
			word = "odd"
		}
		count[word]++
	}
	switch {
	case len(c.connections) < 2:
		return answer{verdict: pass}
	case count["=byoc"] > 0 && count["=siptrunk"] > 0 && count["odd"] > 0:
		return found("unknown Byoc and unknown SipTrunk connections")
	case count["odd"] > 0:
		return cannotTell
	case count["=byoc"] > 0 && count["=siptrunk"] > 0:
		return found("%d Byoc and %d SipTrunk connections", count["=byoc"], count["=siptrunk"])
	case len(count) == 1 && count["?"] == 0:
		return answer{verdict: pass}
	}
	return cannotTell
}

func undeployedSBC(s *connection) answer {
	if s.state.known != there {
		return cannotTell
	}
	name, sbc := "unknown", s.sbc.shown()
	if s.name.known == there {
		name = s.name.s
	}
	return says(!strings.EqualFold(s.state.s, "deployed"), found("SIP connection %s on SBC %s is in state %s, not confirmed deployed", name, sbc, s.state.s))
}

// ownRule competes with over-license-usage for the same licenses. Of a part of
// a license, and of less than none, it cannot say how many it means.
var ownRule = rule{id: "half-again", title: "More than half of the licenses in use", severity: "high", money: "exposure", acquired: true, used: true, customer: func(c *customer, _ circumstances) answer {
	switch {
	case missing(c.acquired.known, c.used.known):
		return cannotTell
	case c.acquired.known == null:
		return no
	case c.used.known == null:
		return cannotTell
	}
	a := says(c.used.n*2 > c.acquired.n, found("%d users", c.used.n))
	if twice := c.used.n*3 - c.acquired.n*2; a.verdict == finding && twice%2 == 0 {
		a = a.of(twice / 2)
	}
	return a
}}

// ownRuleFile is the same as its author writes it.
const ownRuleFile = `rules:
  - id: half-again
    title: More than half of the licenses in use
    severity: high
    needs: [LicensedUsersCount, ActiveUserCount]
    applies: LicensedUsersCount != nil
    when: ActiveUserCount * 2 > LicensedUsersCount
    quantity: (ActiveUserCount * 3 - LicensedUsersCount * 2) / 2
    message: "{{ActiveUserCount}} users"
    why: Competes with another rule for the same licenses.
    remediation: None.
    tests:
      - {name: most of them, customer: {LicensedUsersCount: 10, ActiveUserCount: 12}, expect: finding}
`
