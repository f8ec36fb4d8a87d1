package engine

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"trueup/fetch"
	"trueup/fetch/plain"
)

// yesNo is a derived yes or no that may be unknown.
type yesNo struct {
	State fetch.State
	B     bool
}

// sites is a customer's SiteLocation as expressions see it: in an order that
// hangs on what the entries say, never on how the API lists them.
type sites struct {
	State fetch.State
	List  []*site
}

// customerEnv holds the names of an expression about a customer. Every field
// points to a cell with a state; the guard turns each mention in an expression
// into a read of the cell, so that no null slips through as a value.
type customerEnv struct {
	work *work

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
	Usage                   *fetch.Text  `expr:"Usage"`
}

// site is a SIP connection as expressions see it.
type site struct {
	work *work

	ID                   *fetch.Text  `expr:"id"`
	Name                 *fetch.Text  `expr:"name"`
	SbcID                *fetch.Count `expr:"sbcId"`
	SbcDeploymentState   *fetch.Text  `expr:"sbcDeploymentState"`
	SbcConfigurationType *fetch.Text  `expr:"sbcConfigurationType"`
}

// siteEnv holds the names of an expression about a SIP connection.
type siteEnv struct {
	site
	Customer *customerEnv `expr:"customer"`
}

// env is an empty environment of the scope: its type is what counts.
func (s Scope) env() any {
	if s.Connection {
		return siteEnv{}
	}
	return customerEnv{}
}

// Names lists the fields that expressions may name, those of a SIP
// connection's customer left out.
func (s Scope) Names() []string { return cellNames(reflect.TypeOf(s.env())) }

// Field is a field of the customers or SIP connections of a scope.
type Field struct {
	Name string
	path []int
}

// Field finds a field by its name, "LicenseType" or in a scope of SIP
// connections "customer.LicenseType".
func (s Scope) Field(name string) (Field, *Mistake) {
	path, ok := cellAt(reflect.TypeOf(s.env()), name)
	if !ok {
		return Field{}, &Mistake{Text: fmt.Sprintf("unknown field %q", name), Hint: plain.DidYouMean(name, s.Names())}
	}
	return Field{name, path}, nil
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

// cellNames lists the names of the cells in an environment's type.
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
	ownerType = reflect.TypeFor[*customerEnv]()
)

func isCell(t reflect.Type) bool {
	return t == countType || t == textType || t == flagType || t == sitesType
}

// cellAt finds the index path of a name in an environment's type.
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

// fullText is cellText with the raw value behind what is said to be its
// meaning, and with the first twenty entries of SiteLocation.
func fullText(cell any) string {
	if t, ok := cell.(*fetch.Text); ok && t.Shown() != t.S {
		return cellText(cell) + " (" + t.S + ")"
	}
	s, ok := cell.(*sites)
	if !ok || s.State != fetch.Known || len(s.List) == 0 {
		return cellText(cell)
	}
	const most = 20
	var entries []string
	for _, c := range s.List[:min(len(s.List), most)] {
		entries = append(entries, cellText(c.Name)+" "+fullText(c.SbcDeploymentState)+" "+fullText(c.SbcConfigurationType))
	}
	if len(s.List) > most {
		entries = append(entries, "…")
	}
	return "[" + plain.Counted(len(s.List), "SIP connection") + ": " + strings.Join(entries, "; ") + "]"
}

// cellText is a cell for people, much as JSON has it: 12, "Deployed", null,
// absent, [2 SIP connections].
func cellText(cell any) string {
	switch stateOf(cell) {
	case fetch.Absent:
		return "absent"
	case fetch.Null:
		return "null"
	case fetch.Unreadable:
		return "unreadable"
	}
	switch c := cell.(type) {
	case *fetch.Count:
		return strconv.FormatInt(c.N, 10)
	case *fetch.Text:
		return strconv.Quote(c.Said())
	case *yesNo:
		return strconv.FormatBool(c.B)
	case *sites:
		return "[" + plain.Counted(len(c.List), "SIP connection") + "]"
	}
	return ""
}
