package approval

import (
	"encoding/json"
	"os"
	"testing"
)

func TestDigest(t *testing.T) {
	raw, err := os.ReadFile("../../digests.json")
	if err != nil {
		t.Fatal(err)
	}
	var known []struct {
		About      string          `json:"about"`
		RequestID  string          `json:"request_id"`
		ActionType string          `json:"action_type"`
		Arguments  json.RawMessage `json:"arguments"`
		Digest     string          `json:"digest"`
	}
	if err := json.Unmarshal(raw, &known); err != nil {
		t.Fatal(err)
	}
	for _, each := range known {
		t.Run(each.About, func(t *testing.T) {
			digest, err := Digest(each.RequestID, each.ActionType, each.Arguments)
			if err != nil || digest != each.Digest {
				t.Errorf("%s, %v; want %s", digest, err, each.Digest)
			}
		})
	}
}
