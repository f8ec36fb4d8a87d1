package rules

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"go.yaml.in/yaml/v4"

	"trueup/fetch"
	"trueup/rules/strict"
)

// testEntry is a test of a rule as its author writes it.
type testEntry struct {
	Name       strict.Located[string]           `yaml:"name,required"`
	Customer   customerEntry                    `yaml:"customer"`
	Connection strict.Located[*connectionEntry] `yaml:"sipConnection"`
	Others     []customerEntry                  `yaml:"others"`
	Expect     Verdict                          `yaml:"expect,required"`
	Message    *string                          `yaml:"message"`
	Quantity   *int64                           `yaml:"quantity"`
}

// customerEntry is a customer in a test. A key left out is absent from the
// customer too.
type customerEntry struct {
	UmpCustomerGuid         jsonValue          `yaml:"UmpCustomerGuid" json:",omitempty"`
	CustomerShortName       jsonValue          `yaml:"CustomerShortName" json:",omitempty"`
	CustomerFullName        jsonValue          `yaml:"CustomerFullName" json:",omitempty"`
	LicenseType             jsonValue          `yaml:"LicenseType" json:",omitempty"`
	LicensedUsersCount      jsonValue          `yaml:"LicensedUsersCount" json:",omitempty"`
	MsTenantId              jsonValue          `yaml:"MsTenantId" json:",omitempty"`
	ActiveUserCount         jsonValue          `yaml:"ActiveUserCount" json:",omitempty"`
	LiveHubActiveUsersCount jsonValue          `yaml:"LiveHubActiveUsersCount" json:",omitempty"`
	LiveHubSimpleUsersCount jsonValue          `yaml:"LiveHubSimpleUsersCount" json:",omitempty"`
	SiteLocation            *[]connectionEntry `yaml:"SiteLocation" json:",omitempty"`
	Usage                   *usageEntry        `yaml:"Usage" json:"-"`
}

// usageEntry is a license history in a test, by day: "97*30 101" is thirty days of
// 97 and one of 101, - a day without a record.
type usageEntry struct {
	From     string `yaml:"from,required"`
	Acquired string `yaml:"acquired,required"`
	Licensed string `yaml:"licensed,required"`
}

func (e *usageEntry) decode() (*fetch.Usage, error) {
	if e == nil {
		return nil, nil
	}
	from, err := fetch.ParseDay(e.From)
	if err != nil {
		return nil, fmt.Errorf("usage from: want YYYY-MM-DD, got %q", e.From)
	}
	u, err := fetch.UsageFrom(from, e.Acquired, e.Licensed)
	if err != nil {
		err = fmt.Errorf("usage: %w", err)
	}
	return u, err
}

type connectionEntry struct {
	ID                   jsonValue `yaml:"id" json:"id,omitempty"`
	Name                 jsonValue `yaml:"name" json:"name,omitempty"`
	SbcID                jsonValue `yaml:"sbcId" json:"sbcId,omitempty"`
	SbcDeploymentState   jsonValue `yaml:"sbcDeploymentState" json:"sbcDeploymentState,omitempty"`
	SbcConfigurationType jsonValue `yaml:"sbcConfigurationType" json:"sbcConfigurationType,omitempty"`
}

// jsonValue is the JSON that the API would send for a YAML scalar.
type jsonValue []byte

// UnmarshalYAML keeps null, which is not the same as an absent key.
func (v *jsonValue) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.ScalarNode {
		return errors.New("want a number, a text or null")
	}
	if n.ShortTag() == "!!null" {
		*v = []byte("null")
		return nil
	}
	scalar, ok := strict.Scalar(n)
	if f, isFloat := scalar.(float64); isFloat {
		*v, ok = strconv.AppendFloat(nil, f, 'f', -1, 64), true
		return nil
	}
	if !ok || n.ShortTag() == "!!timestamp" {
		scalar = n.Value
	}
	text, err := json.Marshal(scalar)
	*v = text
	return err
}

// MarshalJSON gives the value itself.
func (v jsonValue) MarshalJSON() ([]byte, error) { return v, nil }

// decode reads the customer as it would an answer of the API, so that a test
// sees no value that the program never does.
func (e customerEntry) decode() (fetch.Customer, error) {
	if e.UmpCustomerGuid == nil {
		e.UmpCustomerGuid = jsonValue(`"test"`)
	}
	text, err := json.Marshal([]customerEntry{e})
	if err != nil {
		return fetch.Customer{}, err
	}
	p, err := fetch.Decode(bytes.NewReader(text), fetch.DecodeOptions{})
	if err != nil {
		return fetch.Customer{}, fmt.Errorf("not a customer: %w", err)
	}
	c := p.Customers[0]
	c.Usage, err = e.Usage.decode()
	return c, err
}

// tests reads the tests of a rule. A test of a rule for SIP connections is about
// its sipConnection, which comes after those in the customer's SiteLocation, or
// without one about the only connection there.
func (r *fileReader) tests(e *ruleEntry) []Test {
	var tests []Test
	for i := range e.Tests {
		if t, ok := r.test(&e.Tests[i], e.Each); ok {
			tests = append(tests, t)
		}
	}
	return tests
}

func (r *fileReader) test(e *testEntry, each Each) (Test, bool) {
	t := Test{Name: e.Name.V, Connection: -1, Expect: e.Expect, Message: e.Message, Quantity: e.Quantity, Pos: e.Name.Pos}
	if !r.connection(e, each, &t) {
		return t, false
	}
	var err error
	if t.Customer, err = e.Customer.decode(); err != nil {
		r.fail(e.Name.Pos, "", "test %q: %v", t.Name, err)
		return t, false
	}
	for _, other := range e.Others {
		c, err := other.decode()
		if err != nil {
			r.fail(e.Name.Pos, "", "test %q: others: %v", t.Name, err)
			return t, false
		}
		t.Others = append(t.Others, c)
	}
	return t, true
}

// connection finds the SIP connection that a test is about.
func (r *fileReader) connection(e *testEntry, each Each, t *Test) bool {
	sites := e.Customer.SiteLocation
	given := e.Connection.V != nil
	switch {
	case each == EachCustomer && given:
		r.fail(e.Connection.Key, "write it into customer: {SiteLocation: [...]}", "a rule for customers has no sipConnection")
		return false
	case given:
		if sites == nil {
			sites = &[]connectionEntry{}
		}
		t.Connection = len(*sites)
		all := append(*sites, *e.Connection.V)
		e.Customer.SiteLocation = &all
	case each == EachConnection && sites != nil && len(*sites) == 1:
		t.Connection = 0
	case each == EachConnection && sites != nil:
		r.fail(e.Name.Pos, "write the connection that the test is about as sipConnection", "test %q does not say which SIP connection", t.Name)
		return false
	}
	return true
}
