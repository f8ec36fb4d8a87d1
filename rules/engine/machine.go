package engine

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/expr-lang/expr/vm"

	"trueup/fetch"
	"trueup/fetch/plain"
)

// Machine runs expressions on one customer after another. It is not safe for
// concurrent use; make one for each goroutine.
type Machine struct {
	tenants Tenants
	vm      vm.VM
	work    work
	text    []byte // scratch space for messages

	customer customerEnv
	current  siteEnv
	sites    sites
	views    []site

	instance, guid, license fetch.Text
	byUser                  yesNo
	onTenant                fetch.Count
	usage                   fetch.Text
}

// NewMachine makes a machine for customers of the portfolio that was counted; it
// need not be, t is nil then, where no expression reads CustomersOnTenant.
// The end of the context ends what it is at: the answers are then worthless.
func NewMachine(ctx context.Context, t Tenants) *Machine {
	m := &Machine{tenants: t, work: work{ctx: ctx}}
	m.current.Customer = &m.customer
	return m
}

// Load makes c the customer that expressions see. It keeps pointers into c and
// ends every Env given before.
func (m *Machine) Load(c *fetch.Customer) {
	m.instance, m.guid = fetch.TextOf(c.Instance), fetch.TextOf(c.UmpCustomerGuid)
	m.license = fetch.TextOf(fetch.LicenseName(c.LicenseType))
	m.byUser = yesNo{c.LicenseType.State, fetch.CountedByUser(c.LicenseType)}
	if m.tenants != nil {
		m.onTenant = m.tenants.count(c)
	}
	m.usage, m.work.customer = usageCell(c.Usage), c
	m.views = slices.Grow(m.views[:0], len(c.SiteLocation))
	m.sites.State, m.sites.List = c.Sites, m.sites.List[:0]
	for i := range c.SiteLocation {
		s := &c.SiteLocation[i]
		m.views = append(m.views, site{&m.work, &s.ID, &s.Name, &s.SbcID, &s.SbcDeploymentState, &s.SbcConfigurationType})
		m.sites.List = append(m.sites.List, &m.views[i])
	}
	slices.SortFunc(m.sites.List, compareSites)
	m.customer = customerEnv{
		work:     &m.work,
		Instance: &m.instance, UmpCustomerGuid: &m.guid,
		CustomerShortName: &c.CustomerShortName, CustomerFullName: &c.CustomerFullName,
		LicenseType: &c.LicenseType, LicensedUsersCount: &c.LicensedUsersCount,
		MsTenantId: &c.MsTenantId, ActiveUserCount: &c.ActiveUserCount,
		LiveHubActiveUsersCount: &c.LiveHubActiveUsersCount,
		LiveHubSimpleUsersCount: &c.LiveHubSimpleUsersCount,
		SiteLocation:            &m.sites,
		LicenseName:             &m.license, CountedByUser: &m.byUser, CustomersOnTenant: &m.onTenant,
		Usage: &m.usage,
	}
}

// Connections is how many SIP connections the customer loaded has. The error
// says why that is not known.
func (m *Machine) Connections() (int, error) {
	return len(m.sites.List), strictRead.fail("SiteLocation", m.sites.State)
}

// compareSites orders connections by what expressions can tell of them, known
// values first: by id, as far as there are any.
func compareSites(a, b *site) int {
	text := func(a, b *fetch.Text) int { return cmp.Or(cmp.Compare(b.State, a.State), strings.Compare(a.S, b.S)) }
	return cmp.Or(text(a.ID, b.ID), text(a.Name, b.Name),
		cmp.Compare(b.SbcID.State, a.SbcID.State), cmp.Compare(a.SbcID.N, b.SbcID.N),
		text(a.SbcDeploymentState, b.SbcDeploymentState), text(a.SbcConfigurationType, b.SbcConfigurationType))
}

// Env is what expressions run on: the customer loaded, or one of its SIP
// connections.
type Env struct {
	machine *Machine
	names   any // *customerEnv or *siteEnv
}

// Customer is the customer loaded.
func (m *Machine) Customer() Env {
	m.work.allow(ruleSteps + siteSteps*len(m.views))
	return Env{m, &m.customer}
}

// Connection is a SIP connection of the customer loaded, by its index. It ends
// the one given before. All connections share the steps that a rule may take.
func (m *Machine) Connection(index int) Env {
	m.work.allow(ruleSteps/len(m.views) + siteSteps)
	m.current.site = m.views[index]
	return Env{m, &m.current}
}

var errNoAnswer = errors.New("the expression gives neither true nor false")

// run runs an expression. The error says in plain words why it gives nothing.
func (e Env) run(x *Expression) (any, error) {
	w := &e.machine.work
	w.loops = w.loops[:0]
	v, err := e.machine.vm.Run(x.code, e.names)
	if err != nil {
		return nil, errors.New(reason(w.blame(err), w.allowance))
	}
	return v, nil
}

// Bool runs an expression that asks something. The error says in plain words
// why there is no answer.
func (e Env) Bool(x *Expression) (bool, error) {
	v, err := e.run(x)
	if err != nil {
		return false, err
	}
	b, ok := v.(bool)
	if !ok {
		return false, errNoAnswer
	}
	return b, nil
}

// Quantity runs an expression that gives a number of licenses. Where it gives
// none, the second result says why in plain words. No expression gives neither.
func (e Env) Quantity(x *Expression) (*int64, string) {
	if x == nil {
		return nil, ""
	}
	e.machine.work.allow(e.machine.work.allowance)
	v, err := e.run(x)
	if err != nil {
		return nil, err.Error()
	}
	var number float64 // exact: sums and products are within maxNumber
	switch v := v.(type) {
	case int:
		number = float64(v)
	case float64:
		number = v
	default:
		return nil, errNothing.Error()
	}
	written := string(appendValue(nil, v))
	switch {
	case math.Abs(number) > maxNumber:
		return nil, errTooLarge.Error()
	case number != math.Trunc(number):
		return nil, written + " is not a whole number"
	case number < 0:
		return nil, written + " is negative"
	}
	n := int64(number)
	return &n, ""
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

// Tenants counts the customers of a portfolio by Microsoft 365 tenant: of those
// that several customers share.
type Tenants map[string]int64

// CountTenants counts for CustomersOnTenant.
func CountTenants(customers []fetch.Customer) Tenants {
	t := make(Tenants)
	key := func(i int) string { return tenantKey(&customers[i]) }
	for _, i := range plain.Repeated(len(customers), key) {
		t[key(i)]++
	}
	maps.DeleteFunc(t, func(key string, n int64) bool { return key == "" || n == 1 })
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
		return fetch.CountOf(max(t[key], 1))
	case c.MsTenantId.State == fetch.Known:
		return fetch.Count{State: fetch.Null}
	}
	return fetch.Count{State: c.MsTenantId.State}
}
