package report

import (
	"github.com/shopspring/decimal"
)

// Step is one row of the bridge from the earlier report's figure to this one's.
type Step string

// The steps, in the order of the bridge. RulesChanged is what today's rules
// and parameters make of the earlier month against what was issued; Reassigned
// is customers that changed hands, in packs alone.
const (
	RulesChanged  Step = "rulesChanged"
	Reassigned    Step = "reassigned"
	StepNew       Step = "new"
	NewCustomers  Step = "newCustomers"
	StepReopened  Step = "reopened"
	WaiverEnded   Step = "waiverEnded"
	JudgedAgain   Step = "judgedAgain"
	Grown         Step = "grown"
	Shrunk        Step = "shrunk"
	Repriced      Step = "repriced"
	Fixed         Step = "fixed"
	CustomersGone Step = "customersGone"
	NewlyWaived   Step = "waived"
	NotJudgeable  Step = "notJudgeable"
)

// Steps are all of them, in order.
var Steps = [...]Step{RulesChanged, Reassigned, StepNew, NewCustomers, StepReopened, WaiverEnded, JudgedAgain,
	Grown, Shrunk, Repriced, Fixed, CustomersGone, NewlyWaived, NotJudgeable}

// OfMoney tells the steps that only money has.
func (s Step) OfMoney() bool { return s == Grown || s == Shrunk || s == Repriced }

// Bridge is how a figure moved: Before and all steps add up to After.
type Bridge struct {
	Before, After               decimal.Decimal
	By                          map[Step]decimal.Decimal
	BeforeAtLeast, AfterAtLeast bool // the figure leaves out what is not known
}

// Delta is how much the known part of the figure changed.
func (b *Bridge) Delta() decimal.Decimal { return b.After.Sub(b.Before) }

// AtLeast tells that an unknown part is on either side.
func (b *Bridge) AtLeast() bool { return b.BeforeAtLeast || b.AfterAtLeast }

func (b *Bridge) add(s Step, d decimal.Decimal) {
	if !d.IsZero() {
		b.By[s] = b.By[s].Add(d)
	}
}

// Movement is how the earlier report's figures became this one's. The
// customers of an instance that is missing on either side are on neither.
type Movement struct {
	IssuedKnown bool // Before is what was issued; else what today's rules make of then
	Findings    Bridge
	Exposure    *Bridge // nil without prices, or if the earlier report had another currency
	Unused      *Bridge
}

func newMovement(money bool) *Movement {
	m := &Movement{Findings: Bridge{By: map[Step]decimal.Decimal{}}}
	if money {
		m.Exposure, m.Unused = &Bridge{By: map[Step]decimal.Decimal{}}, &Bridge{By: map[Step]decimal.Decimal{}}
	}
	return m
}

// part is what one finding adds to the figures: nothing if it is waived, no
// money if another finding counts.
type part struct {
	findings         int64
	exposure, unused decimal.Decimal
}

func (p part) negative() part { return part{-p.findings, p.exposure.Neg(), p.unused.Neg()} }

// move adds a part to a step.
func (m *Movement) move(s Step, p part) {
	m.Findings.add(s, decimal.NewFromInt(p.findings))
	if m.Exposure != nil {
		m.Exposure.add(s, p.exposure)
		m.Unused.add(s, p.unused)
	}
}

// start settles Before, and the two steps that lead from what was issued to
// the findings that are compared: then are those of the customers that the
// report had then, compared those that it has now.
func (m *Movement) start(issued *Sums, then, compared Sums) {
	m.IssuedKnown = issued != nil
	before := then
	if issued != nil {
		before = *issued
	}
	one := func(b *Bridge, before, then, compared decimal.Decimal, atLeast bool) {
		b.Before, b.BeforeAtLeast = before, atLeast
		b.add(RulesChanged, then.Sub(before))
		b.add(Reassigned, compared.Sub(then))
	}
	whole := func(n int) decimal.Decimal { return decimal.NewFromInt(int64(n)) }
	one(&m.Findings, whole(before.Findings), whole(then.Findings), whole(compared.Findings), false)
	if m.Exposure != nil {
		one(m.Exposure, before.Exposure, then.Exposure, compared.Exposure, before.UnknownExposure > 0)
		one(m.Unused, before.Unused, then.Unused, compared.Unused, before.UnknownUnused > 0)
	}
}

// end settles After.
func (m *Movement) end(now Sums) {
	m.Findings.After = decimal.NewFromInt(int64(now.Findings))
	if m.Exposure != nil {
		m.Exposure.After, m.Exposure.AfterAtLeast = now.Exposure, now.UnknownExposure > 0
		m.Unused.After, m.Unused.AfterAtLeast = now.Unused, now.UnknownUnused > 0
	}
}
