package fetch

import "testing"

func TestLicenseTypes(t *testing.T) {
	for _, test := range []struct {
		count   Count
		name    string
		byUser  bool
		shownAs string
	}{
		{CountOf(0), "Hosted Essentials", false, "0"},
		{CountOf(1), "Hosted Essentials Plus", true, "1"},
		{CountOf(2), "Hosted Pro", true, "2"},
		{CountOf(3), "OC Essentials", false, "3"},
		{CountOf(4), "OC Essentials Plus", true, "4"},
		{CountOf(5), "OC Pro", true, "5"},
		{CountOf(6), "Unknown (6)", false, "6"},
		{Count{State: Null}, "Unknown", false, "unknown"},
		{Count{State: Unreadable}, "Unknown", false, "unknown"},
	} {
		if name := LicenseName(test.count); name != test.name || CountedByUser(test.count) != test.byUser {
			t.Errorf("%+v: %s, by user %v", test.count, name, CountedByUser(test.count))
		}
		if test.count.String() != test.shownAs || (test.count.Ptr() != nil) != test.count.Known() {
			t.Errorf("%+v: %s, %v", test.count, test.count, test.count.Ptr())
		}
	}
	if TextOf("").Known() == (Text{State: Null}).Known() {
		t.Error("an empty text and none are the same")
	}
}
