package plain

import "testing"

func TestNearest(t *testing.T) {
	fields := []string{"LicensedUsersCount", "ActiveUserCount", "MsTenantId", "id"}
	for word, want := range map[string]string{
		"LicencedUsersCount": "LicensedUsersCount", "mstenantid": "MsTenantId", "MsTeantnId": "MsTenantId",
		"di": "id", "Whatever": "", "": "",
	} {
		if got := Nearest(word, fields); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}
