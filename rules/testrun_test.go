package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A test says all that is not as it expects, and only what a finding has.
func TestRunTests(t *testing.T) {
	set := mustLoad(t, `
rules:
  - id: a
    title: t
    severity: low
    each: customer
    when: ActiveUserCount > 5
    quantity: ActiveUserCount - LicensedUsersCount
    message: "{{ActiveUserCount}} on {{LicensedUsersCount}}"
    tests:
      - {name: as expected, customer: {ActiveUserCount: 7, LicensedUsersCount: 4}, expect: finding, quantity: 3, message: 7 on 4}
      - {name: verdict, customer: {ActiveUserCount: 5, LicensedUsersCount: 4}, expect: finding, quantity: 3, message: 7 on 4}
      - {name: message and quantity, customer: {ActiveUserCount: 8, LicensedUsersCount: 4}, expect: finding, quantity: 3, message: 7 on 4}
      - {name: unknown quantity, customer: {ActiveUserCount: 8, LicensedUsersCount: null}, expect: finding, quantity: 8}
      - {name: says less, customer: {ActiveUserCount: 8, LicensedUsersCount: 4}, expect: finding}
      - {name: numbers with decimals, customer: {ActiveUserCount: 8.0, LicensedUsersCount: 4.0}, expect: finding, quantity: 4, message: 8 on 4}
      - {name: no whole number, customer: {ActiveUserCount: 7.25}, expect: not-evaluable}
  - id: b
    title: t
    severity: low
    each: sipConnection
    when: customer.CustomersOnTenant > 2
    quantity: sbcId
    message: m
    tests:
      - {name: third on the tenant, customer: {MsTenantId: t}, sipConnection: {sbcId: 1}, others: [{MsTenantId: t}, {MsTenantId: t}], expect: finding, quantity: 1}
      - {name: the only connection, customer: {MsTenantId: t, SiteLocation: [{sbcId: 4}]}, others: [{MsTenantId: t}, {MsTenantId: t}], expect: finding, quantity: 4}
      - {name: after those of the customer, customer: {MsTenantId: t, SiteLocation: [{sbcId: 4}]}, sipConnection: {sbcId: 9}, others: [{MsTenantId: t}, {MsTenantId: t}], expect: finding, quantity: 9}
      - {name: no connection, customer: {MsTenantId: t}, expect: not-evaluable}
      - {name: alone on the tenant, customer: {MsTenantId: t, SiteLocation: []}, sipConnection: {sbcId: 1}, expect: pass}
  - id: c
    title: t
    severity: low
    each: customer
    needs: [CustomerShortName]
    when: CustomerShortName != "x"
    message: "{{CustomerShortName}} {{UmpCustomerGuid}}"
    tests:
      - {name: a date, customer: {CustomerShortName: 2026-11-23}, expect: finding, message: 2026-11-23 test}
      - {name: a number, customer: {CustomerShortName: 12.25}, expect: finding, message: 12.25 test}
      - {name: no quantity, customer: {CustomerShortName: a}, expect: finding, quantity: 1}
      - {name: not a text, customer: {CustomerShortName: true}, expect: not-evaluable}
      - {name: "null", customer: {CustomerShortName: null}, expect: finding, message: "unknown test"}
`)
	var got []string
	for _, r := range set.RunTests() {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s: %s %s %v", r.Test.Name, r.Failed, r.Reason, r.Read)))
	}
	want := []string{
		`as expected:   [{ActiveUserCount 7} {LicensedUsersCount 4}]`,
		`verdict: expected finding, got pass  [{ActiveUserCount 5}]`,
		`message and quantity: expected message "7 on 4", got "8 on 4"; expected quantity 3, got 4  [{ActiveUserCount 8} {LicensedUsersCount 4}]`,
		`unknown quantity: expected quantity 8, got LicensedUsersCount is null  [{ActiveUserCount 8} {LicensedUsersCount null}]`,
		`says less:   [{ActiveUserCount 8} {LicensedUsersCount 4}]`,
		`numbers with decimals:   [{ActiveUserCount 8} {LicensedUsersCount 4}]`,
		`no whole number:  ActiveUserCount has a value that cannot be read [{ActiveUserCount unreadable}]`,
		`third on the tenant:   [{customer.CustomersOnTenant 3} {sbcId 1}]`,
		`the only connection:   [{customer.CustomersOnTenant 3} {sbcId 4}]`,
		`after those of the customer:   [{customer.CustomersOnTenant 3} {sbcId 9}]`,
		`no connection:  SiteLocation is absent: the list was fetched without allDetails [{SiteLocation absent}]`,
		`alone on the tenant:   [{customer.CustomersOnTenant 1}]`,
		`a date:   [{CustomerShortName "2026-11-23"} {UmpCustomerGuid "test"}]`,
		`a number:   [{CustomerShortName "12.25"} {UmpCustomerGuid "test"}]`,
		`no quantity: expected quantity 1, got none  [{CustomerShortName "a"} {UmpCustomerGuid "test"}]`,
		`not a text:  CustomerShortName has a value that cannot be read [{CustomerShortName unreadable}]`,
		`null:   [{CustomerShortName null} {UmpCustomerGuid "test"}]`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
