package settings

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/rules"
	"trueup/rules/strict"
)

// instance is one live instance of the list, with a table of its own.
type instance struct {
	fetch.Instance
	values   fetch.Meanings
	formerly []string // its names in the history
	sbcs     map[int64]string
	prices   map[int64]decimal.Decimal
	table
}

// Keys are those of the instance's table, which is made here.
func (in *instance) Keys() []strict.Key {
	in.sbcs, in.prices = map[int64]string{}, map[int64]decimal.Decimal{}
	in.values = fetch.Meanings{DeploymentState: map[string]string{}, ConfigurationType: map[string]string{}}
	in.table = table{
		{key: "name", required: true, kind: text(&in.Name), help: "what reports and the history call it"},
		{key: "url", required: true, kind: text(&in.URL).checked(cleanURL), help: "https://HOST/tenantui"},
		{key: "auth.tenantId", kind: text(&in.Auth.TenantID), help: "the provider's Microsoft Entra tenant"},
		{key: "auth.clientId", kind: text(&in.Auth.ClientID), help: "the app registration"},
		{key: "auth.clientSecretEnv", kind: secretEnv(&in.Auth.ClientSecretEnv), help: "environment variable with its secret"},
		{key: "auth.clientSecretFile", kind: path(&in.Auth.ClientSecretFile), help: "or the file with it"},
		{key: "auth.scope", kind: text(&in.Auth.Scope), help: "api://APPLICATION/.default"},
		{key: "auth.tokenUrl", kind: text(&in.Auth.TokenURL), help: "token endpoint, if it is not Microsoft's"},
		{key: "auth.tokenEnv", kind: secretEnv(&in.Auth.TokenEnv), help: "environment variable with a ready Bearer token, instead of all this"},
		{key: "auth.tokenFile", kind: path(&in.Auth.TokenFile), help: "or the file with it"},
		{key: "usageMonths", kind: number(&in.UsageMonths, 1, 1, 60), help: "months of each customer's license history that are fetched too"},
		{key: "sbcs", kind: sbcNames(in.sbcs), help: "names of its SBCs by sbcId"},
		{key: "prices", kind: prices(in.prices), help: "its prices by LicenseType, where they differ"},
		{key: "values.sbcDeploymentState", kind: meanings(in.values.DeploymentState), help: "what raw values of it mean, where that differs"},
		{key: "values.sbcConfigurationType", kind: meanings(in.values.ConfigurationType), help: "the same of this field"},
		{key: "formerly", kind: list(&in.formerly), help: "names under which the history knows it"},
	}
	return in.table.Keys()
}

func (l *loader) settleInstances(key string) {
	seen := map[string]bool{}
	for i := range l.instances {
		in := &l.instances[i]
		name := in.words("name")[0]
		l.settle(key+"."+name.String()+".", in.table)
		if seen[in.Name] {
			l.wrong(name, Usage{fmt.Sprintf("instance %q is named twice", in.Name), "give each instance its own name"})
		}
		seen[in.Name] = true
		l.s.Live.Instances = append(l.s.Live.Instances, in.Instance)
		l.s.SbcNames[in.Name], l.s.Prices.ByInstance[in.Name], l.s.Values[in.Name] = in.sbcs, in.prices, in.values
	}
	l.settleFormerly(seen)
}

// settleFormerly puts together the names that instances had; named are those
// that they have.
func (l *loader) settleFormerly(named map[string]bool) {
	l.s.Live.Formerly = map[string]string{}
	for i := range l.instances {
		in := &l.instances[i]
		for _, old := range in.words("formerly") {
			name := strings.TrimSpace(old.String())
			if _, twice := l.s.Live.Formerly[name]; twice || named[name] {
				l.wrong(old, Usage{"the name " + strconv.Quote(name) + " is that of another instance, or given twice", "name what the history calls this instance"})
			}
			l.s.Live.Formerly[name] = in.Name
		}
	}
}

// override changes one rule; it has a table of its own.
type override struct {
	rules.Override
	table
}

// Keys are those of the override's table, which is made here.
func (o *override) Keys() []strict.Key {
	o.Params, o.ParamPos = map[string]any{}, map[string]rules.Position{}
	params := kind{cell: new(map[string]strict.Located[any]), keep: func(w word) error {
		o.Params[w.name], o.ParamPos[w.name] = w.value, w.pos
		return nil
	}}
	enabled := one[bool](nil, func(w word) error { on := w.value == true; o.Enabled = &on; return nil })
	o.table = table{
		{key: "severity", kind: severity(&o.Severity), help: "how much its findings matter"},
		{key: "params", kind: params, help: "its parameters by name"},
		{key: "enabled", kind: enabled, help: "false switches it off"},
	}
	return o.table.Keys()
}

func (l *loader) settleOverrides(key string) {
	l.s.Rules.Overrides = map[string]rules.Override{}
	for _, id := range slices.Sorted(maps.Keys(l.overrides)) {
		o := l.overrides[id].V
		if o == nil { // the id stands there alone
			o = &override{}
		}
		l.settle(key+"."+id+".", o.table)
		o.Pos = l.overrides[id].Key
		l.s.Rules.Overrides[id] = o.Override
	}
}
