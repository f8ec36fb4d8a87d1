package fetch

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestValues(t *testing.T) {
	const list = `[
		{"UmpCustomerGuid": "a", "SiteLocation": [{"sbcDeploymentState": 3, "sbcConfigurationType": 0}, {"sbcDeploymentState": "DEPLOYED", "sbcConfigurationType": "x"}, {}]},
		{"UmpCustomerGuid": "b", "SiteLocation": [{"sbcDeploymentState": "3", "sbcConfigurationType": null}, {"sbcDeploymentState": "Ready", "sbcConfigurationType": 4}]}]`
	p, err := Decode(strings.NewReader(list), DecodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p.Customers[1].Instance, p.AsOf = "apac", time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	v := Values{"": {DeploymentState: map[string]string{"3": "Deployed", "deployed": "Deployed"}, ConfigurationType: map[string]string{"0": "SipTrunk", "x": "Byoc", "": "Byoc"}},
		"apac": {DeploymentState: map[string]string{"3": "Broken", "ready": "Deployed"}}}
	before := p.Hash()
	explained := v.Explain(p)
	var shown, said []string
	for _, c := range explained.Customers {
		for _, s := range c.SiteLocation {
			shown = append(shown, s.SbcDeploymentState.Shown()+","+s.SbcConfigurationType.Shown())
			said = append(said, s.SbcDeploymentState.Said()+","+s.SbcConfigurationType.Said())
		}
	}
	if got, want := strings.Join(shown, "; "), "Deployed (3),SipTrunk (0); DEPLOYED,Byoc (x); ,; Broken (3),; Deployed (Ready),4"; got != want {
		t.Errorf("shown %s, want %s", got, want)
	}
	if got, want := strings.Join(said, "; "), "Deployed,SipTrunk; Deployed,Byoc; ,; Broken,; Deployed,4"; got != want {
		t.Errorf("said %s, want %s", got, want)
	}
	if p.Hash() != before || p.Customers[0].SiteLocation[0].SbcDeploymentState.Meaning != nil {
		t.Error("what the API sent was changed")
	}
	if explained.Hash() != before {
		t.Error("a meaning is in the snapshot")
	}
	packed, err := Pack(explained)
	if err != nil {
		t.Fatal(err)
	}
	back, err := ReadFrom(bytes.NewReader(packed.Bytes), "s", Limits{})
	if err != nil || back.Hash() != before {
		t.Error(err)
	}
}
