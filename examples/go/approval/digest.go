package approval

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/gowebpki/jcs"
)

// Digest names one action of one request: the lower-case hex SHA-256 of its canonical JSON
// (RFC 8785). Compare it with Outcome.Digest before you act.
//
// encoding/json alone does not write that form: it escapes <, > and &, and U+2028. Whole numbers
// have to lie within ±2^53, or the agent refuses the request; write larger ones, and money, as
// strings.
func Digest(requestID, actionType string, arguments any) (string, error) {
	plain, err := json.Marshal(map[string]any{
		"arguments":  arguments,
		"purpose":    "hitl-action-v1",
		"request_id": requestID,
		"tool":       actionType,
	})
	if err != nil {
		return "", fmt.Errorf("digest: %w", err)
	}
	canonical, err := jcs.Transform(plain)
	if err != nil {
		return "", fmt.Errorf("digest: %w", err)
	}
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:]), nil
}
