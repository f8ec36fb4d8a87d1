package rules

import (
	"fmt"
	"maps"
	"slices"

	"trueup/fetch/plain"
	"trueup/rules/engine"
	"trueup/rules/strict"
)

// override changes the rules read as the settings say.
func (l *ruleLoader) override(overrides map[string]Override) {
	for _, id := range slices.Sorted(maps.Keys(overrides)) {
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
		r.Overridden["severity"] = Overridden{r.Severity.String(), o.Pos}
		r.Severity = *o.Severity
	}
	if o.Enabled != nil {
		r.Overridden["enabled"] = Overridden{r.Enabled, o.Pos}
		r.Enabled = *o.Enabled
	}
	for _, name := range slices.Sorted(maps.Keys(o.Params)) {
		pos := o.ParamPos[name]
		if pos.Line == 0 {
			pos = o.Pos
		}
		own, ok := r.Params[name]
		if !ok {
			l.fail(pos, plain.DidYouMean(name, slices.Sorted(maps.Keys(r.Params))), "rule %q has no parameter %q", r.ID, name)
			continue
		}
		v, err := overrideParam(own, o.Params[name])
		if err != nil {
			l.fail(pos, "", "params.%s of rule %q: %v", name, r.ID, err)
			continue
		}
		r.Overridden["params."+name] = Overridden{own, pos}
		r.Params[name] = v
	}
}

// overrideParam is the new value of a parameter, which must have the type of
// the rule's own. A whole number may replace one with decimals.
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
