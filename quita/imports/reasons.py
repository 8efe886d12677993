"""Why a row or a file does not go in: one sentence per code, that says what is wrong and what to do.

A refused row keeps the code and the parameters; the sentence is made when a person looks, in that person's language.
`%(text)s` is the cell, `%(field)s` the field's name.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop

from quita.domain.refusals import Refusal
from quita.imports import fields

ROW: dict[str, str] = {
    # the row as a whole
    "columns_missing": gettext_noop(
        "The row has %(count)s cells and the header has %(wanted)s. Look for a missing separator."
    ),
    "columns_extra": gettext_noop(
        "The row has %(count)s cells and the header has %(wanted)s. Put values that contain the separator in "
        "quotation marks."
    ),
    "quotes_misplaced": gettext_noop("A quotation mark stands in the middle of a value. Double it or remove it."),
    "encoding_invalid": gettext_noop(
        "“%(text)s” has characters that are not valid in the file's encoding. Save the file as UTF-8 or "
        "choose its encoding."
    ),
    "duplicate_in_file": gettext_noop(
        "The id “%(text)s” occurs %(count)s times in the file. Keep one row for each id."
    ),
    # cells
    "missing": gettext_noop("This field is required and the cell is empty. Fill it in."),
    "too_long": gettext_noop("The value has %(length)s characters and at most %(limit)s fit. Shorten it."),
    "text_control": gettext_noop("The value contains control characters. Remove them."),
    "text_garbled": gettext_noop(
        "“%(text)s” looks like text saved in the wrong encoding. Export the file again as UTF-8."
    ),
    "text_formula": gettext_noop("“%(text)s” starts like a spreadsheet formula. Remove the first character."),
    "date_invalid": gettext_noop(
        "“%(text)s” is not a date written as %(format)s. Correct it or choose the file's date format."
    ),
    "date_out_of_range": gettext_noop("“%(text)s” is outside the years 1990 to 2100. Correct the year."),
    "amount_invalid": gettext_noop(
        "“%(text)s” is not an amount written like %(example)s. Correct it or choose the file's number format."
    ),
    "amount_negative": gettext_noop(
        "The amount “%(text)s” is negative and this field takes only positive amounts. Enter reductions as a "
        "rebate or a payment."
    ),
    "amount_zero": gettext_noop(
        "The amount is zero. A title or payment of nothing cannot be brought in: remove the row."
    ),
    "amount_too_large": gettext_noop(
        "The amount “%(text)s” exceeds the largest accepted, R$ 10 trillion. Check the decimal separator."
    ),
    "amount_too_precise": gettext_noop("The amount “%(text)s” has fractions of a centavo. Round it to two decimals."),
    "document_length": gettext_noop(
        "“%(text)s” is neither a CPF (11 digits) nor a CNPJ (14 characters, the last two digits). Check "
        "whether a spreadsheet removed leading zeros."
    ),
    "document_check_digit": gettext_noop(
        "The check digits of “%(text)s” do not match. Check the number for a typing error."
    ),
    "email_invalid": gettext_noop("“%(text)s” is not an e-mail address. It looks like name@company.com.br."),
    "phone_invalid": gettext_noop(
        "“%(text)s” is not a phone number. Write it with the area code, like (11) 98765-4321."
    ),
    "state_unknown": gettext_noop("“%(text)s” is not a Brazilian state. Give its two letters, like PE."),
    "municipality_code_invalid": gettext_noop(
        "“%(text)s” is not an IBGE municipality code. It has seven digits, like 2611606 for Recife."
    ),
    "postal_code_invalid": gettext_noop("“%(text)s” is not a CEP. It has eight digits, like 50030-230."),
    "choice_unknown": gettext_noop("“%(text)s” is not one of the choices: %(choices)s. Correct it or map the value."),
    # cells that contradict each other
    "due_before_issue": gettext_noop("The due date lies before the issue date. Correct one of them."),
    "discount_incomplete": gettext_noop("A discount needs its amount and its last day. Give both or neither."),
    "reductions_exceed_amount": gettext_noop("Rebate and largest discount together exceed the amount. Correct them."),
    "paid_incomplete": gettext_noop("There is an amount paid without the day it was paid. Give the day."),
    "paid_in_future": gettext_noop("The payment's day, “%(text)s”, has not come yet. Correct it."),
    "debtor_identity_missing": gettext_noop(
        "The row has neither a CPF/CNPJ nor the debtor's id in the source. Give one of the two."
    ),
    "municipality_outside_state": gettext_noop(
        "The municipality code %(text)s does not lie in the state given. Correct one of them."
    ),
    "address_city_missing": gettext_noop(
        "An address needs at least its city. Fill it in or leave the whole address empty."
    ),
    "payer_unknown": gettext_noop(
        "The payment names no title and no known debtor. Give the title's id or number, or the debtor's CPF/CNPJ."
    ),
    # against what is already known
    "company_unknown": gettext_noop(
        "No company with CPF/CNPJ “%(text)s” is open to you. Correct the number or register the company first."
    ),
    "branch_unknown": gettext_noop(
        "The company has no branch “%(text)s”. Correct the code or register the branch first."
    ),
    "branch_missing": gettext_noop(
        "The company has no branch, or several and the row says none. Map the branch or give a fixed one."
    ),
    "policy_unknown": gettext_noop(
        "There is no charge policy named “%(text)s”. Correct the name or create the policy first."
    ),
    "debtor_conflict_in_file": gettext_noop(
        "The same debtor id comes with two different CPF/CNPJ in this file. Correct the one that is wrong."
    ),
    "debtor_identity_conflict": gettext_noop(
        "The source's id already stands for debtor %(debtor)s, who has another CPF/CNPJ. Correct the CPF/CNPJ"
        " in the source or on the debtor's record."
    ),
    "title_debtor_changed": gettext_noop(
        "This id is already a title of debtor %(debtor)s, who is somebody else. Cancel that title and bring "
        "the new debt under a new id."
    ),
    "title_unknown": gettext_noop(
        "No title “%(text)s” is known for this company and source. Import the titles first or correct the id."
    ),
    "title_ambiguous": gettext_noop(
        "%(count)s titles have the number “%(text)s”. Name the title by its id in the source."
    ),
    "payment_reversed": gettext_noop(
        "This payment was reversed here and can no longer change. Bring new money under a new id."
    ),
}  # fmt: skip

FILE: dict[str, str] = {
    "file_empty": gettext_noop("The file is empty. Choose the file that the system exported."),
    "file_too_large": gettext_noop(
        "The file has %(size)s MB and at most %(limit)s MB are accepted. Split it in parts."
    ),
    "file_not_text": gettext_noop("The file is neither text (CSV) nor an .xlsx workbook. Export it as CSV or .xlsx."),
    "file_old_excel": gettext_noop(
        "The file is an old .xls workbook or protected by a password. Save it as .xlsx without a password."
    ),
    "file_damaged": gettext_noop(
        "The workbook cannot be read: it is damaged or incomplete. Open it in a spreadsheet and save it again as .xlsx."
    ),
    "file_gone": gettext_noop("The uploaded file is no longer there. Upload it again."),
    "zip_bomb": gettext_noop(
        "The workbook unpacks to %(size)s MB from %(packed)s MB, more than the %(limit)s MB accepted. Export "
        "the data as CSV."
    ),
    "sheet_too_big": gettext_noop(
        "The sheet spans %(rows)s rows and %(columns)s columns; at most %(limit)s cells are accepted. Delete "
        "cells far from the data or export as CSV."
    ),
    "sheet_unknown": gettext_noop("The workbook has no sheet “%(name)s”. It has: %(names)s."),
    "no_header": gettext_noop("Row %(row)s should hold the column names and is empty. Say which row holds them."),
    "no_rows": gettext_noop("There are column names but no rows below them. Choose a file with rows."),
    "header_repeated": gettext_noop("The column “%(name)s” occurs twice and is mapped. Rename one of the two."),
    "column_missing": gettext_noop(
        "The mapping needs the column “%(name)s” and the file has none of that name. Choose another mapping "
        "or correct the header."
    ),
    "too_many_columns": gettext_noop(
        "The file has %(count)s columns and at most %(limit)s are accepted. Check the separator or remove columns."
    ),
    "quotes_unbalanced": gettext_noop(
        "A quotation mark opened in row %(row)s is not closed where it should be. Correct the row: what "
        "follows cannot be told apart."
    ),
    "line_too_long": gettext_noop("Row %(row)s is longer than %(limit)s characters. Check the file's line ends."),
    "encoding_wrong": gettext_noop(
        "The file cannot be read as %(encoding)s. Choose another encoding or let Quita find it."
    ),
    "import_running": gettext_noop("This file is already being imported. Wait until it ends."),
    "import_done": gettext_noop("This file has already been imported. Upload it again to import it once more."),
    "mapping_missing": gettext_noop("The file has no mapping yet. Choose its columns first."),
}  # fmt: skip


def sentence(code: str, params: Mapping[str, Any]) -> str:
    """The reason in the reader's language."""
    source = ROW.get(code) or FILE[code]
    text = gettext(source)
    if "format" in params:
        written = params["format"]
        params = {**params, "format": gettext(written)}
    return text % params if params else text


def field_label(target: str, key: str) -> str:
    """The field's name for people; empty when the reason concerns the whole row."""
    field = fields.of(target).get(key)
    return str(field.label) if field else key


def file_refusal(code: str, **params: Any) -> Refusal:
    """A refusal of the whole file, with its sentence."""
    return Refusal(code, FILE[code], params)
