"""Webhooks about texts."""

import pytest

from voicebot.domain.picture import FileSent
from voicebot.errors import CarrierFault
from voicebot.telephony.text_webhooks import SmsArrived, SmsReceipt, sms_arrived, sms_receipt

MESSAGE_SID = "SM0123456789abcdef0123456789abcdef"
MEDIA_SID = "ME0123456789abcdef0123456789abcdef"


def test_a_text_is_read_with_its_white_space() -> None:
    form = {"MessageSid": MESSAGE_SID, "From": "+12025550142", "Body": " hello\n", "OptOutType": "STOP"}
    assert sms_arrived(form) == SmsArrived(
        message_sid=MESSAGE_SID, sender="+12025550142", body=" hello\n", opt_out="STOP"
    )
    assert sms_arrived({"MessageSid": MESSAGE_SID}).opt_out is None


@pytest.mark.parametrize(("code", "read"), [("30006", 30006), ("", None), ("none", None), ("³", None)])
def test_a_receipt_is_read_with_its_error(code: str, read: int | None) -> None:
    form = {"MessageSid": MESSAGE_SID, "MessageStatus": "undelivered", "ErrorCode": code}
    assert sms_receipt(form) == SmsReceipt(message_sid=MESSAGE_SID, status="undelivered", error_code=read)


def test_a_receipt_may_name_its_status_the_old_way() -> None:
    assert sms_receipt({"MessageSid": MESSAGE_SID, "SmsStatus": "sent"}).status == "sent"


@pytest.mark.parametrize("digits", ["9" * 20, "9" * 5000, "1000000", "-1", "1e3", "\u0663", " 1"])
def test_an_error_that_no_column_holds_is_none(digits: str) -> None:
    form = {"MessageSid": MESSAGE_SID, "MessageStatus": "failed", "ErrorCode": digits}
    assert sms_receipt(form).error_code is None


def test_a_text_without_an_identifier_is_the_carriers_fault() -> None:
    with pytest.raises(CarrierFault):
        sms_arrived({"Body": "hello"})


def test_files_are_read_by_kind_and_by_the_name_at_the_end_of_their_address() -> None:
    form = {
        "MessageSid": MESSAGE_SID,
        "NumMedia": "3",
        "MediaUrl0": f"https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/{MEDIA_SID}",
        "MediaContentType0": "image/JPEG; charset=binary",
        "MediaUrl1": "https://evil.example/../../etc/passwd",
        "MediaContentType1": "image/png",
    }
    assert sms_arrived(form).files == (
        FileSent(kind="image/jpeg", media_sid=MEDIA_SID),
        FileSent(kind="image/png", media_sid=None),
        FileSent(kind="application/octet-stream", media_sid=None),
    )


@pytest.mark.parametrize(("count", "files"), [("0", 0), ("", 0), ("x", 0), ("-1", 0), ("2", 2), ("999", 10)])
def test_no_more_files_are_believed_than_the_carrier_takes(count: str, files: int) -> None:
    assert len(sms_arrived({"MessageSid": MESSAGE_SID, "NumMedia": count}).files) == files


@pytest.mark.parametrize("count", ["", "0", "1", "x", "-1", "9" * 20, "2"])
def test_files_that_are_named_count_whatever_their_number_says(count: str) -> None:
    form = {"MessageSid": MESSAGE_SID, "NumMedia": count, "MediaUrl0": MEDIA_SID, "MediaContentType1": "image/png"}
    assert [file.kind for file in sms_arrived(form).files] == ["application/octet-stream", "image/png"]


def test_no_more_named_files_are_taken_than_the_carrier_sends() -> None:
    form = {"MessageSid": MESSAGE_SID} | {f"MediaUrl{number}": MEDIA_SID for number in range(40)}
    assert len(sms_arrived(form).files) == 10


@pytest.mark.parametrize(
    "address", [f"x/../{MEDIA_SID}/..", f"{MEDIA_SID}\0", f"{MEDIA_SID}\n", f"{MEDIA_SID}?a=1", ".."]
)
def test_an_address_that_ends_in_no_name_of_a_file_names_none(address: str) -> None:
    (file,) = sms_arrived({"MessageSid": MESSAGE_SID, "MediaUrl0": f"https://api.twilio.com/{address}"}).files
    assert file.media_sid is None


@pytest.mark.parametrize("sid", ["../" + MESSAGE_SID, MESSAGE_SID + "\0", MESSAGE_SID + "\n", MESSAGE_SID + "/Media"])
def test_a_text_whose_identifier_could_lead_elsewhere_is_the_carriers_fault(sid: str) -> None:
    with pytest.raises(CarrierFault):
        sms_arrived({"MessageSid": sid, "NumMedia": "1"})


def test_a_sender_is_kept_as_given_but_no_longer_than_its_column() -> None:
    assert sms_arrived({"MessageSid": MESSAGE_SID, "From": " HARBOUR "}).sender == "HARBOUR"
    assert len(sms_arrived({"MessageSid": MESSAGE_SID, "From": "x" * 900}).sender) == 64
