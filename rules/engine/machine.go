package engine

import (
	"errors"
	"math"
	"slices"
	"strings"

	"github.com/expr-lang/expr/vm"

	"trueup/fetch"
)

// Machine runs expressions on one customer after another. It is not safe for
// concurrent use; make one for each goroutine.
type Machine struct {
	tenants Tenants
	vm      vm.VM
	text    []byte // scratch space for messages

	customer customerEnv
	current  siteEnv
	sites    sites
	views    []site

	instance, guid, license fetch.Text
	byUser                  yesNo
	onTenant                fetch.Count
}

// NewMachine makes a machine for customers of the portfolio that was counted.
func NewMachine(t Tenants) *Machine {
	m := &Machine{tenants: t}
	m.current.Customer = &m.customer
	return m
}

// Load makes c the customer that expressions see. It keeps pointers into c and
// ends every Env given before.
func (m *Machine) Load(c *fetch.Customer) {
	m.instance, m.guid = fetch.TextOf(c.Instance), fetch.TextOf(c.UmpCustomerGuid)
	m.license = fetch.TextOf(fetch.LicenseName(c.LicenseType))
	m.byUser = yesNo{c.LicenseType.State, fetch.CountedByUser(c.LicenseType)}
	m.onTenant = m.tenants.count(c)
	m.views = slices.Grow(m.views[:0], len(c.SiteLocation))
	m.sites.State, m.sites.List = c.Sites, m.sites.List[:0]
	for i := range c.SiteLocation {
		s := &c.SiteLocation[i]
		m.views = append(m.views, site{&s.ID, &s.Name, &s.SbcID, &s.SbcDeploymentState, &s.SbcConfigurationType})
		m.sites.List = append(m.sites.List, &m.views[i])
	}
	m.customer = customerEnv{
		Instance: &m.instance, UmpCustomerGuid: &m.guid,
		CustomerShortName: &c.CustomerShortName, CustomerFullName: &c.CustomerFullName,
		LicenseType: &c.LicenseType, LicensedUsersCount: &c.LicensedUsersCount,
		MsTenantId: &c.MsTenantId, ActiveUserCount: &c.ActiveUserCount,
		LiveHubActiveUsersCount: &c.LiveHubActiveUsersCount,
		LiveHubSimpleUsersCount: &c.LiveHubSimpleUsersCount,
		SiteLocation:            &m.sites,
		LicenseName:             &m.license, CountedByUser: &m.byUser, CustomersOnTenant: &m.onTenant,
	}
}

// Connections is how many SIP connections the customer loaded has. The error
// says why that is not known.
func (m *Machine) Connections() (int, error) {
	return len(m.sites.List), strictRead.fail("SiteLocation", m.sites.State)
}

// Env is what expressions run on: the customer loaded, or one of its SIP
// connections.
type Env struct {
	machine *Machine
	names   any // *customerEnv or *siteEnv
}

// Customer is the customer loaded.
func (m *Machine) Customer() Env { return Env{m, &m.customer} }

// Connection is a SIP connection of the customer loaded, by its index. It ends
// the one given before.
func (m *Machine) Connection(index int) Env {
	m.current.site = m.views[index]
	return Env{m, &m.current}
}

var errNoAnswer = errors.New("the expression gives neither true nor false")

// Bool runs an expression that asks something. The error says in plain words
// why there is no answer.
func (e Env) Bool(x *Expression) (bool, error) {
	v, err := e.machine.vm.Run(x.code, e.names)
	if err != nil {
		return false, errors.New(reason(err))
	}
	b, ok := v.(bool)
	if !ok {
		return false, errNoAnswer
	}
	return b, nil
}

// Quantity runs an expression that gives a number of licenses. It is nil for no
// expression, and where the number is unknown, negative or not a whole one.
func (e Env) Quantity(x *Expression) *int64 {
	if x == nil {
		return nil
	}
	v, err := e.machine.vm.Run(x.code, e.names)
	if err != nil {
		return nil
	}
	var n int64
	switch v := v.(type) {
	case int:
		n = int64(v)
	case float64:
		if v != math.Trunc(v) || math.Abs(v) > maxNumber {
			return nil
		}
		n = int64(v)
	default:
		return nil
	}
	if n < 0 || n > maxNumber {
		return nil
	}
	return &n
}

// Missing says why a field cannot be read, nil if it can. Null can be.
func (e Env) Missing(f Field) error {
	switch s := stateOf(cell(e.names, f.path)); s {
	case fetch.Absent, fetch.Unreadable:
		return &unknownValue{f.Name, s}
	}
	return nil
}

// Text is a field for people, SiteLocation with its entries.
func (e Env) Text(f Field) string { return fullText(cell(e.names, f.path)) }

// Tenants counts the customers of a portfolio by Microsoft 365 tenant.
type Tenants map[string]int64

// CountTenants counts for CustomersOnTenant.
func CountTenants(customers []fetch.Customer) Tenants {
	t := make(Tenants)
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
func (t Tenants) count(c *fetch.Customer) fetch.Count {
	key := tenantKey(c)
	switch {
	case key != "":
		return fetch.CountOf(t[key])
	case c.MsTenantId.State == fetch.Known:
		return fetch.Count{State: fetch.Null}
	}
	return fetch.Count{State: c.MsTenantId.State}
}
