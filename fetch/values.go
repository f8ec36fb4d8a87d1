package fetch

import (
	"maps"
	"slices"
	"strings"
)

// Values say what raw values of SIP connections mean that the vendor does not
// publish: by instance, with "" for all of them.
type Values map[string]Meanings

// Meanings are those of one instance, by the raw value in small letters.
type Meanings struct {
	DeploymentState   map[string]string `json:"sbcDeploymentState,omitempty"`
	ConfigurationType map[string]string `json:"sbcConfigurationType,omitempty"`
}

// Explain gives the values of a portfolio their meanings, on copies: what it is
// given stays as the API sent it.
func (v Values) Explain(p Portfolio) Portfolio {
	if !v.any() {
		return p
	}
	of := map[string]Meanings{}
	p.Customers = slices.Clone(p.Customers)
	for i := range p.Customers {
		c := &p.Customers[i]
		m, known := of[c.Instance]
		if !known {
			m = v.in(c.Instance)
			of[c.Instance] = m
		}
		if len(m.DeploymentState)+len(m.ConfigurationType) == 0 {
			continue
		}
		c.SiteLocation = slices.Clone(c.SiteLocation)
		for j := range c.SiteLocation {
			s := &c.SiteLocation[j]
			s.SbcDeploymentState.explain(m.DeploymentState)
			s.SbcConfigurationType.explain(m.ConfigurationType)
		}
	}
	return p
}

// any tells whether anything has a meaning.
func (v Values) any() bool {
	for _, m := range v {
		if len(m.DeploymentState)+len(m.ConfigurationType) > 0 {
			return true
		}
	}
	return false
}

// in is what holds on one instance.
func (v Values) in(instance string) Meanings {
	all := v[""]
	if instance == "" {
		return all
	}
	own := v[instance]
	return Meanings{plus(all.DeploymentState, own.DeploymentState), plus(all.ConfigurationType, own.ConfigurationType)}
}

func plus(all, own map[string]string) map[string]string {
	both := maps.Clone(all)
	if both == nil {
		both = map[string]string{}
	}
	maps.Copy(both, own)
	return both
}

func (t *Text) explain(meanings map[string]string) {
	if !t.Known() {
		return
	}
	t.Meaning = nil
	if meaning := meanings[strings.ToLower(t.S)]; meaning != "" {
		t.Meaning = &meaning
	}
}

// Said is what the text says: its meaning, where the settings give one, else
// the text itself.
func (t Text) Said() string {
	if t.Meaning != nil {
		return *t.Meaning
	}
	return t.S
}

// Shown is what people see of it: the meaning with the raw value beside it, as
// "Deployed (3)".
func (t Text) Shown() string {
	if t.Meaning == nil || strings.EqualFold(*t.Meaning, t.S) {
		return t.S
	}
	return *t.Meaning + " (" + t.S + ")"
}
