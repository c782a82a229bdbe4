from pathlib import Path

import pytest

from jingwei.demo.city import SCALES, generate


@pytest.mark.parametrize("registered", [0, 199, 1_500_001])
def test_a_size_out_of_bounds_is_refused(tmp_path: Path, registered: int) -> None:
    with pytest.raises(ValueError, match="登记主体数"):
        generate(tmp_path / "out", registered=registered)


@pytest.mark.parametrize("month", ["2026", "2026-13", "十月"])
def test_a_month_that_is_none_is_refused_before_anything_is_written(tmp_path: Path, month: str) -> None:
    with pytest.raises(ValueError, match="月份须写作"):
        generate(tmp_path / "out", registered=300, month=month)

    assert not (tmp_path / "out").exists()


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("kept")

    with pytest.raises(ValueError, match="输出目录不是空的"):
        generate(tmp_path, registered=300)

    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


def test_what_an_interrupted_run_left_behind_does_not_stop_the_next(tmp_path: Path) -> None:
    def interrupt(what: str, done: int, steps: int) -> None:
        if done == steps - 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(tmp_path / "out", registered=300, progress=interrupt)
    assert not (tmp_path / "out").exists()

    generate(tmp_path / "out", registered=300)

    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_less_than_one_month_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="月数"):
        generate(tmp_path / "out", registered=300, months=0)


def test_progress_is_told_step_by_step_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    generate(tmp_path / "out", registered=300, progress=lambda *step: told.append(step))

    assert [done for _, done, _ in told] == list(range(len(told)))
    assert {steps for _, _, steps in told} == {len(told)}


def test_the_scales_grow() -> None:
    assert list(SCALES.values()) == sorted(SCALES.values())
    assert list(SCALES) == ["demo", "city", "large"]
