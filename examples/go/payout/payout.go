// Package payout pays somebody, once people have agreed to it by mail.
package payout

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"example.com/payouts/approval"
)

const (
	TaskQueue    = "payouts"
	WorkflowType = "PayoutWorkflow"

	actionType = "payout"
)

// Input starts the workflow.
type Input struct {
	PayoutID       string  `json:"payout_id"`
	TimeoutSeconds float64 `json:"timeout_seconds"`
}

// Workflow asks, and pays at most once. It returns what became of the payout, in words. It fails
// where it could not ask, and where a payment failed: then somebody has to look what was paid.
func Workflow(ctx workflow.Context, input Input) (string, error) {
	var bank *Bank
	load := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute})
	var payout Payout
	if err := workflow.ExecuteActivity(load, bank.Load, input.PayoutID).Get(ctx, &payout); err != nil {
		return "", err
	}
	requestID, err := approval.NewRequestID(ctx)
	if err != nil {
		return "", err
	}
	summary := fmt.Sprintf("%s %s to %s", payout.Amount, payout.Currency, payout.Payee)
	outcome, err := approval.Ask(ctx, approval.Request{
		RequestID: requestID,
		Action: approval.Action{
			ActionType:  actionType,
			Description: "Pay " + summary,
			Arguments:   payout,
		},
		TimeoutSeconds: input.TimeoutSeconds,
	})
	if err != nil {
		return "", err
	}
	if outcome.Result != approval.Approved {
		return "not paid: " + outcome.Why(), nil
	}
	once := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: time.Minute,
		// A payment that was begun is waited for: how it ended is worth more than a quick end.
		WaitForCancellation: true,
		// Once: after an error or a lost worker nobody knows whether money has left. If your bank
		// takes an idempotency key, give it the request id and retry as you like.
		RetryPolicy: &temporal.RetryPolicy{MaximumAttempts: 1},
	})
	order := Order{PayoutID: payout.ID, RequestID: requestID, Digest: outcome.Digest}
	if err := workflow.ExecuteActivity(once, bank.Pay, order).Get(ctx, nil); err != nil {
		return "", err
	}
	return "paid " + summary, nil
}
