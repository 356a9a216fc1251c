-- Refunds go to any account of the SEPA area (X-10): the length of each country and the check digits are the rule's
-- (modules/payments/rules/iban.ts), the table keeps the shape.
alter table money_request
  drop constraint money_request_iban_check,
  add constraint money_request_iban_check check (iban = '' or iban ~ '^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$');
