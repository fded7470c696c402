//go:build mailhog

// Package build names what is built here, so that `go mod tidy` keeps it.
package build

import _ "github.com/mailhog/MailHog"
