"""Settings in a spaCy config."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.errors import SettingsError
from jixiao.pipes.annotator import config_from_settings, settings_from_config
from jixiao.settings import Settings

all_settings = st.builds(
    Settings, catalogue=st.none() | st.text(), catalogue_mode=st.sampled_from(["add", "replace"])
)


@given(all_settings)
def test_settings_survive_a_config(settings: Settings) -> None:
    config = config_from_settings(settings)
    assert settings_from_config(config) == settings
    assert "$" not in (config or "")


def test_default_settings_need_no_config() -> None:
    assert config_from_settings(Settings()) is None
    assert settings_from_config(None) == settings_from_config("{}") == Settings()


@pytest.mark.parametrize(
    "config",
    ['{"catalogue_mode":"both"}', '{"catalog":"x"}', "{", "[]", "3", '{"catalogue":3}', "null"],
)
def test_what_is_no_settings_is_refused(config: str) -> None:
    with pytest.raises(SettingsError, match="expected a JSON object with some of catalogue"):
        settings_from_config(config)
