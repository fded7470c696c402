package payout

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"go.temporal.io/sdk/temporal"

	"example.com/payouts/approval"
)

// NotApproved is the type of Pay's error where nothing was paid, for nobody has agreed to it.
const NotApproved = "NotApproved"

// Payout is who gets what. Amount is a decimal string: money is no float.
type Payout struct {
	ID       string `json:"payout_id"`
	Payee    string `json:"payee"`
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// Order is a payout that people have agreed to, with the digest of what they agreed to.
type Order struct {
	PayoutID  string `json:"payout_id"`
	RequestID string `json:"request_id"`
	Digest    string `json:"digest"`
}

// Bank stands for your systems: payouts come from one file, payments go to another.
type Bank struct {
	Payouts string
	Paid    string
}

// Load reads a payout as it is now.
func (b *Bank) Load(_ context.Context, id string) (Payout, error) {
	raw, err := os.ReadFile(b.Payouts)
	if err != nil {
		return Payout{}, err
	}
	var all map[string]Payout
	if err := json.Unmarshal(raw, &all); err != nil {
		return Payout{}, fmt.Errorf("%s: %w", b.Payouts, err)
	}
	payout, found := all[id]
	if !found {
		return Payout{}, temporal.NewNonRetryableApplicationError("there is no payout "+id, "NoPayout", nil)
	}
	payout.ID = id
	return payout, nil
}

// Pay pays what was agreed to, or nothing. The payout is read again: days may have passed, and
// whoever may change it may have done so.
func (b *Bank) Pay(ctx context.Context, order Order) error {
	payout, err := b.Load(ctx, order.PayoutID)
	if err != nil {
		return err
	}
	digest, err := approval.Digest(order.RequestID, actionType, payout)
	if err != nil {
		return err
	}
	if digest != order.Digest {
		return temporal.NewNonRetryableApplicationError(
			order.PayoutID+" was changed after people agreed", NotApproved, nil)
	}
	line, err := json.Marshal(payout)
	if err != nil {
		return err
	}
	paid, err := os.OpenFile(b.Paid, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = paid.Write(append(line, '\n'))
	return errors.Join(err, paid.Close())
}
