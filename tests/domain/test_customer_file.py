"""Customers out of a file as office programs write it. Each fault names line, column, what was found, and the cure."""

import pytest

from voicebot.domain.customer import LONGEST_NOTE, MOST_NUMBERS, Customer
from voicebot.domain.customer_file import MOST_FAULTS, CustomerFile, decoded
from voicebot.errors import Refused

HOME, MOBILE = "+12025550143", "+12025550177"


def read(text: str, region: str = "US") -> CustomerFile:
    file = CustomerFile(text.splitlines(keepends=True), home_region=region)
    list(file.read())
    return file


def only(text: str, region: str = "US") -> Customer:
    file = read(text, region)
    assert [fault.said for fault in file.faults] == []
    (customer,) = file.customers
    return customer


@pytest.mark.requirement("S0-15")
def test_a_file_of_an_office_program_is_read_whole() -> None:
    text = (
        "\ufeffCustomer Number;Name;Phone;Phone 2;Contract-Date;Address;Shoe size;Notes\r\n"
        'AB-17;"Ruiz; Maria";202 555 0143;12025550177;01.03.2024;'
        '"12 Quay Street\r\nHarbour";38;"rings\r\n\r\n often"\r\n'
        ";;;;;;;\r\n"
    )
    assert only(text) == Customer(
        id="#AB-17",
        numbers=(HOME, MOBILE),
        name="Ruiz; Maria",
        order_number="AB-17",
        contract_date="2024-03-01",
        address="12 Quay Street Harbour",
        note="rings\n\noften",
    )


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_cells_are_told_apart_by_what_the_first_line_has(separator: str) -> None:
    assert only(f"name{separator}telephone\nMaria{separator}{HOME}\n").name == "Maria"


@pytest.mark.parametrize(
    ("written", "region"),
    [
        ("+1 (202) 555-0143", "DE"),
        ("12025550143", "DE"),
        ("12025550143", "US"),
        ("2025550143", "US"),
        ("'+12025550143", "US"),
        ("'12025550143", "US"),
        ('"=""+12025550143"""', "US"),
        ("12025550143.0", "US"),
        ("0012025550143", "DE"),
    ],
)
def test_a_number_is_known_however_a_spreadsheet_left_it(written: str, region: str) -> None:
    assert only(f"name,telephone\nMaria,{written}\n", region).numbers == (HOME,)


def test_several_numbers_stand_in_one_cell_in_several_or_in_several_lines() -> None:
    text = f'order number,name,telephone\nA,Maria,"{HOME}; {MOBILE}"\nB,Olga,{HOME}\nB,Olga,{MOBILE}\n'
    assert [customer.numbers for customer in read(text).customers] == [(HOME, MOBILE), (HOME, MOBILE)]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("1.2E+10", 'line 3, column "telephone": found "1.2E+10"; the spreadsheet has rounded it: set the column'),
        ("soon", 'line 3, column "telephone": found "soon"; that is no telephone number: write it with a plus'),
        ("", 'line 3, column "telephone": found nothing; each customer needs a telephone number'),
        ('"=A1+1"', 'line 3, column "telephone": found "=A1+1"; that is a formula: save the file with values'),
        (",".join([HOME, "x"]), 'line 3, column "telephone": found "x"; the line has more cells than the first one'),
    ],
)
def test_a_number_that_is_none_is_refused_with_the_cure(cell: str, said: str) -> None:
    (fault,) = read(f"name,telephone\nOlga,{MOBILE}\nMaria,{cell}\n").faults
    assert fault.said.startswith(said)


def test_other_faults_name_line_column_and_cure_also_behind_entries_of_several_lines() -> None:
    many = ";".join(f"+1202555{at:04}" for at in range(100, 101 + MOST_NUMBERS))
    text = (
        "telephone,name,order number,contract date,note\n"
        f'{HOME},"Maria\nRuiz",A,,\n'
        f"{HOME},Olga,A,,\n"
        f"{HOME},Olga,B,3/4/2025,\n"
        f"{HOME},=2+3,C,,\n"
        f"{HOME},{'x' * 121},D,,\n"
        f"{HOME},Olga,E,,{'x' * (LONGEST_NOTE + 1)}\n"
        f'"{many}",Olga,F,,\n'
    )
    file = read(text)
    assert [(fault.line, fault.column) for fault in file.faults] == [
        (4, "order_number"),
        (5, "contract_date"),
        (6, "name"),
        (7, "name"),
        (8, "note"),
        (9, "telephone"),
    ]
    assert "line 2 has the same with other values" in file.faults[0].said
    assert "such as 2025-11-30" in file.faults[1].said
    assert file.line_of(file.customers[0]) == 2


def test_faults_beyond_the_first_ones_are_counted() -> None:
    file = read("name,telephone\n" + "Maria,soon\n" * (MOST_FAULTS + 5))
    assert (len(file.faults), file.fault_count, list(file.customers)) == (MOST_FAULTS, MOST_FAULTS + 5, [])


@pytest.mark.parametrize(
    "text",
    ["", "\n", "name,address\nMaria,x\n", f"telephone\n{HOME}\n", f"telephone,name,full name\n{HOME},a,b\n"],
)
def test_a_file_that_is_none_of_customers_is_refused_with_the_names_that_are_understood(text: str) -> None:
    with pytest.raises(Refused, match="order number, customer number") as problem:
        read(text)
    assert problem.value.code == "customer-file"


@pytest.mark.parametrize("first", [f"telephone,name\r{HOME},Maria\r", f"telephone,name,{'x' * 200_000}\n"])
def test_a_first_line_that_is_none_is_refused_with_the_cure(first: str) -> None:
    """A file whose lines end as those of old Macs do is one line, and so is one without any."""
    with pytest.raises(Refused, match="the first line cannot be read") as problem:
        list(CustomerFile([first], home_region="US").read())
    assert problem.value.code == "customer-file"


def test_a_quotation_mark_that_is_never_closed_is_named_by_its_line() -> None:
    with pytest.raises(Refused, match="begins in line 3 is not whole"):
        read(f'name,telephone\nOlga,{MOBILE}\n"Maria,{HOME}\nEva,{HOME}\n')


def test_lines_are_decoded_up_to_where_they_are_no_text_or_too_many() -> None:
    lines = [b"telephone,name\n", "1,Łukasz\n".encode(), b"2,\xffx\n"]
    assert list(decoded(lines[:2])) == list(decoded(lines[:2], most=2)) == ["telephone,name\n", "1,Łukasz\n"]
    with pytest.raises(Refused, match="line 3 is no text in UTF-8"):
        list(decoded(lines))
    with pytest.raises(Refused, match="more than 1 lines"):
        list(decoded(lines, most=1))
