package fetch

import (
	"bytes"
	"fmt"
	"io"
	"testing"
	"time"

	"trueup/fetch/fakeapi"
	"trueup/fetch/fakenet"
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

// BenchmarkHistories fetches the histories of 1,000 made-up customers, twelve months
// each, from an instance that takes 50 ms for an answer, and packs them.
func BenchmarkHistories(b *testing.B) {
	for b.Loop() {
		network := new(fakenet.Net)
		server := fakeapi.Start(network.Listen(), fakeapi.Script{
			API:     []fakeapi.Answer{{Customers: 1000}},
			History: []fakeapi.Answer{{From: "2025-11-01", Days: 365, Delay: 50 * time.Millisecond}},
		}, io.Discard)
		p, err := FetchAll(b.Context(), []Instance{{URL: server.URL, Auth: Auth{TokenEnv: "T"}, UsageMonths: 12}}, Options{
			Lookup: func(string) (string, bool) { return "token", true },
			Dial:   network.Dial, Now: func() time.Time { return time.Date(2026, 10, 31, 18, 0, 0, 0, time.UTC) },
		})
		if err != nil || p.Customers[0].Usage.Len() != 365 {
			b.Fatal(err)
		}
		p.AsOf = time.Date(2026, 10, 31, 18, 0, 0, 0, time.UTC)
		b.ReportMetric(float64(len(server.Requests())), "requests")
		b.ReportMetric(float64(len(snapshotOf(b, p))), "snapshot-bytes")
		server.Close()
	}
}
