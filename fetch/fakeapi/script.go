// Package fakeapi is a Live Platform instance for tests: it answers from a
// script, well or badly, and keeps a list of what it was asked.
package fakeapi

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// Script says what the fake answers. Each list is answered from the front; its
// last entry repeats. Texts may hold $URL (the fake's own), $GUID (whose history was asked for), $TOKEN and $SECRET
// (what the request brought) and $SOON (an HTTP date one second ahead).
type Script struct {
	TLS    bool     `yaml:"tls"`    // serve https; Server.PEM is the authority to trust
	HTTP2  bool     `yaml:"http2"`  // with TLS: offer HTTP/2
	Accept string   `yaml:"accept"` // the only token taken; others get 401. "" takes all
	Secret string   `yaml:"secret"` // the only client secret taken. "" takes all
	Token  []Answer `yaml:"token"`  // answers of the token endpoint
	API    []Answer `yaml:"api"`    // answers of the customer list

	Histories map[string][]Answer `yaml:"histories"` // license histories by GUID
	History   []Answer            `yaml:"history"`   // those of all other customers
}

// Answer is one scripted answer. Its body is Token, Body, File or Customers.
type Answer struct {
	Status    int               `yaml:"status"` // 200 if 0
	Headers   map[string]string `yaml:"headers"`
	Token     string            `yaml:"token"`     // token endpoint: grants this token
	ExpiresIn int               `yaml:"expiresIn"` // seconds; 3600 if 0
	Body      string            `yaml:"body"`
	File      string            `yaml:"file"`      // relative to the script
	Customers int               `yaml:"customers"` // a made-up list of this many, streamed
	From      string            `yaml:"from"`      // a made-up license history from this day on
	Days      int               `yaml:"days"`      // of so many days
	Of        string            `yaml:"of"`        // of this customer; of the one asked for if ""
	Users     int               `yaml:"users"`     // so many on every day, if not 0
	Peak      int               `yaml:"peak"`      // and so many on the 14th
	Gzip      bool              `yaml:"gzip"`      // pack the body
	Delay     time.Duration     `yaml:"delay"`     // before anything is sent
	Pause     time.Duration     `yaml:"pause"`     // in the middle of the body
	Cut       int               `yaml:"cut"`       // break the connection after this many bytes of the body
	Drop      bool              `yaml:"drop"`      // break the connection instead of answering
	Repeat    int               `yaml:"repeat"`    // how many times to give this answer; once if 0
}

// Load reads a script file, strictly, and the files that it names.
func Load(path string) (Script, error) {
	var s Script
	text, err := os.ReadFile(path)
	if err != nil {
		return s, err
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&s); err != nil && !errors.Is(err, io.EOF) {
		return s, fmt.Errorf("%s: %w", path, err)
	}
	lists := append(slices.Collect(maps.Values(s.Histories)), s.Token, s.API, s.History)
	for _, list := range lists {
		for i := range list {
			if list[i].File == "" {
				continue
			}
			body, err := os.ReadFile(filepath.Join(filepath.Dir(path), list[i].File))
			if err != nil {
				return s, err
			}
			list[i].Body = string(body)
		}
	}
	return s, nil
}

// turns are the answers of one list, each as often as it repeats.
type turns struct {
	answers []Answer
	given   int // of the first answer
}

func (t *turns) next() (Answer, bool) {
	if len(t.answers) == 0 {
		return Answer{}, false
	}
	a := t.answers[0]
	t.given++
	if t.given >= max(1, a.Repeat) && len(t.answers) > 1 {
		t.answers, t.given = t.answers[1:], 0
	}
	return a, true
}

// list writes a made-up customer list.
func list(w io.Writer, customers int) error {
	for i := range customers {
		before := ",\n"
		if i == 0 {
			before = "[\n"
		}
		_, err := fmt.Fprintf(w, `%s{"UmpCustomerGuid":"%08x-0000-4000-a000-%012x","CustomerShortName":"customer_%06d","CustomerFullName":"Customer %d","LicenseType":%d,"LicensedUsersCount":%d,"MsTenantId":"%08x-0000-4000-b000-%012x","ActiveUserCount":%d,"LiveHubActiveUsersCount":0,"LiveHubSimpleUsersCount":0,"SiteLocation":[{"id":"%08x-0000-4000-8000-%012x","name":"site_%d","sbcId":1,"sbcDeploymentState":"Deployed","sbcConfigurationType":"SipTrunk"}]}`,
			before, i, i, i, i, 1+i%2, 10+i%90, i, i, i%10, i, i, i)
		if err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "\n]")
	return err
}

// history is a made-up license history: the vendor publishes one record. Its
// numbers follow from the GUID and the day; the peak of each month is on the 14th.
func history(guid string, a Answer) string {
	first, err := time.Parse(time.DateOnly, a.From)
	if err != nil {
		return "the script has no such day"
	}
	sum := fnv.New32a()
	io.WriteString(sum, guid)
	users := 60 + int(sum.Sum32()%30)
	var b strings.Builder
	for i := range a.Days {
		day := first.AddDate(0, 0, i)
		licensed := users + i/30 + int(day.Weekday())%3
		if day.Day() == 14 {
			licensed += 20
		}
		if a.Users > 0 {
			licensed = a.Users
		}
		if a.Peak > 0 && day.Day() == 14 {
			licensed = a.Peak
		}
		before := ","
		if i == 0 {
			before = "["
		}
		fmt.Fprintf(&b, `%s{"acquiredLicenses":100,"totalMonitoredUsers":%d,"currentlyLicensed":%d,"managedUsersDirectRouting":%d,"managedUsersOperatorConnect":0,"managedUsersByLifeCycleManagement":3,"managedUsersUserInterface":2,"managedServiceNumbers":5,"lastUpdate":"%sT16:05:06.0202209+00:00","umpCustomerGuid":%q,"licenseSettingsFlagsLevel":1,"LicenseFactors":{"Direct Routing":true,"Managed Service Numbers":true}}`,
			before, licensed-5, licensed, licensed-10, day.Format(time.DateOnly), guid)
	}
	if a.Days == 0 {
		b.WriteByte('[')
	}
	return b.String() + "]"
}

func fill(text, url, token, secret string) string {
	return strings.NewReplacer("$URL", url, "$TOKEN", token, "$SECRET", secret,
		"$SOON", time.Now().Add(time.Second).UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")).Replace(text)
}
