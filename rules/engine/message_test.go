package engine

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"trueup/fetch"
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
		{"LicensedUsersCount - ActiveUserCount", `, "LicensedUsersCount": null, "ActiveUserCount": 3`, "LicensedUsersCount is null"},
		{"LicensedUsersCount - ActiveUserCount", `, "LicensedUsersCount": 1, "ActiveUserCount": 3`, "-2 is negative"},
		{"LicensedUsersCount / 2", `, "LicensedUsersCount": 10`, "5"},
		{"LicensedUsersCount / 2", `, "LicensedUsersCount": 5`, "2.5 is not a whole number"},
		{"-LicensedUsersCount / 2", `, "LicensedUsersCount": 5`, "-2.5 is not a whole number"},
		{"LicensedUsersCount * 1e15", `, "LicensedUsersCount": 5`, "a number is too large to be exact"},
		{"LicensedUsersCount / 0", `, "LicensedUsersCount": 5`, "a division by zero, or a number too large"},
		{"ceil(LicensedUsersCount * 1.1)", `, "LicensedUsersCount": 5`, "6"},
	} {
		x, wrong := Scope{}.Compile("quantity", test.source, Number)
		if wrong != nil {
			t.Fatalf("%s: %+v", test.source, *wrong)
		}
		n, got := on(t, test.customer).Customer().Quantity(x)
		if n != nil {
			got += fmt.Sprint(*n)
		}
		if got != test.want {
			t.Errorf("%s on {%s}: %s, want %s", test.source, test.customer, got, test.want)
		}
	}
	if n, why := on(t, "").Customer().Quantity(nil); n != nil || why != "" {
		t.Errorf("no expression gives %v, %s", n, why)
	}
}

func TestFractional(t *testing.T) {
	scope := Scope{Params: map[string]any{"half": 0.5, "two": 2.0, "three": 3}}
	for source, want := range map[string]bool{
		"ActiveUserCount - LicensedUsersCount": false, "ActiveUserCount / 2": true, "ActiveUserCount * 0.5": true, "ActiveUserCount * 2.0": false,
		"ActiveUserCount * params.half": true, "ActiveUserCount * params.two": false, "ActiveUserCount % params.three": false,
		"ceil(ActiveUserCount / 2)": false, "floor(ActiveUserCount / 2) * 3 - 1": false, "round(1.5 * ActiveUserCount)": false, "int(ActiveUserCount / 2)": false,
		"-(ActiveUserCount / 2)": true, "abs(ActiveUserCount / 2)": true, "max(ActiveUserCount / 2, 1)": true, "max(ceil(ActiveUserCount / 2), 1)": false, "max(ActiveUserCount, 1)": false,
		"ActiveUserCount > 5 ? 1.0 : 2.0": false, "ActiveUserCount ** 2": true, "float(ActiveUserCount)": false,
		"let n = ActiveUserCount / 2; n": true, "count(SiteLocation, true)": false, "sum(map(SiteLocation, .sbcId))": false,
	} {
		x, wrong := scope.Compile("quantity", source, Number)
		if wrong != nil {
			t.Errorf("%s: %+v", source, *wrong)
		} else if x.Fractional != want {
			t.Errorf("%s may be a fraction: %v", source, x.Fractional)
		}
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

// The raw value stays beside its meaning, where the message is nothing but the
// field; rules have the meaning.
func TestMessageShowsRawValue(t *testing.T) {
	m := NewMachine(t.Context(), nil)
	s := fetch.SIPConnection{SbcDeploymentState: fetch.TextOf("7"), SbcConfigurationType: fetch.TextOf("Byoc")}
	s.SbcDeploymentState.Meaning, s.SbcConfigurationType.Meaning = new("Deployed"), new("byoc")
	m.Load(&fetch.Customer{Sites: fetch.Known, SiteLocation: []fetch.SIPConnection{s}})
	message, wrong := Scope{Connection: true}.CompileMessage(`{{ sbcDeploymentState }}, {{lower(sbcDeploymentState)}}, {{sbcConfigurationType}}, {{sbcDeploymentState == "Deployed"}}`)
	if wrong != nil {
		t.Fatal(wrong)
	}
	if got, want := m.Connection(0).Message(message), "Deployed (7), deployed, Byoc, true"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	field, _ := Scope{}.Field("SiteLocation")
	if got, want := m.Customer().Text(field), `[1 SIP connection: absent "Deployed" (7) "byoc"]`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
