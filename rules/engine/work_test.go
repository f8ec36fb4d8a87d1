package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"trueup/fetch"
)

// many is a machine with a customer of so many alike connections.
func many(t testing.TB, n int, connection fetch.SIPConnection) *Machine {
	m := NewMachine(t.Context(), nil)
	m.Load(&fetch.Customer{CustomerFullName: fetch.TextOf(strings.Repeat("x", maxText)),
		Sites: fetch.Known, SiteLocation: slices.Repeat([]fetch.SIPConnection{connection}, n)})
	return m
}

func compiled(t testing.TB, s Scope, when string) *Expression {
	t.Helper()
	x, wrong := s.Compile("when", when, Bool)
	if wrong != nil {
		t.Fatalf("%s: %+v", when, *wrong)
	}
	return x
}

var (
	byoc = fetch.SIPConnection{SbcID: fetch.CountOf(7), SbcConfigurationType: fetch.TextOf("Byoc")}
	long = fetch.SIPConnection{SbcID: fetch.CountOf(7), Name: fetch.TextOf(strings.Repeat("x", maxText))}
)

// What would take too long has no answer, and says so; the steps are counted,
// so that the answer is the same on every machine.
func TestTooMuch(t *testing.T) {
	for _, x := range []struct {
		n          int
		connection fetch.SIPConnection
		when, want string
	}{
		{50_000, byoc, `len(SiteLocation) == 50000`, "true"},
		{10_000, byoc, `all(SiteLocation, lower(.sbcConfigurationType) == "byoc") and count(SiteLocation, .sbcId == 7) == 10000`, "true"},
		{200_000, byoc, `all(SiteLocation, lower(.sbcConfigurationType) == "byoc")`, "true"},
		{5000, byoc, `sum(map(SiteLocation, .sbcId)) == 35000`, "true"},
		{100, byoc, `any(SiteLocation, count(SiteLocation, .sbcId == 8) == 1)`, "false"},
		{1000, byoc, `any(SiteLocation, count(SiteLocation, .sbcId == 8) == 1)`, "too much"},
		{1000, byoc, `any(SiteLocation, len(map(SiteLocation, .sbcId)) == 1)`, "too much"},
		{5000, byoc, `any(SiteLocation, len(map(SiteLocation, #)) == 1)`, "too much"},
		{500, byoc, `len(uniq(map(SiteLocation, .sbcId))) == 1`, "true"},
		{2000, byoc, `len(uniq(map(SiteLocation, .sbcId))) == 1`, "too much"},
		{2000, byoc, `let ids = map(SiteLocation, .sbcId); any(SiteLocation, .sbcId + 1 in ids)`, "too much"},
		{1000, long, `any(SiteLocation, .name == "y")`, "false"},
		{1, long, `any(SiteLocation, lower(.name) + lower(.name) == "y")`, "a text is longer than 4096 bytes"},
		{1000, long, `any(SiteLocation, len(join(map(SiteLocation, .name), "")) == 1)`, "too much"},
		{20_000, byoc, `let name = CustomerFullName; any(SiteLocation, lower(name) == "y" or upper(name) == "x")`, "too much"},
		{200, long, `any(SiteLocation, .name matches "(x{300}y|a)")`, "too much"},
		{1, byoc, `CustomerFullName matches "^x+$"`, "true"},
	} {
		yes, err := many(t, x.n, x.connection).Customer().Bool(compiled(t, Scope{}, x.when))
		got := fmt.Sprint(yes)
		if err != nil {
			got = strings.Replace(err.Error(), tooMuch(ruleSteps+siteSteps*x.n).Error(), "too much", 1)
		}
		if got != x.want {
			t.Errorf("%s of %d connections: %s, want %s", x.when, x.n, got, x.want)
		}
	}
}

// All connections of a customer share the steps of a rule, so that it does not
// matter which of them is looked at first.
func TestConnectionsShareSteps(t *testing.T) {
	x := compiled(t, Scope{Connection: true}, "count(customer.SiteLocation, .sbcId == 7) > 1")
	for n, want := range map[int]string{50: "<nil>", 3000: tooMuch(200).Error()} {
		m := many(t, n, byoc)
		for i := range n {
			if _, err := m.Connection(i).Bool(x); fmt.Sprint(err) != want {
				t.Fatalf("connection %d of %d: %v, want %s", i, n, err, want)
			}
		}
	}
}

// What a message says has steps of its own: no verdict takes them away.
func TestMessageHasItsSteps(t *testing.T) {
	const n = 150
	when := compiled(t, Scope{}, "count(SiteLocation, count(SiteLocation, .sbcId == 7) > 1) > 1")
	message, wrong := Scope{}.CompileMessage("{{count(SiteLocation, count(SiteLocation, .sbcId == 7) > 1)}}")
	if wrong != nil {
		t.Fatal(wrong)
	}
	env := many(t, n, byoc).Customer()
	if yes, err := env.Bool(when); err != nil || !yes {
		t.Fatal(yes, err)
	}
	if got := env.Message(message); got != fmt.Sprint(n) {
		t.Errorf("got %s", got)
	}
	if _, err := env.Bool(when); err == nil {
		t.Error("the condition took less than half of the steps: the test is blind")
	}
}

func TestEndOfContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	m := NewMachine(ctx, nil)
	m.Load(&fetch.Customer{Sites: fetch.Known, SiteLocation: slices.Repeat([]fetch.SIPConnection{byoc}, 10_000)})
	x := compiled(t, Scope{}, "all(SiteLocation, .sbcId == 7)")
	if yes, err := m.Customer().Bool(x); err != nil || !yes {
		t.Fatal(yes, err)
	}
	cancel()
	if _, err := m.Customer().Bool(x); err == nil || err.Error() != "stopped" {
		t.Errorf("got %v", err)
	}
}

// orderless have the same answer for connections in whatever order.
var orderless = []string{
	`any(SiteLocation, lower(.sbcConfigurationType) == "byoc")`,
	`all(SiteLocation, lower(.sbcConfigurationType) == "byoc")`,
	`none(SiteLocation, lower(.sbcConfigurationType) == "byoc")`,
	`one(SiteLocation, lower(.sbcConfigurationType) == "byoc")`,
	`any(SiteLocation, .sbcConfigurationType != nil and .sbcConfigurationType startsWith "S")`,
	`any(SiteLocation, .sbcId > 3 or lower(.sbcDeploymentState) == "deployed")`,
	`any(SiteLocation, 8 % (.sbcId + 1) == 1)`,
	`all(SiteLocation, .sbcId == 1 or unknown("other SBC"))`,
	`any(SiteLocation, .sbcId > 3) and any(SiteLocation, .name matches "^a")`,
	`any(SiteLocation, .sbcId > 3) or any(SiteLocation, .name contains "a")`,
	`not any(SiteLocation, none(SiteLocation, .sbcId > 2) or .name == "b")`,
	`any(SiteLocation, let n = .name; len(n) > 1 or n == "a")`,
	`count(SiteLocation, .sbcId > 3) > 0`,
	`count(SiteLocation, .sbcId > 3) >= 2`,
	`len(filter(SiteLocation, .sbcId > 3)) > 0`,
	`sum(map(SiteLocation, .sbcId)) > 6`,
	`sum(SiteLocation, .sbcId) > 6`,
	`max(map(SiteLocation, .sbcId)) == 4`,
	`min(map(SiteLocation, .sbcId ?? 0)) == 0`,
	`len(uniq(map(SiteLocation, .sbcConfigurationType ?? "none"))) > 1`,
	`3 in map(SiteLocation, .sbcId)`,
	`any(filter(SiteLocation, .sbcId != nil), .sbcId == 3)`,
	`any(map(SiteLocation, .name ?? "none"), # == "a")`,
	`(SiteLocation ?? []) == nil or len(SiteLocation) > 2`,
}

// positional look at one entry among others: their answer hangs on what the
// entries are, and still not on how the API lists them.
var positional = []string{
	`first(SiteLocation).sbcId == 3`, `last(SiteLocation).name == "a"`, `SiteLocation[1].sbcId > 2`,
	`find(SiteLocation, .sbcId > 2).name == "a"`, `findLast(SiteLocation, .sbcId > 2)?.name == "a"`,
	`join(map(SiteLocation, .name ?? "-"), ",") startsWith "a"`, `map(SiteLocation, .sbcId)[0] == 3`,
	`indexOf(join(map(SiteLocation, .name ?? "-"), ","), "b") > 1`, `filter(SiteLocation, .sbcId > 2)[0].name == "a"`,
	`any(SiteLocation, .sbcId == first(SiteLocation).sbcId and 5 / (.sbcId - 3) > 1)`,
	`any(SiteLocation, int(.name) > 1)`, `any(SiteLocation, .sbcId % (.sbcId - 1) == 0)`,
	`SiteLocation[1:2][0].sbcId == 2`, `any(SiteLocation[1:], .sbcId == 2)`,
}

// connections makes up some, each value of which may be missing.
func connections(r *rand.Rand) []fetch.SIPConnection {
	texts := func(words ...string) fetch.Text {
		n := r.IntN(len(words) + 3)
		if n < len(words) {
			return fetch.TextOf(words[n])
		}
		return fetch.Text{State: []fetch.State{fetch.Absent, fetch.Null, fetch.Unreadable}[n-len(words)]}
	}
	list := make([]fetch.SIPConnection, r.IntN(6))
	for i := range list {
		list[i] = fetch.SIPConnection{ID: texts("1", "2", "3"), Name: texts("a", "b", "ab", "7"), SbcDeploymentState: texts("Deployed", "3"), SbcConfigurationType: texts("Byoc", "SipTrunk", "x")}
		if n := r.IntN(8); n < 5 {
			list[i].SbcID = fetch.CountOf(int64(n))
		} else {
			list[i].SbcID.State = []fetch.State{fetch.Absent, fetch.Null, fetch.Unreadable}[n-5]
		}
	}
	return list
}

func TestOrderNeverMatters(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	m := NewMachine(t.Context(), nil)
	answer := func(x *Expression, list []fetch.SIPConnection) string {
		m.Load(&fetch.Customer{Sites: fetch.Known, SiteLocation: list})
		yes, err := m.Customer().Bool(x)
		return fmt.Sprint(yes, err)
	}
	answers := map[string]map[string]bool{}
	for i, source := range slices.Concat(orderless, positional) {
		x := compiled(t, Scope{}, source)
		answers[source] = map[string]bool{}
		for range 400 {
			list := connections(r)
			want := answer(x, list)
			answers[source][want] = true
			for n := range 6 {
				r.Shuffle(len(list), func(a, b int) { list[a], list[b] = list[b], list[a] })
				got := answer(x, list)
				if i < len(orderless) && n > 3 { // nor does it matter which id the values have, but to the reason
					r.Shuffle(len(list), func(a, b int) { list[a].ID, list[b].ID = list[b].ID, list[a].ID })
					if got = answer(x, list); strings.HasSuffix(got, "<nil>") == strings.HasSuffix(want, "<nil>") && got[:4] == want[:4] {
						got = want
					}
				}
				if got != want {
					t.Fatalf("%s is %s, and in another order %s, on %+v", source, want, got, list)
				}
			}
		}
		if len(answers[source]) < 2 {
			t.Errorf("%s is always %v: the test is blind", source, answers[source])
		}
	}
}

func BenchmarkSteps(b *testing.B) {
	m := many(b, 5000, byoc)
	x := compiled(b, Scope{}, `any(SiteLocation, count(SiteLocation, lower(.sbcConfigurationType) == "byo" and .sbcId == 8) == 1)`)
	for b.Loop() {
		m.Customer().Bool(x)
	}
}
