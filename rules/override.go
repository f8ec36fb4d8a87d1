package rules

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/rules/engine"
	"trueup/rules/strict"
)

// override applies the settings' changes to the rules read.
func (l *ruleLoader) override(overrides map[string]Override) {
	for _, id := range sortedKeys(overrides) {
		o := overrides[id]
		d := l.seen[id]
		if d == nil {
			l.fail(o.Pos, plain.DidYouMean(id, slices.Sorted(maps.Keys(l.seen))), "override of an unknown rule %q", id)
			continue
		}
		l.apply(d.rule, o)
	}
}

func (l *ruleLoader) fail(pos Position, hint, format string, args ...any) {
	l.errs = append(l.errs, strict.Error{Pos: pos, Text: fmt.Sprintf(format, args...), HintText: hint})
}

func (l *ruleLoader) apply(r *Rule, o Override) {
	if o.Severity != nil {
		r.overridden("severity", r.Severity.String(), o.Pos)
		r.Severity = *o.Severity
	}
	if o.Enabled != nil {
		r.overridden("enabled", r.Enabled, o.Pos)
		r.Enabled = *o.Enabled
	}
	for _, name := range sortedKeys(o.Params) {
		pos := o.ParamPos[name]
		if pos.Line == 0 {
			pos = o.Pos
		}
		own, ok := r.Params[name]
		if !ok {
			l.fail(pos, plain.DidYouMean(name, sortedKeys(r.Params)), "rule %q has no parameter %q", r.ID, name)
			continue
		}
		v, err := overrideParam(own, o.Params[name])
		if err != nil {
			l.fail(pos, "", "params.%s of rule %q: %v", name, r.ID, err)
			continue
		}
		r.overridden("params."+name, own, pos)
		r.Params[name] = v
	}
}

// overridden notes what the settings change, and from what.
func (r *Rule) overridden(name string, own any, from Position) {
	r.Overridden[name], r.Own[name], r.From[name] = true, own, from
}

// overrideParam checks a new value against the type of the rule's own. A
// whole number fits where the rule has a number with decimals.
func overrideParam(own, by any) (any, error) {
	if i, ok := by.(int); ok {
		if _, decimal := own.(float64); decimal {
			by = float64(i)
		}
	}
	if fmt.Sprintf("%T", own) != fmt.Sprintf("%T", by) {
		return nil, fmt.Errorf("want %s, got %s", paramKind(own), paramKind(by))
	}
	return by, engine.CheckParam(by)
}

func paramKind(v any) string {
	switch v := v.(type) {
	case int:
		return fmt.Sprintf("a whole number (as %d)", v)
	case float64:
		return fmt.Sprintf("a number (as %v)", v)
	case bool:
		return fmt.Sprintf("true or false (as %v)", v)
	case string:
		return fmt.Sprintf("a text (as %q)", v)
	}
	return fmt.Sprintf("something else (%v)", v)
}

// hashed is what a rule does and says; places and tests do not count.
type hashed struct {
	ID, Title, Severity, Each, Applies, When, Quantity, Message, Money, Why, Remediation, Reference string

	Params      map[string]any
	Needs, Tags []string
	Enabled     bool
}

func hashRules(rules []*Rule) string {
	all := make([]hashed, len(rules))
	for i, r := range rules {
		all[i] = hashed{
			ID: r.ID, Title: r.Title, Severity: r.Severity.String(), Each: r.Each.String(),
			Applies: r.Applies, When: r.When, Quantity: r.Quantity, Message: r.Message, Money: r.Money.String(),
			Why: r.Why, Remediation: r.Remediation, Reference: r.Reference,
			Params: r.Params, Needs: r.Needs, Tags: r.Tags, Enabled: r.Enabled,
		}
	}
	slices.SortFunc(all, func(a, b hashed) int { return cmp.Compare(a.ID, b.ID) })
	text, err := json.Marshal(all)
	if err != nil {
		panic(err) // strings, numbers and bools only
	}
	return fetch.HashOf(text)
}
