"""A finding that is not fine says what would put it right, and only such a one."""

import pytest

from voicebot.errors import SettingFault, Unavailable
from voicebot.service.doctor.finding import Finding, Verdict, broken, broken_by, doubt, fine


def test_what_is_fine_needs_no_cure_and_all_else_does() -> None:
    assert fine("all is well").cure == ""
    assert doubt("hm", cure="look").verdict is Verdict.DOUBT
    with pytest.raises(AssertionError, match="has a cure"):
        broken("bad", cure="")
    with pytest.raises(AssertionError, match="has a cure"):
        Finding(verdict=Verdict.FINE, found="well", cure="do something")


def test_error_of_ours_is_found_and_cure() -> None:
    finding = broken_by(SettingFault("loading the model: none is there; run `voicebot model install`"))
    assert (finding.found, finding.cure) == ("loading the model: none is there", "run `voicebot model install`")
    assert broken_by(Unavailable("it is away")).cure == "`voicebot docs errors` explains `unavailable`"
