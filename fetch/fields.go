package fetch

import "strings"

// field is one key that the decoder and the snapshot know. Everything else in
// an answer is skipped, and nothing else ever reaches a snapshot.
type field uint8

const (
	noField field = iota
	fieldGUID
	fieldShortName
	fieldFullName
	fieldLicenseType
	fieldLicensedUsers
	fieldTenant
	fieldActiveUsers
	fieldHubActive
	fieldHubSimple
	fieldSites
	fieldInstance   // snapshots only
	fieldUnreadable // snapshots only
	fieldID
	fieldName
	fieldSbcID
	fieldState
	fieldConfiguration
	fieldUsage      // snapshots only
	fieldLastUpdate // license history, as all below
	fieldAcquired   // from here on in the order of the Columns
	fieldCurrentlyLicensed
	fieldDirectRouting
	fieldOperatorConnect
	fieldLifeCycle
	fieldUserInterface
	fieldServiceNumbers
	fieldSwitches
)

// fieldNames is the spelling of the vendor's examples, used for all output.
var fieldNames = [...]string{
	fieldGUID:          "UmpCustomerGuid",
	fieldShortName:     "CustomerShortName",
	fieldFullName:      "CustomerFullName",
	fieldLicenseType:   "LicenseType",
	fieldLicensedUsers: "LicensedUsersCount",
	fieldTenant:        "MsTenantId",
	fieldActiveUsers:   "ActiveUserCount",
	fieldHubActive:     "LiveHubActiveUsersCount",
	fieldHubSimple:     "LiveHubSimpleUsersCount",
	fieldSites:         "SiteLocation",
	fieldInstance:      "instance",
	fieldUnreadable:    "unreadable",
	fieldID:            "id",
	fieldName:          "name",
	fieldSbcID:         "sbcId",
	fieldState:         "sbcDeploymentState",
	fieldConfiguration: "sbcConfigurationType",
	fieldUsage:         "usage",

	fieldLastUpdate:        "lastUpdate",
	fieldAcquired:          "acquiredLicenses",
	fieldCurrentlyLicensed: "currentlyLicensed",
	fieldDirectRouting:     "managedUsersDirectRouting",
	fieldOperatorConnect:   "managedUsersOperatorConnect",
	fieldLifeCycle:         "managedUsersByLifeCycleManagement",
	fieldUserInterface:     "managedUsersUserInterface",
	fieldServiceNumbers:    "managedServiceNumbers",
	fieldSwitches:          "LicenseFactors",
}

func (f field) String() string { return fieldNames[f] }

// customerFields and connectionFields are in the order in which the API
// writes them; the snapshot keeps it.
var (
	customerFields = []field{
		fieldGUID, fieldShortName, fieldFullName, fieldLicenseType, fieldLicensedUsers,
		fieldTenant, fieldActiveUsers, fieldHubActive, fieldHubSimple, fieldSites,
	}
	snapshotFields   = append([]field{fieldInstance, fieldUnreadable, fieldUsage}, customerFields...)
	connectionFields = []field{fieldID, fieldName, fieldSbcID, fieldState, fieldConfiguration}
	historyFields    = []field{
		fieldGUID, fieldLastUpdate, fieldAcquired, fieldCurrentlyLicensed, fieldDirectRouting, fieldOperatorConnect,
		fieldLifeCycle, fieldUserInterface, fieldServiceNumbers, fieldSwitches,
	}
)

// findField matches without regard to the case of ASCII letters, because the
// vendor's tables and examples spell the same key differently.
func findField(name []byte, among []field) field {
	for _, f := range among {
		// Of equal length: letters that fold to ASCII from outside it take more bytes.
		if known := fieldNames[f]; string(name) == known || len(name) == len(known) && strings.EqualFold(string(name), known) {
			return f
		}
	}
	return noField
}

// count is the customer's count of that name, nil if it is not a count.
func (c *Customer) count(f field) *Count {
	switch f {
	case fieldLicenseType:
		return &c.LicenseType
	case fieldLicensedUsers:
		return &c.LicensedUsersCount
	case fieldActiveUsers:
		return &c.ActiveUserCount
	case fieldHubActive:
		return &c.LiveHubActiveUsersCount
	case fieldHubSimple:
		return &c.LiveHubSimpleUsersCount
	}
	return nil
}

// text is the customer's text of that name, nil if it is not a text.
func (c *Customer) text(f field) *Text {
	switch f {
	case fieldShortName:
		return &c.CustomerShortName
	case fieldFullName:
		return &c.CustomerFullName
	case fieldTenant:
		return &c.MsTenantId
	}
	return nil
}

func (s *SIPConnection) text(f field) *Text {
	switch f {
	case fieldID:
		return &s.ID
	case fieldName:
		return &s.Name
	case fieldState:
		return &s.SbcDeploymentState
	case fieldConfiguration:
		return &s.SbcConfigurationType
	}
	return nil
}
