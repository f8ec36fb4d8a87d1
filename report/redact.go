package report

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/rules"
)

// Redact replaces the names of customers and of their SIP connections, tenant ids,
// and all free text that may hold them, before anything is built, so that no output
// can show them. Verdicts are those of the true names. Pseudonyms come from the
// customer's GUID, which stays, and are the same in every report. The key undoes the
// redaction: readers of the reports must not get it. The error is that of a context
// that ends before.
func Redact(ctx context.Context, in Input) (out Input, key RedactionKey, err error) {
	x := &redaction{in: in, tenants: map[string]string{}}
	x.customers()
	out = in
	out.Portfolio.Customers = x.redacted
	out.Portfolio.Problems = x.problems()
	if out.Evaluation, err = x.evaluation(ctx); err != nil {
		return Input{}, nil, err
	}
	out.Register = x.register()
	out.History = x.history()
	out.Notes = nil // free text
	out.Manager = x.manager()
	return out, x.key, nil
}

// RedactionKey says whose pseudonym is whose.
type RedactionKey []RedactedCustomer

// RedactedCustomer is one line of the key.
type RedactedCustomer struct {
	Pseudonym, TenantPseudonym string
	Customer                   fetch.Customer // as it was
}

// Write writes the key as CSV.
func (k RedactionKey) Write(w io.Writer) error {
	out := csv.NewWriter(w)
	out.Write([]string{"pseudonym", "tenantPseudonym", "instance", "customerGuid", "shortName", "fullName", "msTenantId"})
	for _, r := range k {
		c := &r.Customer
		record := []string{r.Pseudonym, r.TenantPseudonym, c.Instance, c.UmpCustomerGuid, c.CustomerShortName.S, c.CustomerFullName.S, c.MsTenantId.S}
		for i := range record {
			record[i] = plain.CSV(record[i])
		}
		out.Write(record)
	}
	out.Flush()
	return out.Error() // of any of the writes
}

type redaction struct {
	in       Input
	redacted []fetch.Customer
	tenants  map[string]string // pseudonym by tenant id
	key      RedactionKey
}

// pseudonym derives from what the report shows anyway, never from a name or
// a tenant id: those could be guessed and tried.
func pseudonym(kind string, identity ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(identity, "\x00")))
	return kind + "-" + hex.EncodeToString(sum[:5])
}

func (x *redaction) customers() {
	for i := range x.in.Portfolio.Customers {
		c := x.in.Portfolio.Customers[i]
		line := RedactedCustomer{Pseudonym: pseudonym("customer", c.Instance, c.UmpCustomerGuid), Customer: c}
		hide(&c.CustomerShortName, line.Pseudonym)
		hide(&c.CustomerFullName, line.Pseudonym)
		line.TenantPseudonym = x.tenant(&c)
		hide(&c.MsTenantId, line.TenantPseudonym)
		c.SiteLocation = slices.Clone(c.SiteLocation)
		for s := range c.SiteLocation {
			hide(&c.SiteLocation[s].Name, connectionPseudonym(&c, s))
		}
		c.Raw = maps.Clone(c.Raw)
		for name := range c.Raw {
			c.Raw[name] = "{}" // as unreadable as what it was
		}
		x.redacted = append(x.redacted, c)
		x.key = append(x.key, line)
	}
}

// hide replaces a text unless it is empty.
func hide(t *fetch.Text, by string) {
	if t.S != "" {
		*t = fetch.TextOf(by)
	}
}

// tenant is named after the first customer that has it.
func (x *redaction) tenant(c *fetch.Customer) string {
	id := strings.ToLower(strings.TrimSpace(c.MsTenantId.S))
	if id == "" {
		return ""
	}
	if x.tenants[id] == "" {
		x.tenants[id] = pseudonym("tenant", c.Instance, c.UmpCustomerGuid)
	}
	return x.tenants[id]
}

func connectionPseudonym(c *fetch.Customer, at int) string {
	id := c.SiteLocation[at].ID.S
	if id == "" {
		id = strconv.Itoa(at)
	}
	return pseudonym("connection", c.Instance, c.UmpCustomerGuid, id)
}

// evaluation keeps the verdicts and takes the texts from an evaluation of the
// redacted customers. It has none where a verdict depends on the name.
func (x *redaction) evaluation(ctx context.Context) (*rules.Evaluation, error) {
	type place struct {
		rule, customer, connection int
	}
	texts := map[place]rules.Result{}
	e := *x.in.Evaluation
	redacted, err := e.Set.Evaluate(ctx, x.redacted)
	if err != nil {
		return nil, err
	}
	for _, r := range redacted.Results {
		texts[place{r.Rule, r.Customer, r.Connection}] = r
	}
	e.Results = slices.Clone(e.Results)
	for i := range e.Results {
		r := &e.Results[i]
		said := texts[place{r.Rule, r.Customer, r.Connection}]
		if r.Verdict == rules.NotEvaluable {
			r.Reason = cmp.Or(said.Reason, redactedText)
			continue
		}
		r.Message = cmp.Or(said.Message, redactedText)
	}
	return &e, nil
}

const redactedText = "(redacted)"

// problems says of each problem only its kind, without any value.
func (x *redaction) problems() []fetch.Problem {
	list := slices.Clone(x.in.Portfolio.Problems)
	for i, p := range list {
		if p.GUID != "" {
			list[i].Text = pseudonym("customer", p.Instance, p.GUID) + ": " + strings.ReplaceAll(p.Kind, "-", " ")
		}
	}
	return list
}

// register hides the names by which waivers find customers, and all that
// people wrote into them. A waiver is called by its place in the file.
func (x *redaction) register() []rules.WaiverStatus {
	guids := map[string]bool{}
	for i := range x.in.Portfolio.Customers {
		guids[x.in.Portfolio.Customers[i].UmpCustomerGuid] = true
	}
	list := slices.Clone(x.in.Register)
	for i := range list {
		list[i].ID, list[i].Reason = "waiver-"+strconv.Itoa(i+1), redactedText
		if list[i].Ticket != "" {
			list[i].Ticket = redactedText
		}
		if c := list[i].Customer; c != "*" && !guids[c] {
			list[i].Customer = redactedText
		}
	}
	return list
}

// history hides the names in earlier reports.
func (x *redaction) history() *History {
	if x.in.History == nil || x.in.History.Last == nil {
		return x.in.History
	}
	h, last := *x.in.History, *x.in.History.Last
	findings := make(map[Key]PastFinding, len(last.Findings))
	for key, f := range last.Findings {
		f.Message = ""
		findings[key] = f
	}
	customers := make(map[[2]string]PastCustomer, len(last.Customers))
	for key, c := range last.Customers {
		c.Name = pseudonym("customer", key[0], key[1])
		hide(&c.ShortName, c.Name)
		hide(&c.FullName, c.Name)
		customers[key] = c
	}
	last.Findings, last.Customers = findings, customers
	h.Last = &last
	return &h
}

// manager gives redacted customers the managers of the true ones.
func (x *redaction) manager() func(*fetch.Customer) (name, email string) {
	if x.in.Manager == nil {
		return nil
	}
	type contact struct{ name, email string }
	known := map[[2]string]contact{}
	for i := range x.in.Portfolio.Customers {
		c := &x.in.Portfolio.Customers[i]
		name, email := x.in.Manager(c)
		known[[2]string{c.Instance, c.UmpCustomerGuid}] = contact{name, email}
	}
	return func(c *fetch.Customer) (string, string) {
		found, ok := known[[2]string{c.Instance, c.UmpCustomerGuid}]
		if !ok {
			return Unassigned, ""
		}
		return found.name, found.email
	}
}
