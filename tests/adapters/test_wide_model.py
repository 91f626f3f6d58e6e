"""The copy of a model that searches widely. When this fails the right number is not among the guesses."""

from pathlib import Path

from voicebot.adapters.wide_model import wide_copy


def _model(folder: Path) -> Path:
    (folder / "am").mkdir(parents=True)
    (folder / "am" / "final.mdl").write_text("model")
    (folder / "conf").mkdir()
    (folder / "conf" / "mfcc.conf").write_text("--allow-upsample=true\n")
    settings = ("--min-active=200", "--max-active=3000", "--beam=10.0", "--lattice-beam=2.0")
    (folder / "conf" / "model.conf").write_text("\n".join(settings))
    return folder


def test_the_copy_has_the_models_files_and_wider_settings(tmp_path: Path) -> None:
    model = _model(tmp_path / "model")
    before = (model / "conf" / "model.conf").read_text()
    with wide_copy(model) as copy:
        assert (copy / "am" / "final.mdl").read_text() == "model"
        assert (copy / "conf" / "mfcc.conf").read_text() == "--allow-upsample=true\n"
        settings = (copy / "conf" / "model.conf").read_text().split()
    assert settings == ["--min-active=200", "--beam=15.0", "--max-active=7000", "--lattice-beam=8.0"]
    assert not copy.exists()
    assert (model / "conf" / "model.conf").read_text() == before, "the publisher's model stays as it is"
