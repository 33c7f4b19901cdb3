"""Estimators: by hand, against the truth of simulated populations, and at their edges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from jixiao.errors import SettingsError
from jixiao.evaluation.estimation import (
    Estimate,
    Stratum,
    clopper_pearson,
    estimate_proportion,
    estimate_total,
    prediction_powered_mean,
)


def verdicts(right: int, number: int) -> list[float]:
    return [1.0] * right + [0.0] * (number - right)


def plain(size: int, right: int, number: int) -> Stratum:
    return Stratum(size, verdicts(right, number), [1.0] * number)


def proportion(strata: Sequence[Stratum]) -> Estimate:
    found = estimate_proportion(strata)
    assert found is not None
    return found


class TestProportion:
    def test_the_stratified_mean_and_its_error_are_cochrans(self) -> None:
        # Cochran 1977, equation 5A.37: Σ W²·(1 − f)·p(1 − p)/(n − 1).
        found = proportion([plain(600, 27, 30), plain(400, 12, 20)])
        variance = 0.6**2 * (1 - 30 / 600) * 0.9 * 0.1 / 29
        variance += 0.4**2 * (1 - 20 / 400) * 0.6 * 0.4 / 19
        assert found.value == pytest.approx(0.6 * 0.9 + 0.4 * 0.6)
        assert found.error == pytest.approx(np.sqrt(variance))
        assert found.method == "Korn-Graubard"
        assert found.low < found.value < found.high

    def test_a_sample_of_all_has_no_error(self) -> None:
        found = proportion([plain(10, 9, 10), plain(5, 5, 5)])
        assert (found.value, found.error, found.low, found.high) == (14 / 15, 0, 14 / 15, 14 / 15)
        assert found.method == "census"

    def test_strata_taken_whole_are_known(self) -> None:
        alone = proportion([plain(900, 38, 40)])
        beside = proportion([plain(900, 38, 40), plain(100, 0, 100)])
        assert beside.value == pytest.approx(0.9 * alone.value)
        assert (beside.low, beside.high) == pytest.approx((0.9 * alone.low, 0.9 * alone.high))

    def test_without_a_mistake_there_still_is_an_interval(self) -> None:
        found = proportion([plain(5_000, 60, 60)])
        assert (found.value, found.high) == (1, 1)
        assert found.low == pytest.approx(clopper_pearson(60, 60)[0])

    def test_a_domain_is_a_ratio_of_its_own_units(self) -> None:
        inside = Stratum(100, [1, 0, 0, 0], [1, 1, 0, 0])
        assert proportion([inside]).value == 0.5
        assert estimate_proportion([Stratum(100, [0, 0], [0, 0])]) is None

    def test_repeating_the_strata_changes_no_estimate_and_less_error(self) -> None:
        once = proportion([plain(600, 27, 30), plain(400, 12, 20)])
        twice = proportion([plain(600, 27, 30), plain(400, 12, 20)] * 2)
        assert twice.value == pytest.approx(once.value)
        assert twice.error == pytest.approx(once.error / np.sqrt(2))

    @pytest.mark.parametrize(
        ("sizes", "rates", "numbers"),
        [
            ([400], [0.9], [40]),
            ([2_000, 500, 300, 100], [0.99, 0.95, 0.9, 0.7], [60, 20, 12, 8]),
            ([300] * 20, [0.98] * 20, [5] * 20),
            ([3_000, 200, 60], [0.995, 0.9, 0.6], [60, 30, 60]),
        ],
    )
    def test_the_intervals_cover_the_truth_as_often_as_they_say(
        self, sizes: list[int], rates: list[float], numbers: list[int]
    ) -> None:
        rng = np.random.default_rng(20)
        populations = [
            (rng.random(size) < rate).astype(float) for size, rate in zip(sizes, rates, strict=True)
        ]
        truth = sum(one.sum() for one in populations) / sum(sizes)
        hits, runs = 0, 300
        for _ in range(runs):
            strata = [
                Stratum(len(one), rng.choice(one, n, replace=False).tolist(), [1.0] * n)
                for one, n in zip(populations, numbers, strict=True)
            ]
            found = proportion(strata)
            hits += found.low - 1e-12 <= truth <= found.high + 1e-12
        # 95 % less two standard errors of 300 runs; the exact intervals are rather too long.
        assert hits / runs >= 0.925

    @pytest.mark.parametrize("bad", [Stratum(3, [1.0] * 4, [1.0] * 4), Stratum(3, [], [])])
    def test_a_sample_larger_than_all_or_empty_is_refused(self, bad: Stratum) -> None:
        with pytest.raises(SettingsError, match="a stratum of 3 units"):
            estimate_proportion([bad])

    def test_a_level_outside_0_and_1_is_refused(self) -> None:
        with pytest.raises(SettingsError, match="level is 95"):
            estimate_proportion([plain(10, 1, 2)], level=95)


class TestTotal:
    def test_the_difference_estimator_by_hand(self) -> None:
        found = estimate_total([Stratum(100, [0, 0, -5, 0], [1] * 4)], known=2_000)
        error = 100 * np.sqrt((1 - 4 / 100) * np.var([0, 0, -5, 0], ddof=1) / 4)
        assert found.value == 1_875
        assert found.error == pytest.approx(error)
        assert found.high - found.value == pytest.approx(3.182 * error, rel=1e-3)  # t(3)

    def test_the_intervals_cover_the_total(self) -> None:
        rng = np.random.default_rng(5)
        read = rng.gamma(2, 100, size=3_000)
        true = np.where(rng.random(3_000) < 0.15, read * rng.uniform(0.3, 2, 3_000), read)
        hits, runs = 0, 300
        for _ in range(runs):
            chosen = rng.choice(3_000, 200, replace=False)
            gaps = (true - read)[chosen].tolist()
            found = estimate_total([Stratum(3_000, gaps, [1.0] * 200)], known=float(read.sum()))
            hits += found.low <= true.sum() <= found.high
        assert hits / runs >= 0.91

    def test_known_strata_add_no_error(self) -> None:
        found = estimate_total([Stratum(2, [-3, 0], [1, 1])], known=10)
        assert (found.value, found.error, found.method) == (7, 0, "census")


class TestPredictionPowered:
    def test_perfect_predictions_leave_the_error_of_the_unlabelled(self) -> None:
        others = [0.0, 1.0, 1.0, 1.0]
        found = prediction_powered_mean([1, 0, 1], [1, 0, 1], others)
        assert found.value == 0.75
        assert found.error == pytest.approx(np.sqrt(np.var(others, ddof=1) / 4))

    def test_a_constant_lie_is_corrected(self) -> None:
        honest = prediction_powered_mean([1, 0, 1, 1], [0.9, 0.2, 0.8, 0.7], [0.6, 0.8, 0.7])
        lying = prediction_powered_mean([1, 0, 1, 1], [0.5, -0.2, 0.4, 0.3], [0.2, 0.4, 0.3])
        assert lying.value == pytest.approx(honest.value)
        assert lying.error == pytest.approx(honest.error)

    @pytest.mark.parametrize("skill", [0.0, 0.8])
    def test_it_covers_the_truth_whatever_the_predictions_are_worth(self, skill: float) -> None:
        rng = np.random.default_rng(7)
        hits, runs, widths = 0, 400, []
        for _ in range(runs):
            rate = rng.beta(6, 2, size=2_100)
            true = (rng.random(2_100) < rate).astype(float)
            said = skill * true + (1 - skill) * rng.random(2_100)
            found = prediction_powered_mean(true[:100], said[:100], said[100:])
            hits += found.low <= 0.75 <= found.high
            widths.append(found.high - found.low)
        assert hits / runs >= 0.925
        if skill:  # shorter than what the labels alone give
            assert np.mean(widths) < 0.7 * 2 * 1.96 * np.sqrt(0.75 * 0.25 / 100)

    def test_whole_documents_vary_more_than_their_records(self) -> None:
        rng = np.random.default_rng(3)
        hits = plainly = 0
        for _ in range(300):
            rate = np.repeat(rng.beta(4, 2, size=20), 30)
            true = (rng.random(600) < rate).astype(float)
            others = [0.5] * 2_000
            groups = np.repeat(np.arange(20), 30).tolist()
            said = [0.5] * 600
            by_document = prediction_powered_mean(true, said, others, groups=groups)
            by_record = prediction_powered_mean(true, said, others)
            hits += by_document.low <= 4 / 6 <= by_document.high
            plainly += by_record.low <= 4 / 6 <= by_record.high
        assert hits / 300 >= 0.91
        assert plainly / 300 < 0.8

    def test_too_few_labels_are_refused(self) -> None:
        with pytest.raises(SettingsError, match="label more documents"):
            prediction_powered_mean([1, 1], [1, 1], [1], groups=["a", "a"])
