package rules

import "trueup/rules/engine"

// Field is a name that expressions may use.
type Field struct {
	Name     string `json:"name"`
	Of       string `json:"of"`   // customer or sipConnection
	Type     string `json:"type"` // number, text, true or false, list
	Nullable bool   `json:"nullable"`
	Derived  bool   `json:"derived"` // made by trueup, not sent by the API
	Meaning  string `json:"meaning"`
	Example  string `json:"example"` // from the vendor's response, as JSON
}

// Fields lists every field, those of customers first. A rule for SIP connections
// writes customer.NAME for a field of the customer. The source is the vendor's
// page on GET /api/v3/customer with its example response; Nullable fields are
// null in an example.
func Fields() []Field {
	const customer, connection = "customer", "sipConnection"
	const number, text, yes, list = "number", "text", "true or false", "list"
	return []Field{
		{"UmpCustomerGuid", customer, text, false, false, "identity of the customer within its instance; opaque", `"2373394e-7b5f-40cc-907b-29a4f70e7859"`},
		{"CustomerShortName", customer, text, false, false, "short name; may hold spaces, digits only, any script", `"auto_sys_plus_r"`},
		{"CustomerFullName", customer, text, false, false, "full name", `"auto_sys_plus_r"`},
		{"LicenseType", customer, number, false, false, "0 Hosted Essentials, 1 Hosted Essentials Plus, 2 Hosted Pro, 3 OC Essentials, 4 OC Essentials Plus, 5 OC Pro", "1"},
		{"LicensedUsersCount", customer, number, true, false, "acquired licenses; null is not licensed by user count, never 0", "10"},
		{"MsTenantId", customer, text, true, false, "the customer's Microsoft 365 tenant", `"632c26aa-0371-4402-a8ca-7cd62514dd01"`},
		{"ActiveUserCount", customer, number, false, false, "active users with used DIDs, as the licenses are counted", "0"},
		{"LiveHubActiveUsersCount", customer, number, true, false, "Live Hub users; meaning undocumented", "0"},
		{"LiveHubSimpleUsersCount", customer, number, true, false, "Live Hub simple users; meaning undocumented", "19"},
		{"SiteLocation", customer, list, false, false, "SIP connections; absent if the list was fetched without allDetails", `[{"id": …, "name": …, "sbcId": 1, …}]`},
		{"Instance", customer, text, false, true, "name of the Live Platform instance in the settings; empty if there is only one, unnamed", `"emea"`},
		{"LicenseName", customer, text, false, true, "the vendor's name of the LicenseType", `"Hosted Essentials Plus"`},
		{"CountedByUser", customer, yes, false, true, "whether customers of this LicenseType carry a LicensedUsersCount: 1, 2, 4 and 5", "true"},
		{"CustomersOnTenant", customer, number, true, true, "how many customers of all instances share the MsTenantId; null without one", "1"},
		{"Usage", customer, text, true, true, "the month of the license history that is measured; null where the history was not fetched (--usage-months)", `"2026-10"`},
		{"id", connection, text, false, false, "identity of the SIP connection", `"2373394e-7b5f-40cc-907b-29a4f70efe59"`},
		{"name", connection, text, false, false, "name of the SIP connection", `"auto_sys_plus_r"`},
		{"sbcId", connection, number, false, false, "the SBC that serves it", "1"},
		{"sbcDeploymentState", connection, text, false, false, "Deployed; other values are not published; a number becomes its digits, or what values: in the settings says that it means", `"Deployed"`},
		{"sbcConfigurationType", connection, text, false, false, "SipTrunk or Byoc; a number becomes its digits, or what values: in the settings says that it means", `"Byoc"`},
	}
}

// nullableFields lists the fields that a rule may name and that the examples
// show as null.
func (r *Rule) nullableFields() []string {
	var names []string
	for _, f := range Fields() {
		name := f.Name
		if r.Each == EachConnection && f.Of == "customer" {
			name = "customer." + name
		}
		if _, wrong := r.scope().Field(name); wrong == nil && f.Nullable {
			names = append(names, name)
		}
	}
	return names
}

// Functions lists what expressions may call besides operators.
func Functions() []string { return engine.Functions() }
