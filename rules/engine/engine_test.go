package engine

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"trueup/fetch"
)

func decode(t testing.TB, json string) []fetch.Customer {
	t.Helper()
	p, err := fetch.Decode(strings.NewReader(json), fetch.DecodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return p.Customers
}

// on is a machine with a customer of these fields loaded.
func on(t testing.TB, fields string) *Machine {
	t.Helper()
	customers := decode(t, `[{"UmpCustomerGuid": "g"`+fields+`}]`)
	m := NewMachine(context.Background(), CountTenants(customers))
	m.Load(&customers[0])
	return m
}

// ask is the answer of a condition about a customer, or why there is none.
func ask(t testing.TB, condition, fields string) string {
	t.Helper()
	x, wrong := Scope{}.Compile("when", condition, Bool)
	if wrong != nil {
		t.Fatalf("%s: %+v", condition, *wrong)
	}
	yes, err := on(t, fields).Customer().Bool(x)
	switch {
	case err != nil:
		return err.Error()
	case yes:
		return "yes"
	}
	return "no"
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
		{`LicensedUsersCount > 5`, known, "yes"},
		{`LicensedUsersCount > 5`, null, "LicensedUsersCount is null"},
		{`LicensedUsersCount > 5`, absent, "LicensedUsersCount is absent"},
		{`LicensedUsersCount > 5`, unreadable, "LicensedUsersCount has a value that cannot be read"},
		{`LicensedUsersCount == nil`, null, "yes"},
		{`LicensedUsersCount == nil`, absent, "yes"},
		{`nil != LicensedUsersCount`, known, "yes"},
		{`LicensedUsersCount == nil`, unreadable, "LicensedUsersCount has a value that cannot be read"},
		{`LicensedUsersCount == 0`, null, "no"},
		{`LicensedUsersCount == 0`, zero, "yes"},
		{`LicensedUsersCount != 0`, null, "yes"},
		{`LicensedUsersCount == 0`, unreadable, "LicensedUsersCount has a value that cannot be read"},
		{`LicensedUsersCount == LiveHubActiveUsersCount`, null, "LicensedUsersCount is null"},
		{`ActiveUserCount == LicensedUsersCount`, null + `, "ActiveUserCount": 1`, "LicensedUsersCount is null"},
		{`LicensedUsersCount in [1, 2]`, null, "LicensedUsersCount is null"},
		{`LicensedUsersCount not in [1, 2]`, null, "LicensedUsersCount is null"},
		{`MsTenantId in ["abc"]`, known, "yes"},
		{`(LicensedUsersCount ?? 3) == 3`, null, "yes"},
		{`(LicensedUsersCount ?? 3) == 10`, known, "yes"},
		{`LicensedUsersCount == nil or LicensedUsersCount > 5`, null, "yes"},
		{`LicensedUsersCount != nil and LicensedUsersCount > 5`, null, "no"},
		{`MsTenantId == ""`, null, "no"},
		{`MsTenantId contains "b"`, null, "MsTenantId is null"},
		{`MsTenantId startsWith "b"`, null, "MsTenantId is null"},
		{`MsTenantId matches "^a"`, known, "yes"},
		{`MsTenantId matches "^a"`, null, "MsTenantId is null"},
		{`len(MsTenantId) == 3`, known, "yes"},
		{`len(MsTenantId) == 0`, null, "MsTenantId is null"},
		{`string(LicensedUsersCount) == ""`, null, "LicensedUsersCount is null"},
		{`lower(MsTenantId) == "abc"`, known, "yes"},
		{`let n = LicensedUsersCount; n > 5`, known, "yes"},
		{`let n = LicensedUsersCount; n == nil`, null, "LicensedUsersCount is null"},
		{`max(LicensedUsersCount, 1) == 10`, known, "yes"},
		{`ActiveUserCount / LicensedUsersCount > 1`, known, "yes"},
		{`any(SiteLocation, 6 / (len(.id) + 1) * 2 > 5 and .id + "" == "a")`, oneNull, "yes"},
		{`ActiveUserCount / LicensedUsersCount < 1`, zero, "a division by zero, or a number too large"},
		{`ActiveUserCount % LicensedUsersCount == 0`, zero, "a division by zero"},
		{`ActiveUserCount * 100000000 * 100000000 > 0`, known, "a number is too large to be exact"},
		{`2 ** 5000 > ActiveUserCount`, known, "a division by zero, or a number too large"},
		{`any(SiteLocation, true)`, absent, "SiteLocation is absent: the list was fetched without allDetails"},
		{`any(SiteLocation, true)`, null, "SiteLocation is null"},
		{`any(SiteLocation, true)`, unreadable, "SiteLocation has a value that cannot be read"},
		{`any(SiteLocation, true)`, known, "no"},
		{`SiteLocation == nil`, absent, "yes"},
		{`SiteLocation != nil`, known, "yes"},
		{`len(SiteLocation) == 0`, absent, "SiteLocation is absent: the list was fetched without allDetails"},
		{`SiteLocation[0].sbcId == 1`, known, "index out of range: 0 (array length is 0)"},
		{`first(SiteLocation).sbcId == 1`, known, "the expression met a value that is not there"},
		{`find(SiteLocation, .id == "x").name == "y"`, known, "the expression met a value that is not there"},
		{`find(SiteLocation, .id == "x")?.name == "y"`, known, "the expression met a value that is not there"},
		{`any(SiteLocation, .sbcConfigurationType == "Byoc")`, oneNull, "yes"},
		{`all(SiteLocation, .sbcConfigurationType == "Byoc")`, oneNull, "no"},
		{`any(SiteLocation, .sbcConfigurationType == nil)`, oneNull, "yes"},
		{`all(SiteLocation, lower(.sbcConfigurationType) == "byoc")`, oneNull, "sbcConfigurationType is null"},
		{`any(SiteLocation, .sbcConfigurationType == SiteLocation[1].sbcConfigurationType)`, oneNull, "sbcConfigurationType is null"},
		{`any(SiteLocation, lower(.sbcConfigurationType) == "byoc")`, oneNull, "yes"},
		{`any(SiteLocation, lower(.sbcConfigurationType) == "siptrunk")`, oneNull, "sbcConfigurationType is null"},
		{`all(SiteLocation, lower(.sbcConfigurationType) == "siptrunk")`, oneNull, "no"},
		{`none(SiteLocation, lower(.sbcConfigurationType) == "byoc")`, oneNull, "no"},
		{`none(SiteLocation, lower(.sbcConfigurationType) == "siptrunk")`, oneNull, "sbcConfigurationType is null"},
		{`one(SiteLocation, lower(.sbcConfigurationType) == "byoc")`, oneNull, "sbcConfigurationType is null"},
		{`count(SiteLocation, lower(.sbcConfigurationType) == "byoc") > 0`, oneNull, "sbcConfigurationType is null"},
		{`len(filter(SiteLocation, lower(.sbcConfigurationType) == "byoc")) > 0`, oneNull, "sbcConfigurationType is null"},
		{`any(SiteLocation, .id == "a" or unknown("no idea"))`, oneNull, "yes"},
		{`any(SiteLocation, .id == "c" or unknown("no idea"))`, oneNull, "no idea"},
		{`any(SiteLocation, 10 % len(.sbcConfigurationType) == 2)`, oneNull, "yes"},
		{`any(SiteLocation, any(SiteLocation, lower(.sbcConfigurationType) == "siptrunk") or .id == "b")`, oneNull, "sbcConfigurationType is null"},
		{`any(SiteLocation, any(SiteLocation, lower(.sbcConfigurationType) == "siptrunk"))`, oneNull, "sbcConfigurationType is null"},
		{`any(SiteLocation, all(SiteLocation, lower(.sbcConfigurationType) != "byoc"))`, oneNull, "no"},
		{`any(SiteLocation, LicensedUsersCount > 1)`, oneNull, "LicensedUsersCount is absent"},
		{`any(filter(SiteLocation, .id == "a"), .sbcConfigurationType == "Byoc")`, oneNull, "yes"},
		{`first(SiteLocation).id == "a" and any(map(SiteLocation, #), .id == "b")`, oneNull, "yes"},
		{`any(SiteLocation, true) and LicensedUsersCount > 1`, oneNull, "LicensedUsersCount is absent"},
		{`count(SiteLocation, .sbcConfigurationType == "Byoc") == 1`, oneNull, "yes"},
		{`len(filter(SiteLocation, .id == "a")) == 1`, oneNull, "yes"},
		{`join(map(SiteLocation, .id), "+") == "a+b"`, oneNull, "yes"},
		{`join(map(SiteLocation, .sbcConfigurationType), "+") == "x"`, oneNull, "sbcConfigurationType is null"},
		{`map(SiteLocation, #)[1].id == "b"`, oneNull, "yes"},
		{`sum(map(SiteLocation, len(.id))) == 2`, oneNull, "yes"},
		{`let list = SiteLocation; list[0].id == "a"`, oneNull, "yes"},
		{`CountedByUser`, known, "yes"},
		{`CountedByUser`, null, "LicenseType is null"},
		{`CountedByUser == true`, null, "no"},
		{`CustomersOnTenant == 1`, known, "yes"},
		{`CustomersOnTenant > 1`, null, "MsTenantId is null"},
		{`LicenseName == "Hosted Essentials Plus"`, known, "yes"},
		{`UmpCustomerGuid == "g" and Instance == ""`, absent, "yes"},
		{`unknown("no idea")`, known, "no idea"},
		{`MsTenantId + MsTenantId == "abcabc"`, known, "yes"},
		{`int(MsTenantId) > 1`, known, "invalid operation: int(abc)"},
	}
	for _, test := range tests {
		t.Run(test.when, func(t *testing.T) {
			if got := ask(t, test.when, test.customer); got != test.want {
				t.Errorf("on {%s}: got %s, want %s", test.customer, got, test.want)
			}
		})
	}
}

func TestMistakes(t *testing.T) {
	customer, connection := Scope{Params: map[string]any{"percent": 90}}, Scope{Connection: true}
	for _, test := range []struct {
		scope  Scope
		source string
		want   Kind
		is     Mistake
	}{
		{customer, "LicencedUsersCount > 1", Bool, Mistake{0, `unknown field "LicencedUsersCount"`, `did you mean "LicensedUsersCount"?`}},
		{customer, `MsTenantId == "é" and LicenseTyp == 1`, Bool, Mistake{23, `unknown field "LicenseTyp"`, `did you mean "LicenseType"?`}},
		{customer, "ActiveUserCount > params.percnt", Bool, Mistake{25, `the rule has no parameter "percnt"`, `did you mean "percent"?`}},
		{customer, "sbcId == 1", Bool, Mistake{0, `unknown field "sbcId"`, "this is a field of SIP connections: use each: sipConnection, or any(SiteLocation, .sbcId …)"}},
		{connection, "LicenseType == 1", Bool, Mistake{0, `unknown field "LicenseType"`, "write customer.LicenseType"}},
		{customer, "hasPrefx(MsTenantId, \"a\")", Bool, Mistake{0, `unknown field "hasPrefx"`, `did you mean "hasPrefix"?`}},
		{customer, "ActiveUserCount", Bool, Mistake{0, "when: want true or false, got whole number", ""}},
		{customer, "MsTenantId", Number, Mistake{0, "when: want a number, got text", ""}},
		{customer, "SiteLocation", Value, Mistake{0, "when: want a value, got list of SIP connections", ""}},
		{customer, "ActiveUserCount +", Number, Mistake{16, "the expression ends too early", ""}},
		{customer, " ", Bool, Mistake{0, "the expression is empty", ""}},
		{customer, strings.Repeat("(", maxSource+1), Bool, Mistake{0, "the expression is longer than 4000 bytes", ""}},
		{customer, "now() == 1", Bool, Mistake{0, `function "now" is not available in rules`, ""}},
		{customer, "1 in 1..9", Bool, Mistake{6, "ranges are not available in rules", ""}},
		{customer, `first(filter(SiteLocation, true)).name == "x"`, Bool, Mistake{34, `it is not known what "name" is a field of`, "find(LIST, …) and LIST[0] give a SIP connection"}},
		{customer, `CustomerFullName matches CustomerShortName`, Bool, Mistake{25, "the pattern of matches must stand in the rule", "write it as a text or a parameter"}},
		{customer, `[1, "a"][0] + 1 == 2`, Bool, Mistake{12, `"+" needs operands whose types are known`, "convert with string() or int()"}},
	} {
		_, wrong := test.scope.Compile("when", test.source, test.want)
		if wrong == nil || *wrong != test.is {
			t.Errorf("%.60s:\ngot  %+v\nwant %+v", test.source, wrong, test.is)
		}
	}
}

// Who has learned another language first is told what to write here.
func TestHabits(t *testing.T) {
	for source, want := range map[string]string{
		`LicenseType = 5`:                           `12 unexpected "=": write == to compare`,
		`MsTenantId == "é" and LicenseType = 5`:     `35 unexpected "=": write == to compare`,
		`LicenseType === 5`:                         `14 unexpected "=": write == to compare`,
		`LicenseType <> 5`:                          `13 unexpected ">": write != for what is not equal`,
		`ActiveUserCount => 5`:                      `16 unexpected "=": write >=`,
		`ActiveUserCount =< 5`:                      `16 unexpected "=": write <=`,
		`ActiveUserCount =! 5`:                      `16 unexpected "=": write !=`,
		`ActiveUserCount > 1,000`:                   `19 unexpected ",": write a number without commas`,
		`LicenseType == null`:                       `15 unknown field "null": write nil`,
		`LicenseType != NULL`:                       `15 unknown field "NULL": write nil`,
		`LicenseType == none`:                       `12 "==" does not go with whole number and function: write nil for what is not there`,
		`LicenseType IS NULL`:                       `12 unexpected "IS": write == nil, or != nil`,
		`LicenseType == 5 AND ActiveUserCount == 1`: `17 unexpected "AND": write and, in small letters`,
		`LicenseType == 5 Or ActiveUserCount == 1`:  `17 unexpected "Or": write or, in small letters`,
		`NOT (LicenseType == 5)`:                    `0 unknown field "NOT": write not, in small letters`,
		`CountedByUser == TRUE`:                     `17 unknown field "TRUE": write true, in small letters`,
		`CustomerShortName LIKE "a%"`:               `18 unexpected "LIKE": write contains, startsWith, endsWith or matches`,
		`LicenseType == "5"`:                        `12 "==" does not go with whole number and text: LicenseType is a number: write 5 without quotes`,
		`"5" == LicenseType`:                        `4 "==" does not go with text and whole number: LicenseType is a number: write 5 without quotes`,
		`any(SiteLocation, .sbcId > "1")`:           `25 ">" does not go with whole number and text: sbcId is a number: write 1 without quotes`,
		`LicenseType == "five"`:                     `12 "==" does not go with whole number and text: `,
		`MsTenantId == 5`:                           `11 "==" does not go with text and whole number: MsTenantId is a text: write "5", in quotes`,
		`CountedByUser == "true"`:                   `14 "==" does not go with true or false and text: CountedByUser is true or false: write true without quotes`,
		`LicenseType in ["1", "2"]`:                 `12 "in" does not go with whole number and a list of texts: write the numbers without quotes`,
		`MsTenantId in [1]`:                         `11 "in" does not go with text and a list of whole numbers: write the texts in quotes`,
		`SiteLocation.sbcId == 1`:                   `13 array elements can only be selected using an integer (got string): a list has no fields: write any(LIST, .FIELD …)`,
	} {
		_, wrong := Scope{}.Compile("when", source, Bool)
		if wrong == nil {
			t.Errorf("%s: no mistake", source)
		} else if got := fmt.Sprintf("%d %s: %s", wrong.At, wrong.Text, wrong.Hint); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", source, got, want)
		}
	}
}

func TestField(t *testing.T) {
	connection := Scope{Connection: true}
	for name, want := range map[string]bool{"id": true, "customer.LicenseType": true, "LicenseType": false, "customer": false, "customer.id": false} {
		if f, wrong := connection.Field(name); (wrong == nil) != want || want && f.Name != name {
			t.Errorf("%s: %+v, %+v", name, f, wrong)
		}
	}
	_, wrong := Scope{}.Field("LicenceType")
	if want := (Mistake{0, `unknown field "LicenceType"`, `did you mean "LicenseType"?`}); wrong == nil || *wrong != want {
		t.Errorf("got %+v", wrong)
	}
}

func TestReads(t *testing.T) {
	for source, want := range map[string]string{
		"ActiveUserCount > 1 and MsTenantId == nil and (LicenseType ?? 1) == 1": "ActiveUserCount MsTenantId? LicenseType? LicenseType",
		"any(SiteLocation, .sbcId == nil)":                                      "SiteLocation SiteLocation",
	} {
		if got := reads(t, Scope{}, source); got != want {
			t.Errorf("%s: %s, want %s", source, got, want)
		}
	}
	for source, want := range map[string]string{
		"sbcId == 1 and customer.LicenseType == nil": "sbcId? sbcId customer.LicenseType?",
		"any(customer.SiteLocation, .name == \"x\")": "customer.SiteLocation customer.SiteLocation customer.SiteLocation",
		"let c = customer; c.LicenseType > 1":        "customer.LicenseType",
	} {
		if got := reads(t, Scope{Connection: true}, source); got != want {
			t.Errorf("%s: %s, want %s", source, got, want)
		}
	}
}

// reads lists the fields of an expression, with ? where null is an answer.
func reads(t *testing.T, s Scope, source string) string {
	t.Helper()
	x, wrong := s.Compile("when", source, Bool)
	if wrong != nil {
		t.Fatalf("%s: %+v", source, *wrong)
	}
	var names []string
	for _, r := range x.Reads {
		names = append(names, r.Field.Name+map[bool]string{true: "?"}[r.TakesNull])
	}
	return strings.Join(names, " ")
}
