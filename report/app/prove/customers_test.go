package prove

import (
	"cmp"
	"encoding/json"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// known is how much the API says about a value. Null is not zero, absent is
// not empty, and odd is a value of a kind that the API does not document.
type known int

const (
	absent known = iota
	null
	odd
	there
)

type number struct {
	known
	n int64
}

type text struct {
	known
	s string
}

// shown is how a report shows a value that every customer has.
func (n number) shown() string {
	if n.known != there {
		return "unknown"
	}
	return strconv.FormatInt(n.n, 10)
}

// ifSent is the same for a value of which null is an answer.
func (n number) ifSent() string {
	if n.known == null {
		return ""
	}
	return n.shown()
}

func (t text) shown() string {
	if t.known != there || t.s == "" {
		return "unknown"
	}
	return t.s
}

func (t text) ifSent() string {
	switch t.known {
	case there:
		return t.s
	case null:
		return ""
	}
	return "unknown"
}

var (
	digits   = regexp.MustCompile(`^(0|[1-9][0-9]{0,9})$`)
	negative = regexp.MustCompile(`^"?-([1-9][0-9]{0,9})"?$`)
	most     = big.NewRat(1_000_000_000, 1)
)

// readCount reads the JSON of a count, "" for an absent key: a whole number
// that is not negative, however it is written, or such digits as a text.
func readCount(raw string) number {
	switch {
	case raw == "":
		return number{known: absent}
	case raw == "null":
		return number{known: null}
	}
	if raw[0] == '"' {
		if raw = raw[1 : len(raw)-1]; !digits.MatchString(raw) {
			return number{known: odd}
		}
	}
	r, ok := new(big.Rat).SetString(raw)
	if !ok || !r.IsInt() || r.Sign() < 0 || r.Cmp(most) > 0 {
		return number{known: odd}
	}
	return number{there, r.Num().Int64()}
}

// readType reads a LicenseType, which is a code: a negative one is a code too.
func readType(raw string) number {
	if m := negative.FindStringSubmatch(raw); m != nil {
		n, err := strconv.ParseInt(m[1], 10, 64)
		if err == nil {
			return number{there, -n}
		}
	}
	return readCount(raw)
}

// readText reads the JSON of a text; a number stands for its digits.
func readText(raw string) text {
	switch {
	case raw == "":
		return text{known: absent}
	case raw == "null":
		return text{known: null}
	case raw[0] == '"':
		t := text{known: there}
		if json.Unmarshal([]byte(raw), &t.s) != nil {
			panic("no JSON: " + raw)
		}
		return t
	case raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9':
		return text{there, raw}
	}
	return text{known: odd}
}

// entry is one customer as the API sends it: raw JSON by key, absent keys left
// out. Sites is its list of connections; SitesRaw stands in for a list that is
// none, "-" for an absent one.
type entry struct {
	guid     string
	fields   map[string]string
	sites    []site
	sitesRaw string
}

// site is one connection as the API sends it; noObject stands in for one that
// is no object.
type site struct {
	fields   map[string]string
	noObject string
}

// customer is an entry as a reader understands it.
type customer struct {
	instance, guid       string
	short, full, tenant  text
	license              number
	acquired, used       number
	hubActive, hubSimple number
	sites                known
	connections          []connection
	sent                 string // tells identical entries
}

type connection struct {
	id, name, state, kind text
	sbc                   number
}

func (e *entry) read(instance string) *customer {
	c := &customer{instance: instance, guid: e.guid, short: readText(e.fields["CustomerShortName"]), full: readText(e.fields["CustomerFullName"]),
		tenant: readText(e.fields["MsTenantId"]), license: readType(e.fields["LicenseType"]), acquired: readCount(e.fields["LicensedUsersCount"]),
		used: readCount(e.fields["ActiveUserCount"]), hubActive: readCount(e.fields["LiveHubActiveUsersCount"]), hubSimple: readCount(e.fields["LiveHubSimpleUsersCount"])}
	switch e.sitesRaw {
	case "":
		c.sites = there
	case "-":
		c.sites = absent
	case "null":
		c.sites = null
	default:
		c.sites = odd
	}
	for _, s := range e.sites {
		if s.noObject != "" {
			c.connections = append(c.connections, connection{text{known: odd}, text{known: odd}, text{known: odd}, text{known: odd}, number{known: odd}})
			continue
		}
		c.connections = append(c.connections, connection{readText(s.fields["id"]), readText(s.fields["name"]), readText(s.fields["sbcDeploymentState"]),
			readText(s.fields["sbcConfigurationType"]), readCount(s.fields["sbcId"])})
	}
	c.sent = e.json(nil)
	return c
}

// list is the customers that the instances sent, in the order of reports:
// identical ones once, all others however alike they are.
func list(entries [][]entry, instances []string) (all []*customer) {
	for i := range entries {
		sent := map[string]bool{}
		for j := range entries[i] {
			if c := entries[i][j].read(instances[i]); !sent[c.sent] {
				sent[c.sent] = true
				all = append(all, c)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *customer) int {
		return cmp.Or(strings.Compare(a.instance, b.instance), strings.Compare(a.short.s, b.short.s), strings.Compare(a.guid, b.guid))
	})
	return all
}

// displayed is what people know the customer by.
func (c *customer) displayed() string {
	return cmp.Or(c.full.s, c.short.s, c.guid)
}

// byUser tells the license types that have a count of licensed users.
func (c *customer) byUser() bool {
	return c.license.known == there && slices.Contains([]int64{1, 2, 4, 5}, c.license.n)
}

// shouldHaveCount tells whether there should be an acquired count: null says
// that there is none, save for the types that have one.
func (c *customer) shouldHaveCount() bool { return c.byUser() || c.acquired.known != null }

// over is used minus acquired; false where one of them is not known.
func (c *customer) over() (int64, bool) {
	return c.used.n - c.acquired.n, c.used.known == there && c.acquired.known == there
}

func (c *customer) licenseName() string {
	names := []string{"Hosted Essentials", "Hosted Essentials Plus", "Hosted Pro", "OC Essentials", "OC Essentials Plus", "OC Pro"}
	switch n := c.license.n; {
	case c.license.known != there:
		return "Unknown"
	case n >= 0 && n < int64(len(names)):
		return names[n]
	default:
		return "Unknown (" + strconv.FormatInt(n, 10) + ")"
	}
}

// tenantKey tells who shares a tenant: GUIDs are spelled in either case. It is
// "" for customers without one.
func (c *customer) tenantKey() string { return strings.ToLower(strings.TrimSpace(c.tenant.s)) }
