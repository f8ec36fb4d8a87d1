package fetch

import (
	"bytes"
	"fmt"
	"testing"
)

// bigList is a list of n customers with two connections each.
func bigList(n int) []byte {
	var b bytes.Buffer
	b.WriteString("[")
	for i := range n {
		if i > 0 {
			b.WriteString(",\n")
		}
		fmt.Fprintf(&b, `{"UmpCustomerGuid":"%08x-58f8-4773-a625-0079f1565341","CustomerShortName":"customer_%d","CustomerFullName":"Société %d & Söhne","LicenseType":%d,"LicensedUsersCount":%d,"MsTenantId":"%08x-0371-4402-a8ca-7cd62514dd01","ActiveUserCount":%d,"LiveHubActiveUsersCount":0,"LiveHubSimpleUsersCount":19,"SiteLocation":[`,
			i*2654435761%(1<<32), i, i, i%6, i%500, i, i%400)
		for j := range 2 {
			if j > 0 {
				b.WriteString(",")
			}
			fmt.Fprintf(&b, `{"id":"%08x-da9a-4bbc-8e29-0efb0aaf%04d","name":"GSC%d","sbcId":%d,"sbcDeploymentState":"Deployed","sbcConfigurationType":"SipTrunk"}`, i, j, i, j)
		}
		b.WriteString("]}")
	}
	b.WriteString("]")
	return b.Bytes()
}

func BenchmarkDecode(b *testing.B) {
	list := bigList(10_000)
	b.SetBytes(int64(len(list)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(bytes.NewReader(list), DecodeOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSnapshot(b *testing.B) {
	p, err := Decode(bytes.NewReader(bigList(10_000)), DecodeOptions{})
	if err != nil {
		b.Fatal(err)
	}
	p.AsOf = someTime
	b.Run("write", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Pack(p); err != nil {
				b.Fatal(err)
			}
		}
	})
	file := snapshotOf(b, p)
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := ReadFrom(bytes.NewReader(file), "x", Limits{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
