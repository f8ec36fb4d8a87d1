package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/rules"
)

// Input is all that a report is made from.
type Input struct {
	Title, Organization string
	Branding            Branding
	Version             string
	AsOf                time.Time
	DataAsOf            time.Time // zero if it is the same
	Hashes              Hashes
	Portfolio           fetch.Portfolio
	Evaluation          *rules.Evaluation    // of Portfolio.Customers, waivers applied
	Register            []rules.WaiverStatus // as Evaluation.Waive gave it
	Prices              Prices
	SbcNames            map[string]map[int64]string // instance, sbcId
	// Manager names the account manager of a customer; nil without contacts.
	Manager func(c *fetch.Customer) (name, email string)
	History *History // what is known of earlier months; nil without any
	// Inspect finds further problems in the rows of the report, as characters
	// that no font draws; nil for none. It changes nothing there, and reads no
	// problems.
	Inspect func(r *Report) []fetch.Problem
	Notes   map[Key]Note // what people wrote about findings; nil for none
	For     string       // the manager whose pack it is; "" for the whole book
}

// Build computes the report. It changes nothing that it is given.
func Build(in Input) *Report {
	b := newBuilder(in, true)
	r := b.r
	r.countConnections()
	b.notes()
	b.waivers()
	b.problems()
	r.summarize(in.Prices)
	r.compare(in.History)
	r.managerChanges()
	r.trend(in.History)
	return r
}

// problems looks for what is odd in the rows, in several ways side by side.
func (b *builder) problems() {
	r := b.r
	looks := []func() []fetch.Problem{
		r.datedAnew, func() []fetch.Problem { return r.renamed(b.in.History) }, r.replaced, r.unmapped,
		b.unknownQuantities, r.doubtful, r.usageDiffers,
	}
	if b.in.Inspect != nil {
		looks = append(looks, func() []fetch.Problem { return b.in.Inspect(r) })
	}
	found := make([][]fetch.Problem, len(looks))
	var group sync.WaitGroup
	for i, look := range looks {
		group.Go(func() { found[i] = look() })
	}
	group.Wait()
	r.Problems = slices.Concat(r.Problems, slices.Concat(found...))
}

// newBuilder takes in customers, rules and findings, which are sorted if somebody
// sees them: all that later reports compare with.
func newBuilder(in Input, seen bool) *builder {
	r := &Report{
		Title: in.Title, Organization: in.Organization, Branding: in.Branding, Version: in.Version,
		AsOf: in.AsOf, DataAsOf: in.DataAsOf.In(in.AsOf.Location()), Manager: in.For, Sample: in.Portfolio.Sample, Currency: in.Prices.Currency, Prices: in.Prices,
		Sources: in.Portfolio.Sources, Hashes: in.Hashes, Problems: in.Portfolio.Problems,
	}
	r.Measure = in.Evaluation.Set.Measure() // so that findings and positions add up
	b := &builder{in: &in, r: r}
	b.customers()
	r.usage()
	b.rules()
	b.results()
	if seen {
		r.sortFindings()
	}
	for at := range r.Findings {
		b.count(at)
	}
	r.countOnce()
	return b
}

// builder holds what the steps of Build share.
type builder struct {
	in     *Input
	r      *Report
	ruleAt []int // index in Report.Rules by index in Set.Rules
}

func (b *builder) customers() {
	in := b.in.Portfolio.Customers
	b.r.Customers = make([]Customer, len(in))
	connections := 0
	for i := range in {
		row := &b.r.Customers[i]
		row.Customer, row.Manager = &in[i], b.manager(&in[i])
		row.Used, row.Beside = used(&in[i], b.r.Measure), used(&in[i], besides(b.r.Measure))
		row.Connections = [2]int{connections, connections + len(in[i].SiteLocation)}
		connections = row.Connections[1]
	}
	b.r.Connections = make([]Connection, connections)
	onAllCores(len(in), func(i int) {
		row := &b.r.Customers[i]
		row.LicenseName = fetch.LicenseName(row.LicenseType)
		row.usage()
		for j := range row.SiteLocation {
			b.r.Connections[row.Connections[0]+j] = b.connection(row.Customer, i, j)
		}
	})
}

// countConnections counts those of each customer by state and by type.
func (r *Report) countConnections() {
	onAllCores(len(r.Customers), func(i int) {
		c := &r.Customers[i]
		c.ByState = countBy(c.SiteLocation, func(s *fetch.SIPConnection) *fetch.Text { return &s.SbcDeploymentState })
		c.ByType = countBy(c.SiteLocation, func(s *fetch.SIPConnection) *fetch.Text { return &s.SbcConfigurationType })
	})
}

// onAllCores does something for each of many, side by side.
func onAllCores(n int, do func(i int)) {
	plain.OnAllCores(n, func(from, to int) {
		for i := from; i < to; i++ {
			do(i)
		}
	})
}

func (b *builder) connection(c *fetch.Customer, customer, index int) Connection {
	s := &c.SiteLocation[index]
	name := ""
	if s.SbcID.Known() {
		name = b.in.SbcNames[c.Instance][s.SbcID.N]
	}
	return Connection{SIPConnection: s, Customer: customer, SbcName: name}
}

// manager is the customer's account manager, noted in the list of them.
func (b *builder) manager(c *fetch.Customer) string {
	if b.in.Manager == nil {
		return ""
	}
	name, email := b.in.Manager(c)
	at, found := slices.BinarySearchFunc(b.r.Managers, name, func(m Manager, name string) int { return strings.Compare(m.Name, name) })
	if !found {
		b.r.Managers = slices.Insert(b.r.Managers, at, Manager{Name: name, Email: email})
	}
	return name
}

// usage sets delta and utilization where both counts are known.
func (c *Customer) usage() {
	if !c.LicensedUsersCount.Known() || !c.Used.Known() {
		return
	}
	delta := c.Used.N - c.LicensedUsersCount.N
	c.Delta = &delta
	if c.LicensedUsersCount.N > 0 {
		u := float64(c.Used.N) / float64(c.LicensedUsersCount.N)
		c.Utilization = &u
	}
}

// countBy counts connections by a raw value, the most frequent first.
func countBy(sites []fetch.SIPConnection, value func(*fetch.SIPConnection) *fetch.Text) []StateCount {
	var counts []StateCount
	for i := range sites {
		word := orUnknown(*value(&sites[i]))
		at := slices.IndexFunc(counts, func(c StateCount) bool { return c.Value == word })
		if at < 0 {
			counts = append(counts, StateCount{Value: word})
			at = len(counts) - 1
		}
		counts[at].Count++
	}
	if len(counts) < 2 {
		return counts
	}
	slices.SortFunc(counts, func(a, b StateCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
	})
	return counts
}

func (b *builder) rules() {
	set := b.in.Evaluation.Set
	order := make([]int, len(set.Rules))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return compareRules(set.Rules[x], set.Rules[y]) })
	b.ruleAt = make([]int, len(order))
	b.r.Rules = make([]Rule, len(order))
	for at, from := range order {
		rule := set.Rules[from]
		b.ruleAt[from] = at
		b.r.Rules[at] = Rule{Rule: rule, Tally: b.in.Evaluation.Tallies[from], Source: rule.Source}
	}
}

// compareRules puts what is on first, then the worst severity, then the id.
func compareRules(a, b *rules.Rule) int {
	if a.Enabled != b.Enabled {
		if a.Enabled {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(b.Severity, a.Severity), strings.Compare(a.ID, b.ID))
}

// results turns the verdicts into findings and not evaluable ones.
func (b *builder) results() {
	results := b.in.Evaluation.Results
	unjudged := 0
	for i := range results {
		if results[i].Verdict == rules.NotEvaluable {
			unjudged++
		}
	}
	b.r.NotEvaluable = slices.Grow(b.r.NotEvaluable, unjudged) // nil where there are none
	b.r.Findings = slices.Grow(b.r.Findings, len(results)-unjudged)
	for i := range results {
		if results[i].Verdict == rules.NotEvaluable {
			b.r.NotEvaluable = append(b.r.NotEvaluable, b.notEvaluable(&results[i]))
		} else {
			b.r.Findings = append(b.r.Findings, b.finding(&results[i]))
		}
	}
}

// unknownQuantities tells of the rules that could not say how many licenses
// their findings are about.
func (b *builder) unknownQuantities() (problems []fetch.Problem) {
	customers, why := map[int]map[int]bool{}, map[int]string{}
	for i := range b.in.Evaluation.Results {
		if x := &b.in.Evaluation.Results[i]; x.UnknownQuantity != "" {
			rule := b.ruleAt[x.Rule]
			if customers[rule] == nil {
				customers[rule], why[rule] = map[int]bool{}, x.UnknownQuantity
			}
			customers[rule][x.Customer] = true
		}
	}
	for _, rule := range slices.Sorted(maps.Keys(customers)) {
		problems = append(problems, fetch.Problem{Kind: "unknown-quantity", Text: fmt.Sprintf("rule %s: the number of licenses is unknown for %s (%s); sums leave it out",
			b.r.Rules[rule].ID, plain.Counted(len(customers[rule]), "customer"), why[rule])})
	}
	return problems
}

// sortFindings puts the worst severity first, in it the largest amount, or
// without prices the most licenses, then what is about licenses that nobody can
// price or count, then the rest; equal ones stand rule by rule, as results come:
// by customer, rule, connection. Findings of a customer that is listed twice
// stand together in the order of the list, by which their keys tell them apart.
func (r *Report) sortFindings() {
	order, worth := make([]int, len(r.Findings)), make([]decimal.Decimal, len(r.Findings))
	weights := newWeights(r.Currency)
	for i := range order {
		order[i], worth[i] = i, weights.of(&r.Findings[i])
	}
	key := func(i int) Key { return r.key(&r.Findings[i]) }
	twins := plain.Repeated(len(order), key)
	most := make(map[Key]decimal.Decimal, len(twins))
	for _, i := range twins {
		if m, ok := most[key(i)]; !ok || m.LessThan(worth[i]) {
			most[key(i)] = worth[i]
		}
	}
	for _, i := range twins {
		worth[i] = most[key(i)]
	}
	slices.SortStableFunc(order, func(x, y int) int {
		a, b := r.Findings[x].Rule, r.Findings[y].Rule
		return cmp.Or(cmp.Compare(r.Rules[b].Severity, r.Rules[a].Severity), worth[y].Cmp(worth[x]), cmp.Compare(a, b))
	})
	sorted := make([]Finding, len(order))
	for at, from := range order {
		sorted[at] = r.Findings[from]
	}
	r.Findings = sorted
}

// weights are what findings are sorted by within their severity, all with the
// same number of decimals: comparing others takes memory each time.
type weights struct{ none, other decimal.Decimal }

// newWeights are those of amounts if there is a currency, else of licenses.
func newWeights(currency string) weights {
	decimals := int32(0)
	if currency != "" {
		decimals = 2
	}
	none := decimal.New(0, -decimals)
	return weights{none, none.Sub(decimal.NewFromInt(1))}
}

func (w weights) of(f *Finding) decimal.Decimal {
	switch {
	case f.Amount != nil && f.Amount.Exponent() == w.none.Exponent():
		return *f.Amount
	case f.Amount != nil:
		return f.Amount.Add(w.none)
	case f.Licenses && f.Quantity != nil && w.none.Exponent() == 0:
		return decimal.NewFromInt(*f.Quantity)
	case f.Licenses:
		return w.none
	}
	return w.other
}

// waivers makes the register, with what each waiver waives, in money too.
func (b *builder) waivers() {
	for i := range b.in.Register {
		b.r.Waivers = append(b.r.Waivers, b.waiver(&b.in.Register[i]))
	}
	b.r.byEnd = byEnd(b.r.Waivers)
}

// WaiverByEnd is the index in Waivers of the one at a place in the order of
// their ends: the next one first, those that have ended last.
func (r *Report) WaiverByEnd(place int) int {
	if len(r.byEnd) != len(r.Waivers) { // they were not built
		return byEnd(r.Waivers)[place]
	}
	return r.byEnd[place]
}

func byEnd(waivers []Waiver) []int {
	order := make([]int, len(waivers))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return compareEnds(waivers[x].DaysLeft, waivers[y].DaysLeft) })
	return order
}

// compareEnds puts the waiver first that ends next; those that have ended come
// last, the latest first.
func compareEnds(x, y int) int {
	switch ended := x < 0; {
	case ended && y < 0:
		return cmp.Compare(y, x)
	case ended:
		return 1
	case y < 0:
		return -1
	}
	return cmp.Compare(x, y)
}

func (b *builder) waiver(status *rules.WaiverStatus) Waiver {
	w := Waiver{Waiver: status.Waiver, State: status.State, DaysLeft: status.DaysLeft}
	if b.r.Currency != "" {
		w.Amount = &decimal.Decimal{}
	}
	for _, at := range status.Results {
		x := &b.in.Evaluation.Results[at]
		if n := len(w.Customers); n == 0 || w.Customers[n-1] != x.Customer { // results come by customer
			w.Customers = append(w.Customers, x.Customer)
		}
		if x.Verdict == rules.NotEvaluable { // is about no amount
			w.Unjudged++
			continue
		}
		w.Findings++
		var worth *decimal.Decimal
		if x.Quantity != nil {
			worth = b.in.Prices.Worth(b.r.Customers[x.Customer].Customer, *x.Quantity)
		}
		w.Amount = plusKnown(w.Amount, worth)
		if worth == nil && (x.Quantity != nil || b.r.Rules[b.ruleAt[x.Rule]].Quantity != "") {
			w.Unpriced++
		}
	}
	if w.Unpriced > 0 && w.Unpriced == w.Findings {
		w.Amount = nil
	}
	if len(status.Results) > 0 {
		return w
	}
	for i := range b.r.Customers {
		if rules.MatchCustomer(w.Waiver.Customer, b.r.Customers[i].Customer) {
			w.Customers = append(w.Customers, i)
		}
	}
	return w
}

func (b *builder) finding(x *rules.Result) Finding {
	f := Finding{
		Rule: b.ruleAt[x.Rule], Customer: x.Customer, Connection: b.connectionAt(x),
		Verdict: x.Verdict, Message: x.Message, Quantity: x.Quantity, Waiver: x.Waiver, CountedBy: -1,
	}
	f.Licenses = x.Quantity != nil || b.r.Rules[f.Rule].Quantity != ""
	f.price(b.in.Prices.Of(b.r.Customers[f.Customer].Customer))
	return f
}

// notes puts what people wrote beside the findings it is about.
func (b *builder) notes() {
	if len(b.in.Notes) == 0 {
		return
	}
	for at, key := range b.r.Keys() {
		f, n := &b.r.Findings[at], b.in.Notes[key]
		f.Owner, f.Due, f.Comment = n.Owner, n.Due, n.Comment
	}
}

func (b *builder) connectionAt(x *rules.Result) int {
	if x.Connection < 0 {
		return -1
	}
	return b.r.Customers[x.Customer].Connections[0] + x.Connection
}

func (b *builder) notEvaluable(x *rules.Result) NotEvaluable {
	c := &b.r.Customers[x.Customer]
	if c.NotEvaluable++; x.Waiver >= 0 {
		c.Accepted++
	}
	return NotEvaluable{Rule: b.ruleAt[x.Rule], Customer: x.Customer, Connection: b.connectionAt(x), Reason: x.Reason, Waiver: x.Waiver}
}

// count adds a finding to its customer and connection.
func (b *builder) count(at int) {
	f := &b.r.Findings[at]
	c, rule := &b.r.Customers[f.Customer], &b.r.Rules[f.Rule]
	c.Findings = append(c.Findings, at)
	rule.Findings = append(rule.Findings, at)
	if f.Verdict == rules.Waived {
		c.Waived++
		return
	}
	c.BySeverity[rule.Severity]++
	if f.Connection >= 0 {
		b.r.Connections[f.Connection].Findings++
	}
}
