package rules

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trueup/fetch"
)

// loadText loads rules written in a test.
func loadText(t testing.TB, text string) (*Set, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "r.yaml")
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return Load(Options{Paths: []string{path}})
}

func mustLoad(t testing.TB, text string) *Set {
	t.Helper()
	set, err := loadText(t, text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return set
}

// oneRule is a rule file with the given lines.
func oneRule(each, lines string) string {
	return "rules:\n  - id: r\n    title: t\n    severity: low\n    each: " + each + "\n    " +
		strings.ReplaceAll(strings.TrimSpace(lines), "\n", "\n    ") + "\n"
}

func decode(t testing.TB, json string) []fetch.Customer {
	t.Helper()
	p, err := fetch.Decode(strings.NewReader(json), fetch.DecodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return p.Customers
}

// judgeOne is the verdict of one condition on a customer, with the reason.
func judgeOne(t *testing.T, when, customer string) string {
	t.Helper()
	set := mustLoad(t, oneRule("customer", fmt.Sprintf("when: %q\nmessage: m", when)))
	e := set.Evaluate(decode(t, `[{"UmpCustomerGuid": "g"`+customer+`}]`))
	switch {
	case len(e.Results) == 0:
		return "pass"
	case e.Results[0].Verdict == NotEvaluable:
		return "not-evaluable: " + e.Results[0].Reason
	}
	return e.Results[0].Verdict.String()
}

func TestConditions(t *testing.T) {
	const (
		null       = `, "LicensedUsersCount": null, "MsTenantId": null, "LicenseType": null, "SiteLocation": null`
		known      = `, "LicensedUsersCount": 10, "ActiveUserCount": 12, "MsTenantId": "abc", "LicenseType": 1, "SiteLocation": []`
		absent     = ``
		unreadable = `, "LicensedUsersCount": -1, "MsTenantId": {}, "SiteLocation": 7`
		zero       = `, "LicensedUsersCount": 0, "ActiveUserCount": 0`
		oneNull    = `, "SiteLocation": [{"id": "a", "sbcConfigurationType": "Byoc"}, {"id": "b", "sbcConfigurationType": null}]`
	)
	tests := []struct{ when, customer, want string }{
		{`LicensedUsersCount > 5`, known, "finding"},
		{`LicensedUsersCount > 5`, null, "not-evaluable: LicensedUsersCount is null"},
		{`LicensedUsersCount > 5`, absent, "not-evaluable: LicensedUsersCount is absent"},
		{`LicensedUsersCount > 5`, unreadable, "not-evaluable: LicensedUsersCount has a value that cannot be read"},
		{`LicensedUsersCount == nil`, null, "finding"},
		{`LicensedUsersCount == nil`, absent, "finding"},
		{`nil != LicensedUsersCount`, known, "finding"},
		{`LicensedUsersCount == nil`, unreadable, "not-evaluable: LicensedUsersCount has a value that cannot be read"},
		{`LicensedUsersCount == 0`, null, "pass"},
		{`LicensedUsersCount == 0`, zero, "finding"},
		{`LicensedUsersCount != 0`, null, "finding"},
		{`LicensedUsersCount == 0`, unreadable, "not-evaluable: LicensedUsersCount has a value that cannot be read"},
		{`LicensedUsersCount == LiveHubActiveUsersCount`, null, "not-evaluable: LicensedUsersCount is null"},
		{`ActiveUserCount == LicensedUsersCount`, null + `, "ActiveUserCount": 1`, "not-evaluable: LicensedUsersCount is null"},
		{`LicensedUsersCount in [1, 2]`, null, "not-evaluable: LicensedUsersCount is null"},
		{`LicensedUsersCount not in [1, 2]`, null, "not-evaluable: LicensedUsersCount is null"},
		{`MsTenantId in ["abc"]`, known, "finding"},
		{`(LicensedUsersCount ?? 3) == 3`, null, "finding"},
		{`(LicensedUsersCount ?? 3) == 10`, known, "finding"},
		{`LicensedUsersCount == nil or LicensedUsersCount > 5`, null, "finding"},
		{`LicensedUsersCount != nil and LicensedUsersCount > 5`, null, "pass"},
		{`MsTenantId == ""`, null, "pass"},
		{`MsTenantId contains "b"`, null, "not-evaluable: MsTenantId is null"},
		{`MsTenantId startsWith "b"`, null, "not-evaluable: MsTenantId is null"},
		{`MsTenantId matches "^a"`, known, "finding"},
		{`MsTenantId matches "^a"`, null, "not-evaluable: MsTenantId is null"},
		{`len(MsTenantId) == 3`, known, "finding"},
		{`len(MsTenantId) == 0`, null, "not-evaluable: MsTenantId is null"},
		{`string(LicensedUsersCount) == ""`, null, "not-evaluable: LicensedUsersCount is null"},
		{`lower(MsTenantId) == "abc"`, known, "finding"},
		{`let n = LicensedUsersCount; n > 5`, known, "finding"},
		{`let n = LicensedUsersCount; n == nil`, null, "not-evaluable: LicensedUsersCount is null"},
		{`max(LicensedUsersCount, 1) == 10`, known, "finding"},
		{`ActiveUserCount / LicensedUsersCount > 1`, known, "finding"},
		{`ActiveUserCount / LicensedUsersCount < 1`, zero, "not-evaluable: a division by zero, or a number too large"},
		{`ActiveUserCount % LicensedUsersCount == 0`, zero, "not-evaluable: a division by zero"},
		{`ActiveUserCount * 100000000 * 100000000 > 0`, known, "not-evaluable: a number is too large to be exact"},
		{`2 ** 5000 > ActiveUserCount`, known, "not-evaluable: a division by zero, or a number too large"},
		{`any(SiteLocation, true)`, absent, "not-evaluable: SiteLocation is absent: the list was fetched without allDetails"},
		{`any(SiteLocation, true)`, null, "not-evaluable: SiteLocation is null"},
		{`any(SiteLocation, true)`, unreadable, "not-evaluable: SiteLocation has a value that cannot be read"},
		{`any(SiteLocation, true)`, known, "pass"},
		{`SiteLocation == nil`, absent, "finding"},
		{`SiteLocation != nil`, known, "finding"},
		{`len(SiteLocation) == 0`, absent, "not-evaluable: SiteLocation is absent: the list was fetched without allDetails"},
		{`SiteLocation[0].sbcId == 1`, known, "not-evaluable: index out of range: 0 (array length is 0)"},
		{`first(SiteLocation).sbcId == 1`, known, "not-evaluable: the expression met a value that is not there"},
		{`find(SiteLocation, .id == "x").name == "y"`, known, "not-evaluable: the expression met a value that is not there"},
		{`find(SiteLocation, .id == "x")?.name == "y"`, known, "not-evaluable: the expression met a value that is not there"},
		{`any(SiteLocation, .sbcConfigurationType == "Byoc")`, oneNull, "finding"},
		{`all(SiteLocation, .sbcConfigurationType == "Byoc")`, oneNull, "pass"},
		{`any(SiteLocation, .sbcConfigurationType == nil)`, oneNull, "finding"},
		{`all(SiteLocation, lower(.sbcConfigurationType) == "byoc")`, oneNull, "not-evaluable: sbcConfigurationType is null"},
		{`any(SiteLocation, .sbcConfigurationType == SiteLocation[1].sbcConfigurationType)`, oneNull, "not-evaluable: sbcConfigurationType is null"},
		{`count(SiteLocation, .sbcConfigurationType == "Byoc") == 1`, oneNull, "finding"},
		{`len(filter(SiteLocation, .id == "a")) == 1`, oneNull, "finding"},
		{`join(map(SiteLocation, .id), "+") == "a+b"`, oneNull, "finding"},
		{`join(map(SiteLocation, .sbcConfigurationType), "+") == "x"`, oneNull, "not-evaluable: sbcConfigurationType is null"},
		{`map(SiteLocation, #)[1].id == "b"`, oneNull, "finding"},
		{`sum(map(SiteLocation, len(.id))) == 2`, oneNull, "finding"},
		{`let list = SiteLocation; list[0].id == "a"`, oneNull, "finding"},
		{`CountedByUser`, known, "finding"},
		{`CountedByUser`, null, "not-evaluable: LicenseType is null"},
		{`CountedByUser == true`, null, "pass"},
		{`CustomersOnTenant == 1`, known, "finding"},
		{`CustomersOnTenant > 1`, null, "not-evaluable: MsTenantId is null"},
		{`LicenseName == "Hosted Essentials Plus"`, known, "finding"},
		{`UmpCustomerGuid == "g" and Instance == ""`, absent, "finding"},
		{`unknown("no idea")`, known, "not-evaluable: no idea"},
		{`MsTenantId + MsTenantId == "abcabc"`, known, "finding"},
		{`int(MsTenantId) > 1`, known, "not-evaluable: invalid operation: int(abc)"},
	}
	for _, test := range tests {
		t.Run(test.when, func(t *testing.T) {
			if got := judgeOne(t, test.when, test.customer); got != test.want {
				t.Errorf("on {%s}: got %s, want %s", test.customer, got, test.want)
			}
		})
	}
}

// A customer may have thousands of connections. Expressions whose time would
// grow faster than the list does are not tried on it.
func TestManyConnections(t *testing.T) {
	for _, x := range []struct {
		sites      int
		when, want string
	}{
		{5000, `len(SiteLocation) == 5000`, "finding"},
		{5000, `all(SiteLocation, lower(.sbcConfigurationType) == "byoc") and count(SiteLocation, .sbcId == 7) == 5000`, "finding"},
		{5000, `sum(map(SiteLocation, .sbcId)) == 35000`, "finding"},
		{1000, `any(SiteLocation, count(SiteLocation, .sbcId == 7) == 1000)`, "finding"},
		{1001, `any(SiteLocation, count(SiteLocation, .sbcId == 7) == 1000)`, "not-evaluable: SiteLocation has more than 1000 entries"},
		{1001, `len(uniq(map(SiteLocation, .sbcId))) == 1`, "not-evaluable: SiteLocation has more than 1000 entries"},
		{1001, `let ids = map(SiteLocation, .sbcId); any(SiteLocation, .sbcId in ids)`, "not-evaluable: SiteLocation has more than 1000 entries"},
		{10_001, `len(SiteLocation) > 0`, "not-evaluable: SiteLocation has more than 10000 entries"},
	} {
		sites := strings.Repeat(`, {"sbcId": 7, "sbcConfigurationType": "Byoc"}`, x.sites)
		if got := judgeOne(t, x.when, `, "SiteLocation": [`+sites[2:]+`]`); got != x.want {
			t.Errorf("%d connections, %s: got %s, want %s", x.sites, x.when, got, x.want)
		}
	}
}
