"""A scripted person: what is heard, and what they do about it, tick by tick."""

from collections.abc import Callable

from voicebot.simulator import Caller, drop_stream, hang_up, press, rest, say_nothing, sound, speak
from voicebot.simulator.person import Moment, Person

TONE = sound.tone(400)
SAYING = speak(sound.pcm_wav(TONE * 3))
Did = list[tuple[float, str]]


def person(script: Caller) -> Person:
    return Person(script, lambda what, detail: None)


def live(someone: Person, begin_s: float, end_s: float, *, may_speak: bool = True) -> Did:
    """Let time pass and return what the person did, with the second."""
    did: Did = []
    for number in range(round(begin_s / 0.02), round(end_s / 0.02)):
        at_s = round(number * 0.02, 2)
        moment = someone.step(at_s, may_speak=may_speak)
        did += [(at_s, word) for word in _words(moment)]
    return did


def _words(moment: Moment) -> list[str]:
    words = ["voice"] if sound.is_voice(moment.audio) else []
    words += list(moment.keys)
    words += ["hangs up"] if moment.hangs_up else []
    return words + (["drops stream"] if moment.stream_trouble else [])


def hears(someone: Person, key: str, at_s: float) -> None:
    someone.hears_start(key, at_s)
    someone.hears_end(key, at_s)


def test_reaction_begins_a_moment_after_the_prompt_and_goes_in_order() -> None:
    someone = person(Caller().after("ask", SAYING, rest(0.1), press("12"), hang_up()))
    hears(someone, "ask", 1.0)
    assert live(someone, 1.0, 3.0) == [
        (1.3, "voice"),
        (1.32, "voice"),
        (1.34, "voice"),
        (1.46, "1"),
        (1.66, "2"),
        (1.86, "hangs up"),
    ]


def test_during_counts_from_the_prompts_beginning_even_if_it_is_past() -> None:
    someone = person(Caller().during("ask", 0.5, press("1")))
    someone.hears_start("ask", 1.0)
    assert live(someone, 1.2, 2.0) == [(1.5, "1")]
    someone.hears_start("ask", 1.0)
    assert live(someone, 2.0, 2.2) == [(2.0, "1")]


def test_nth_hearing_has_its_own_reaction() -> None:
    someone = person(Caller().after("ask", press("1"), nth=2).after("ask", press("9")))
    for at_s in (1.0, 2.0, 3.0):
        hears(someone, "ask", at_s)
    assert [word for _, word in live(someone, 3.0, 5.0)] == ["9", "1", "9"]


def test_cut_prompt_is_not_heard_to_its_end() -> None:
    someone = person(Caller().after("ask", press("1")))
    someone.hears_start("ask", 0.0)
    someone.hears_cut(0.5)
    assert live(someone, 0.5, 3.0) == []


def test_timed_acts_come_whatever_is_heard() -> None:
    someone = person(Caller().at(2.0, drop_stream()).at(1.0, press("*")))
    assert live(someone, 0.0, 3.0) == [(1.0, "*"), (2.0, "drops stream")]


def test_default_comes_when_nothing_happens_and_again() -> None:
    someone = person(Caller().after("ask", say_nothing()).when_nothing_matches(press("0"), after_s=2.0))
    someone.hears_start("greet", 0.0)
    assert live(someone, 0.0, 1.0) == []
    someone.hears_end("greet", 1.0)
    assert [word for _, word in live(someone, 1.0, 6.0)] == ["0", "0"]


def test_polite_person_waits_until_somebody_listens() -> None:
    someone = person(Caller().at(0.0, SAYING))
    assert live(someone, 0.0, 1.0, may_speak=False) == []
    assert [word for _, word in live(someone, 1.0, 2.0)] == ["voice"] * 3


def test_two_reactions_do_not_speak_at_once() -> None:
    someone = person(Caller().at(0.0, SAYING).at(0.02, SAYING))
    assert [at_s for at_s, _ in live(someone, 0.0, 1.0)] == [0.0, 0.02, 0.04, 0.06, 0.08, 0.1]


def test_what_a_person_does_is_told() -> None:
    told: list[tuple[str, str]] = []
    tell: Callable[[str, str], None] = lambda what, detail: told.append((what, detail))  # noqa: E731
    live(Person(Caller().at(0.0, SAYING, press("5")), tell), 0.0, 1.0)
    assert told == [("speaks", "speech"), ("spoke", "speech"), ("presses", "5")]
