package fetch

import (
	"fmt"
	"log/slog"
	"os"
	"strings"
	"unicode"

	"trueup/fetch/plain"
)

// secret is a token or client secret. However it is printed or logged, it
// shows as "[secret]". The text is behind a pointer because fmt prints a
// string inside another value without calling its methods.
type secret struct{ text *string }

func newSecret(text string) secret { return secret{&text} }

// reveal is the secret itself, for the request that needs it and for the scrubber.
func (s secret) reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

func (secret) String() string       { return hidden }
func (secret) GoString() string     { return hidden }
func (secret) LogValue() slog.Value { return slog.StringValue(hidden) }

const hidden = plain.Hidden

// credentials are an Auth with its secrets read.
type credentials struct {
	token        secret // a ready token; else the client's
	clientSecret secret
}

const adviceCredentials = "set TRUEUP_TOKEN, or TRUEUP_TENANT_ID, TRUEUP_CLIENT_ID, TRUEUP_CLIENT_SECRET and TRUEUP_SCOPE; or name the variables or files in the instance's auth settings"

// read gets the secrets that a names. Errors say where a secret is, never what it is.
func (a Auth) read(opt *Options) (credentials, error) {
	ready := a.TokenEnv != "" || a.TokenFile != ""
	client := a.ClientSecretEnv != "" || a.ClientSecretFile != ""
	switch {
	case ready && client:
		return credentials{}, &ConfigError{Why: "both a token and client credentials are set", Advice: "keep one of them"}
	case ready:
		token, err := readSecret(a.TokenEnv, a.TokenFile, opt)
		return credentials{token: token}, err
	case !client && a.ClientID == "":
		return credentials{}, &ConfigError{Why: "there are no credentials", Advice: adviceCredentials}
	}
	if err := a.complete(client); err != nil {
		return credentials{}, err
	}
	clientSecret, err := readSecret(a.ClientSecretEnv, a.ClientSecretFile, opt)
	return credentials{clientSecret: clientSecret}, err
}

// Secrets are the tokens and client secrets of instances, those that can be
// read: what is told elsewhere must not have them.
func Secrets(instances []Instance, lookup func(string) (string, bool)) (list []string) {
	for _, in := range instances {
		a := in.Auth
		for _, name := range []string{a.TokenEnv, a.ClientSecretEnv} {
			if value, ok := lookup(name); ok && name != "" {
				list = append(list, strings.TrimSpace(value))
			}
		}
		for _, path := range []string{a.TokenFile, a.ClientSecretFile} {
			if path == "" {
				continue
			}
			if content, err := plain.ReadFile(path, maxSecret); err == nil {
				list = append(list, strings.TrimSpace(string(content)))
			}
		}
	}
	return list
}

// complete makes sure that no part of the client credentials is missing.
func (a Auth) complete(hasSecret bool) error {
	var missing []string
	for _, part := range []struct {
		name string
		set  bool
	}{
		{"client id", a.ClientID != ""},
		{"client secret", hasSecret},
		{"scope", a.Scope != ""},
		{"tenant id", a.TenantID != "" || a.TokenURL != ""},
	} {
		if !part.set {
			missing = append(missing, part.name)
		}
	}
	if len(missing) > 0 {
		return &ConfigError{Why: "the client credentials lack the " + strings.Join(missing, ", the "), Advice: adviceCredentials}
	}
	return nil
}

func readSecret(env, file string, opt *Options) (secret, error) {
	if env != "" {
		value, _ := opt.Lookup(env)
		return usable(value, "the environment variable "+clean(env, 80))
	}
	content, err := ReadSecretFile(file, opt.Log)
	if err != nil {
		return secret{}, &ConfigError{Why: fmt.Sprintf("read the secret's file: %v", err), Advice: "name a file that holds the secret and nothing else"}
	}
	return usable(string(content), "the file "+clean(file, 200))
}

// usable refuses what cannot be a token, without showing it.
func usable(value, where string) (secret, error) {
	value = strings.TrimSpace(value)
	switch {
	case value == "":
		return secret{}, &ConfigError{Why: where + " holds no secret", Advice: "put the token or the client secret there"}
	case strings.ContainsFunc(value, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == unicode.ReplacementChar }):
		return secret{}, &ConfigError{Why: where + " holds white space inside the secret", Advice: "put the token or the client secret there, and nothing else"}
	}
	return newSecret(value), nil
}

// maxSecret is more than any token is long.
const maxSecret = 64 << 10

// ReadSecretFile reads a small file, and warns if others may read it too.
func ReadSecretFile(path string, log *slog.Logger) ([]byte, error) {
	content, err := plain.ReadFile(path, maxSecret)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o077 != 0 {
		log.Warn("a file with a secret can be read by others: chmod 600", "file", path, "mode", info.Mode().Perm().String())
	}
	return content, nil
}
