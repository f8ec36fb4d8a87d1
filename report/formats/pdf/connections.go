package pdf

import (
	"strings"

	"trueup/report"
)

// customerConnections lists the connections that findings concern: those
// named by a finding, and all of them if a rule about the whole customer read
// its connections.
func (b *book) customerConnections(c *report.Customer) {
	about, all := b.concerned(c)
	if len(about) == 0 && !all {
		return
	}
	b.space(5)
	columns := []column{{head: "SIP connection", share: 30}, {head: "SBC", share: 14}, {head: "Deployment state", share: 18},
		{head: "Configuration type", share: 18}}
	if len(about) > 0 {
		columns = append(columns, column{head: "Findings", share: 30})
	}
	t := b.table(columns...)
	shown, total := 0, 0
	for i := c.Connections[0]; i < c.Connections[1]; i++ {
		if len(about[i]) == 0 && !all {
			continue
		}
		total++
		if shown < b.o.MaxConnections {
			t.row(b.connectionRow(&b.r.Connections[i], about[i])[:len(columns)]...)
			shown++
		}
	}
	t.end(more(total-shown, "connection", "connections"))
}

// concerned gives the findings about each connection, by index into
// Report.Connections, and whether all connections are to be shown.
func (b *book) concerned(c *report.Customer) (about map[int][]*report.Finding, all bool) {
	about = map[int][]*report.Finding{}
	for _, at := range c.Findings {
		f := &b.r.Findings[at]
		if f.Connection >= 0 {
			about[f.Connection] = append(about[f.Connection], f)
		} else if strings.Contains(b.r.Rules[f.Rule].When, "SiteLocation") && c.Connections[1] > c.Connections[0] {
			all = true
		}
	}
	return about, all
}

func (b *book) connectionRow(c *report.Connection, findings []*report.Finding) []box {
	what := box{}
	for _, f := range findings {
		words := b.r.Rules[f.Rule].ID
		if since := sinceText(f); since != "" {
			words += ", since " + since
		}
		what.paras = append(what.paras, para{words, small})
	}
	return []box{regular(apiText(c.Name, "without a name")), regular(c.Sbc()),
		regular(apiText(c.SbcDeploymentState, "unknown")), regular(apiText(c.SbcConfigurationType, "unknown")), what}
}
