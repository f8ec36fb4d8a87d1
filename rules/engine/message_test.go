package engine

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestMessage(t *testing.T) {
	const known, null = `, "LicensedUsersCount": 10, "MsTenantId": "é"`, `, "LicensedUsersCount": null`
	scope := Scope{Params: map[string]any{"factor": 1.5, "who": "abc", "on": true}}
	for _, test := range []struct{ text, customer, want string }{
		{" plain ", known, "plain"},
		{"{{LicensedUsersCount}} licenses of {{ MsTenantId }}", known, "10 licenses of é"},
		{"{{LicensedUsersCount}} licenses of {{ MsTenantId }}", null, "unknown licenses of unknown"},
		{"{{params.factor}} {{params.who}} {{params.on}}", known, "1.5 abc true"},
		{"{{LicensedUsersCount / 4}}", known, "2.5"},
		{`{{join(map(["a", "b"], # + "}"), "")}}`, known, "a}b}"},
	} {
		m, wrong := scope.CompileMessage(test.text)
		if len(wrong) > 0 {
			t.Fatalf("%s: %+v", test.text, *wrong[0])
		}
		if got := on(t, test.customer).Customer().Message(m); got != test.want {
			t.Errorf("%s on {%s}: %q, want %q", test.text, test.customer, got, test.want)
		}
	}
}

func TestMessageMistakes(t *testing.T) {
	for text, want := range map[string][]Mistake{
		"é {{ }} users":   {{3, "{{ }} names nothing", "write a field between the braces"}},
		"é {{LicenseType": {{3, "{{ without }}", ""}},
		"é LicenseType}}": {{14, "}} without {{", ""}},
		"é {{LicenseTyp}} {{SiteLocation}}": {
			{5, `unknown field "LicenseTyp"`, `did you mean "LicenseType"?`}, {20, "message: want a value, got list of SIP connections", ""}},
		"{{LicenseTyp}} {{": {{2, `unknown field "LicenseTyp"`, `did you mean "LicenseType"?`}, {15, "{{ without }}", ""}},
	} {
		_, wrong := Scope{}.CompileMessage(text)
		var got []Mistake
		for _, w := range wrong {
			got = append(got, *w)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", text, got, want)
		}
	}
}

func TestQuantity(t *testing.T) {
	for _, test := range []struct{ source, customer, want string }{
		{"LicensedUsersCount - ActiveUserCount", `, "LicensedUsersCount": 10, "ActiveUserCount": 3`, "7"},
		{"LicensedUsersCount - ActiveUserCount", `, "LicensedUsersCount": null, "ActiveUserCount": 3`, "unknown"},
		{"LicensedUsersCount - ActiveUserCount", `, "LicensedUsersCount": 1, "ActiveUserCount": 3`, "unknown"},
		{"LicensedUsersCount / 2", `, "LicensedUsersCount": 10`, "5"},
		{"LicensedUsersCount / 2", `, "LicensedUsersCount": 5`, "unknown"},
		{"ceil(LicensedUsersCount * 1.1)", `, "LicensedUsersCount": 5`, "6"},
	} {
		x, wrong := Scope{}.Compile("quantity", test.source, Number)
		if wrong != nil {
			t.Fatalf("%s: %+v", test.source, *wrong)
		}
		got := "unknown"
		if n := on(t, test.customer).Customer().Quantity(x); n != nil {
			got = fmt.Sprint(*n)
		}
		if got != test.want {
			t.Errorf("%s on {%s}: %s, want %s", test.source, test.customer, got, test.want)
		}
	}
	if n := on(t, "").Customer().Quantity(nil); n != nil {
		t.Errorf("no expression gives %d", *n)
	}
}

func TestTrace(t *testing.T) {
	scope := Scope{Params: map[string]any{"most": 5, "tenant": "a"}}
	x, wrong := scope.Compile("when", "(MsTenantId == params.tenant and\n ActiveUserCount > params.most and any(SiteLocation, .sbcId == 1)) or LicenseType == 1", Bool)
	if wrong != nil {
		t.Fatalf("%+v", *wrong)
	}
	var lines []string
	var list func(s Step, indent string)
	list = func(s Step, indent string) {
		lines = append(lines, indent+s.Filled+": "+s.Result)
		for _, p := range s.Parts {
			list(p, indent+"  ")
		}
	}
	env := on(t, `, "MsTenantId": "a", "ActiveUserCount": 5, "LicenseType": null, "SiteLocation": []`).Customer()
	step := env.Trace("when", x)
	list(step, "")
	want := `("a" == "a" and 5 > 5 and any([0 SIP connections], .sbcId == 1)) or null == 1: false
  ("a" == "a" and 5 > 5 and any([0 SIP connections], .sbcId == 1)): false
    "a" == "a": true
    5 > 5: false
    any([0 SIP connections], .sbcId == 1): not needed
  null == 1: false`
	if got := strings.Join(lines, "\n"); got != want || step.Key != "when" {
		t.Errorf("%s:\n%s\nwant\n%s", step.Key, got, want)
	}
}
