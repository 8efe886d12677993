"""Mappings that ship with Quita."""

from quita.imports.mappings import Spec

_COLUMNS = {
    "external_id": "invoiceNumber",
    "number": "invoiceNumber",
    "issue_on": "InvoiceDate",
    "due_on": "DueDate",
    "amount": "InvoiceAmount",
    "debtor_ref": "customerID",
    "debtor_name": "customerID",
    "billing_method": "PaperlessBill",
}

# IBM's public sample “Accounts Receivable” (WA_Fn-UseC_): dates m/d/yyyy, decimal point, customers known by id alone.
MAPPINGS: dict[str, Spec] = {
    "IBM accounts receivable": Spec(
        target="receivables", source="ibm", columns=_COLUMNS, constants={"document_type": "invoice",
        "debtor_kind": "organization"},
        date_format="mdy", decimal="point",
    ),
    # Each invoice of the sample was settled in full, once: the payment has the invoice's number.
    "IBM accounts receivable: payments": Spec(
        target="payments", source="ibm",
        columns={
            "external_id": "invoiceNumber", "title_external_id": "invoiceNumber", "paid_on": "SettledDate",
            "amount": "InvoiceAmount",
        },
        date_format="mdy", decimal="point",
    ),
}  # fmt: skip
