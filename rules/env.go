package rules

import (
	"reflect"
	"strings"

	"trueup/fetch"
)

// yesNo is a derived yes or no that may be unknown.
type yesNo struct {
	State fetch.State
	B     bool
}

// sites is a customer's SiteLocation as expressions see it.
type sites struct {
	State fetch.State
	List  []*site
}

// customerEnv holds the names of a rule for customers. Every field is a
// pointer to a cell with a state; the guard turns each mention in an
// expression into a read of the cell, so that no null slips through as a value.
type customerEnv struct {
	Instance                *fetch.Text  `expr:"Instance"`
	UmpCustomerGuid         *fetch.Text  `expr:"UmpCustomerGuid"`
	CustomerShortName       *fetch.Text  `expr:"CustomerShortName"`
	CustomerFullName        *fetch.Text  `expr:"CustomerFullName"`
	LicenseType             *fetch.Count `expr:"LicenseType"`
	LicensedUsersCount      *fetch.Count `expr:"LicensedUsersCount"`
	MsTenantId              *fetch.Text  `expr:"MsTenantId"`
	ActiveUserCount         *fetch.Count `expr:"ActiveUserCount"`
	LiveHubActiveUsersCount *fetch.Count `expr:"LiveHubActiveUsersCount"`
	LiveHubSimpleUsersCount *fetch.Count `expr:"LiveHubSimpleUsersCount"`
	SiteLocation            *sites       `expr:"SiteLocation"`
	LicenseName             *fetch.Text  `expr:"LicenseName"`
	CountedByUser           *yesNo       `expr:"CountedByUser"`
	CustomersOnTenant       *fetch.Count `expr:"CustomersOnTenant"`
}

// site is a SIP connection as expressions see it.
type site struct {
	ID                   *fetch.Text  `expr:"id"`
	Name                 *fetch.Text  `expr:"name"`
	SbcID                *fetch.Count `expr:"sbcId"`
	SbcDeploymentState   *fetch.Text  `expr:"sbcDeploymentState"`
	SbcConfigurationType *fetch.Text  `expr:"sbcConfigurationType"`
}

// siteEnv holds the names of a rule for SIP connections.
type siteEnv struct {
	site
	Customer *customerEnv `expr:"customer"`
}

// loader points the environments at one customer after another, reusing them.
type loader struct {
	tenants tenants

	customer customerEnv
	current  siteEnv
	sites    sites
	views    []site

	instance, guid, license fetch.Text
	byUser                  yesNo
	onTenant                fetch.Count
}

func newLoader(t tenants) *loader {
	l := &loader{tenants: t}
	l.current.Customer = &l.customer
	return l
}

// load makes c the customer that expressions see. It keeps pointers into c.
func (l *loader) load(c *fetch.Customer) {
	l.instance, l.guid = fetch.TextOf(c.Instance), fetch.TextOf(c.UmpCustomerGuid)
	l.license = fetch.TextOf(fetch.LicenseName(c.LicenseType))
	l.byUser = yesNo{c.LicenseType.State, fetch.CountedByUser(c.LicenseType)}
	l.onTenant = l.tenants.count(c)
	l.loadSites(c)
	l.customer = customerEnv{
		Instance: &l.instance, UmpCustomerGuid: &l.guid,
		CustomerShortName: &c.CustomerShortName, CustomerFullName: &c.CustomerFullName,
		LicenseType: &c.LicenseType, LicensedUsersCount: &c.LicensedUsersCount,
		MsTenantId: &c.MsTenantId, ActiveUserCount: &c.ActiveUserCount,
		LiveHubActiveUsersCount: &c.LiveHubActiveUsersCount,
		LiveHubSimpleUsersCount: &c.LiveHubSimpleUsersCount,
		SiteLocation:            &l.sites,
		LicenseName:             &l.license, CountedByUser: &l.byUser, CustomersOnTenant: &l.onTenant,
	}
}

func (l *loader) loadSites(c *fetch.Customer) {
	if n := len(c.SiteLocation); n > len(l.views) {
		l.views = make([]site, n)
	}
	l.sites.State, l.sites.List = c.Sites, l.sites.List[:0]
	for i := range c.SiteLocation {
		l.views[i] = viewOf(&c.SiteLocation[i])
		l.sites.List = append(l.sites.List, &l.views[i])
	}
}

func viewOf(s *fetch.SIPConnection) site {
	return site{&s.ID, &s.Name, &s.SbcID, &s.SbcDeploymentState, &s.SbcConfigurationType}
}

// env is what a rule's expressions run on: for connection -1 the customer.
func (l *loader) env(connection int) any {
	if connection < 0 {
		return &l.customer
	}
	l.current.site = l.views[connection]
	return &l.current
}

// stateOf is the state of an environment's cell.
func stateOf(cell any) fetch.State {
	switch c := cell.(type) {
	case *fetch.Count:
		return c.State
	case *fetch.Text:
		return c.State
	case *yesNo:
		return c.State
	case *sites:
		return c.State
	}
	return fetch.Absent
}

// cellNames are the names that an environment's type offers, in its order.
func cellNames(t reflect.Type) []string {
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		if name := f.Tag.Get("expr"); name != "" && f.Type.Kind() == reflect.Pointer && isCell(f.Type) {
			names = append(names, name)
		}
	}
	return names
}

var (
	countType = reflect.TypeFor[*fetch.Count]()
	textType  = reflect.TypeFor[*fetch.Text]()
	flagType  = reflect.TypeFor[*yesNo]()
	sitesType = reflect.TypeFor[*sites]()
)

func isCell(t reflect.Type) bool {
	return t == countType || t == textType || t == flagType || t == sitesType
}

// cellAt finds the index path of a name, as "LicenseType" or, from a SIP
// connection, "customer.LicenseType".
func cellAt(t reflect.Type, name string) ([]int, bool) {
	head, rest, nested := strings.Cut(name, ".")
	for _, f := range reflect.VisibleFields(t) {
		if f.Tag.Get("expr") != head {
			continue
		}
		if !nested {
			return f.Index, isCell(f.Type)
		}
		if f.Type.Kind() != reflect.Pointer || isCell(f.Type) {
			return nil, false
		}
		path, ok := cellAt(f.Type.Elem(), rest)
		return append(f.Index, path...), ok
	}
	return nil, false
}

// cell is the cell at an index path of an environment.
func cell(env any, path []int) any {
	return reflect.ValueOf(env).Elem().FieldByIndex(path).Interface()
}

// tenants counts the customers of the portfolio by Microsoft 365 tenant.
type tenants map[string]int64

func countTenants(customers []fetch.Customer) tenants {
	t := make(tenants)
	for i := range customers {
		if key := tenantKey(&customers[i]); key != "" {
			t[key]++
		}
	}
	return t
}

// tenantKey is the tenant for comparing: GUIDs are spelled in either case.
func tenantKey(c *fetch.Customer) string {
	return strings.ToLower(strings.TrimSpace(c.MsTenantId.S))
}

// count is how many customers share c's tenant; null if it has none.
func (t tenants) count(c *fetch.Customer) fetch.Count {
	key := tenantKey(c)
	switch {
	case key != "":
		return fetch.CountOf(t[key])
	case c.MsTenantId.State == fetch.Known:
		return fetch.Count{State: fetch.Null}
	}
	return fetch.Count{State: c.MsTenantId.State}
}
