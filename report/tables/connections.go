package tables

import (
	"trueup/report"
	"trueup/report/cell"
)

func connectionsSheet() Sheet {
	of := func(value func(c *report.Connection) cell.Value) func(*report.Report, int) cell.Value {
		return func(r *report.Report, row int) cell.Value { return value(&r.Connections[row]) }
	}
	owner := func(value func(c *report.Customer) cell.Value) func(*report.Report, int) cell.Value {
		return func(r *report.Report, row int) cell.Value { return value(&r.Customers[r.Connections[row].Customer]) }
	}
	return Sheet{
		Name: SheetConnections, Table: "tblConnections", Noun: "connection", Frozen: 2,
		About: "One SIP connection (SiteLocation of the API) of one customer.",
		Rows:  func(r *report.Report) int { return len(r.Connections) },
		Columns: []Column{
			{Heading: "Customer", Width: 18, Kind: cell.KindText, About: "CustomerShortName of the API.",
				Value: owner(shortName),
				Link:  func(r *report.Report, row int) Target { return toCustomer(r.Connections[row].Customer) }},
			{Heading: "Connection", Paper: 30, Width: 20, Kind: cell.KindText, About: "name of the API; unknown if it has none.",
				Value: of(func(c *report.Connection) cell.Value { return orUnknown(c.Name) })},
			{Heading: "SBC ID", Width: 8, Kind: cell.KindCount, About: "sbcId of the API.",
				Value: of(func(c *report.Connection) cell.Value { return needed(c.SbcID) })},
			{Heading: "SBC", Paper: 14, Print: func(r *report.Report, row int) Cell { return text(r.Connections[row].Sbc()) }, Width: 12, Kind: cell.KindText, About: "Name of the SBC, from the settings.",
				Value: of(func(c *report.Connection) cell.Value { return cell.Text(c.SbcName) })},
			{Heading: "Deployment state", Paper: 18, Width: 16, Kind: cell.KindText, About: "sbcDeploymentState of the API, as sent, behind its meaning where the settings give one; anything but Deployed is not confirmed deployed.",
				Value: of(func(c *report.Connection) cell.Value { return orUnknown(c.SbcDeploymentState) })},
			{Heading: "Configuration type", Paper: 18, Width: 16, Kind: cell.KindText, About: "sbcConfigurationType of the API, as sent, behind its meaning where the settings give one: SipTrunk is the provider's trunk, Byoc the customer's own carrier.",
				Value: of(func(c *report.Connection) cell.Value { return orUnknown(c.SbcConfigurationType) })},
			{Heading: "Findings", Width: 9, Kind: cell.KindCount, About: "Open findings about this connection.",
				Value: of(func(c *report.Connection) cell.Value { return cell.Int(int64(c.Findings)) })},
			{Heading: "Manager", Width: 16, Kind: cell.KindText, About: "Account manager, from the contacts file.",
				Value: owner(func(c *report.Customer) cell.Value { return cell.Text(c.Manager) })},
			{Heading: "Instance", Width: 12, Kind: cell.KindText, About: "Live Platform instance the customer is on.",
				Value: owner(func(c *report.Customer) cell.Value { return cell.Text(c.Instance) })},
			{Heading: "Connection ID", Width: 38, Kind: cell.KindID, About: "id of the API.",
				Value: of(func(c *report.Connection) cell.Value { return cell.API(c.ID) })},
			{Heading: "Customer GUID", Width: 38, Kind: cell.KindID, About: "UmpCustomerGuid of the API.",
				Value: owner(func(c *report.Customer) cell.Value { return cell.Text(c.UmpCustomerGuid) })},
		},
	}
}
